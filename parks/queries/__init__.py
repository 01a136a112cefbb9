"""Reads of parks, their spaces, and who has them."""
