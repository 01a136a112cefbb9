"""Reads: what the pages and the programming interface show, always narrowed to what the actor may see."""
