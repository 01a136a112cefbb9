"""What programs send to the parks and get from them."""
