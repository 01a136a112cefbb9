"""What every room stands on: database, audit trail, legal clock, documents store, jobs, notices, access."""

from foundation import audit, calendars

__all__ = ["audit", "calendars"]  # the rooms with tables and jobs: importing the floor makes them known
