"""What people type about tenancies, read as the interface of programs would be sent it."""
