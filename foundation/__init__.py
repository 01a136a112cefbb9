"""What every room stands on: database, audit trail, legal clock, documents store, jobs, notices, access."""
