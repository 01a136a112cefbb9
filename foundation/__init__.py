"""What every room stands on: database, audit trail, legal clock, documents store, jobs, notices, access."""

from foundation import anchors, audit, auditarchive, calendars, idempotency, jobs, mails, notices, throttle

# The rooms with tables and jobs: they are known as soon as the floor is.
__all__ = ["anchors", "audit", "auditarchive", "calendars", "idempotency", "jobs", "mails", "notices", "throttle"]
