"""The rows of people, organisations, units, roles and the proofs by which somebody signs in."""

from accounts.models.credentials import AccessToken, MailedToken, SignInSession
from accounts.models.organisations import Invitation, Membership, MembershipRole, Organisation
from accounts.models.people import Person, SignUp
from accounts.models.places import Unit, Ward
from accounts.models.roles import RoleGrant

__all__ = [
    "AccessToken",
    "Invitation",
    "MailedToken",
    "Membership",
    "MembershipRole",
    "Organisation",
    "Person",
    "RoleGrant",
    "SignInSession",
    "SignUp",
    "Unit",
    "Ward",
]
