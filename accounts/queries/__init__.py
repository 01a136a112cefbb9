"""Reads: who somebody is and what the pages on people and organisations show."""

from accounts.actors import actor_of_person, actor_of_session, actor_of_token

__all__ = ["actor_of_person", "actor_of_session", "actor_of_token"]
