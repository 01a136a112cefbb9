"""From a bare Python to a working installation, then the task asked for.

Standard library only, for any Python that can at least say that it is too old.
"""
