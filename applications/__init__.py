"""What the domains share: procedures as data, the dossier, the workflow engine, review and decisions."""
