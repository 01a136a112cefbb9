"""Reads: who somebody is and what the pages on people and organisations show."""

from accounts.actors import Arrival, actor_of_person, actor_of_session, actor_of_token, arrival_of_session

__all__ = ["Arrival", "actor_of_person", "actor_of_session", "actor_of_token", "arrival_of_session"]
