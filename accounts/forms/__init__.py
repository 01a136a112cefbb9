"""The forms of pages on people and organisations: they parse, the operations judge."""
