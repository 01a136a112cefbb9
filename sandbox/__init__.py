"""Controlled testing: the procedure under which a startup may try what the law does not yet foresee."""
