"""Where the pages of this package appear in the navigation."""

from flask import current_app
from flask_babel import lazy_gettext as _

from accounts.roles import ADMINISTRATOR
from foundation.actors import Actor
from foundation.register import NavigationEntry


def _may_apply(actor: Actor) -> bool:
    return bool(actor.organisation_ids) or (actor.is_signed_in and not actor.is_staff)


def _is_administrator(actor: Actor) -> bool:
    return actor.has_role(ADMINISTRATOR)


def _is_demo_administrator(actor: Actor) -> bool:
    return _is_administrator(actor) and bool(current_app.config["KHUEVAN"].is_demo)


def _is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


ENTRIES = [
    NavigationEntry(
        endpoint="accounts.own_organisations_page",
        title=_("My organisation"),
        icon="building",
        is_for=_may_apply,
        order=60,
        active_prefix="/organisation",
    ),
    NavigationEntry(
        endpoint="accounts.account", title=_("Profile"), icon="user", is_for=_is_signed_in, group="account", order=10
    ),
    NavigationEntry(
        endpoint="accounts.notice_choices",
        title=_("How you are told"),
        icon="bell",
        is_for=_is_signed_in,
        group="account",
        order=15,
        active_prefix="/account/notices",
    ),
    NavigationEntry(
        endpoint="accounts.change_password",
        title=_("Password"),
        icon="lock",
        is_for=_is_signed_in,
        group="account",
        order=20,
    ),
    NavigationEntry(
        endpoint="accounts.own_sessions",
        title=_("Sessions"),
        icon="devices",
        is_for=_is_signed_in,
        group="account",
        order=30,
    ),
    NavigationEntry(
        endpoint="accounts.own_tokens",
        title=_("Access tokens"),
        icon="key",
        is_for=_is_signed_in,
        group="account",
        order=40,
    ),
    *(
        NavigationEntry(
            endpoint=f"accounts.admin_{code}",
            title=title,
            icon=icon,
            is_for=_is_administrator,
            group="administration",
            order=order,
            active_prefix=f"/admin/{code}",
        )
        for order, (code, title, icon) in enumerate(
            [
                ("people", _("People"), "users"),
                ("organisations", _("Organisations"), "building-community"),
                ("roles", _("Roles"), "shield-check"),
                ("units", _("Units"), "hierarchy-2"),
            ],
            start=10,
        )
    ),
    NavigationEntry(
        endpoint="accounts.admin_outbox",
        title=_("Outbox"),
        icon="mail",
        is_for=_is_demo_administrator,
        group="administration",
        order=90,
    ),
]
