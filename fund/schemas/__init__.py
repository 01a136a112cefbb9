"""What programs send and get, by calculators and by funds."""
