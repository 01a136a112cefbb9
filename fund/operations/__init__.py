"""Writes to funds and their ledgers."""
