"""Reads of funds and their ledgers."""
