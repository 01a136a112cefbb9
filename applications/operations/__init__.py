"""Writes that are not steps: drafting, documents, reviews, messages, reveals."""
