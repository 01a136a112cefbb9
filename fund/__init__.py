"""The venture fund: capital under its ceilings, deals, results."""
