"""Procedures as data: what a pack is, how it is read, checked, published and found again."""
