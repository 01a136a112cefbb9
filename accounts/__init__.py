"""People, organisations, the city's units, roles with their scopes, sign-in and tokens."""

from accounts import addressbook, mails, refusals, roles, trail

roles.register_roles()
refusals.register_sentences()
trail.register_actions()
mails.register_kinds()
addressbook.register()
