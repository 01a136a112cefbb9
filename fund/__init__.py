"""The venture fund: capital under its ceilings, deals, results."""

from flask_babel import lazy_gettext

from foundation.register import Domain, NavigationEntry, register_domain
from fund import api, refusals, roles, trail, web
from fund.rules import FUND_MANAGER

refusals.register_sentences()
roles.register_roles()
trail.register_actions()

FUND = register_domain(
    Domain(
        "fund",
        blueprints=[web.blueprint],
        api_blueprints=api.BLUEPRINTS,
        navigation=[
            NavigationEntry(
                endpoint="fund.calculators",
                title=lazy_gettext("Fund calculators"),
                icon="calculator",
                is_for=lambda actor: True,
                group="public",
                order=60,
                active_prefix="/calculators",
            ),
            NavigationEntry(
                endpoint="fund.funds",
                title=lazy_gettext("Funds"),
                icon="building-bank",
                is_for=lambda actor: actor.holds(FUND_MANAGER),
                group="work",
                order=40,
                active_prefix="/funds",
            ),
        ],
    )
)
