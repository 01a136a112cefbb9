"""What analysts type into the calculators, read as the interface of programs would be sent it."""
