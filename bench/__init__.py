"""Measurements of the running product; never part of the tests."""
