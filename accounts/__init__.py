"""People, organisations, the city's units, roles with their scopes, sign-in and tokens."""

from accounts import models  # noqa: F401 - importing the package makes its tables known
from accounts.roles import register_roles

register_roles()
