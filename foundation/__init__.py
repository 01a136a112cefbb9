"""What every room stands on: database, audit trail, legal clock, documents store, jobs, notices, access."""

from foundation import audit, calendars, jobs

__all__ = ["audit", "calendars", "jobs"]  # rooms with tables and jobs, known as soon as the floor is
