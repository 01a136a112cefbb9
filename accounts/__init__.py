"""People, organisations, the city's units, roles with their scopes, sign-in and tokens."""
