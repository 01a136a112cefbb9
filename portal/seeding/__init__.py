"""A large, believable world: dossiers of the demonstration multiplied over units, people and months (ADR 28)."""
