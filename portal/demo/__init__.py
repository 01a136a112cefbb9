"""The demonstration: an invented city at work, so that everybody sees the product with something in it."""
