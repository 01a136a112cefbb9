"""What the API takes and gives about procedures and dossiers."""
