"""What every room stands on: database, audit trail, legal clock, documents store, jobs, notices, access."""

from foundation import audit, calendars, jobs, mails, notices

__all__ = [
    "audit",
    "calendars",
    "jobs",
    "mails",
    "notices",
]  # rooms with tables and jobs, known as soon as the floor is
