"""Writes on people, organisations, roles and proofs of identity; the caller commits."""
