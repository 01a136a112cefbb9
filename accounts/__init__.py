"""People, organisations, the city's units, roles with their scopes, sign-in and tokens."""

from accounts import addressbook, api, jobs, mails, navigation, refusals, roles, trail, web
from foundation.register import Domain, register_domain

__all__ = ["jobs"]

roles.register_roles()
refusals.register_sentences()
trail.register_actions()
mails.register_kinds()
addressbook.register()
register_domain(
    Domain(
        name="accounts",
        blueprints=[web.blueprint],
        api_blueprints=[api.blueprint],
        navigation=navigation.ENTRIES,
    )
)
