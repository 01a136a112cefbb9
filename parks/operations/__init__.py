"""Writes to parks, their spaces, and who has them."""
