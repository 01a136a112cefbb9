"""The venture fund: capital under its ceilings, deals, results."""

from pathlib import Path

from flask_babel import lazy_gettext

from accounts.roles import TREASURER
from applications.visibility import BODY_ROLES
from foundation.calculators import PublicCalculator
from foundation.register import CasePage, Domain, FrontPage, NavigationEntry, public_page, register_domain
from fund import api, effects, gates, jobs, lives, refusals, roles, trail, web
from fund.forms.calculators import CALCULATORS
from fund.operations import closing
from fund.reckoning import ANSWERS
from fund.rules import FUND_MANAGER
from fund.schemas.calculators import QUESTIONS
from fund.statute import ceiling_on
from fund.web.companypanel import money_panel

__all__ = ["FUND", "closing", "effects", "gates", "jobs", "lives"]

refusals.register_sentences()
roles.register_roles()
trail.register_actions()

FUND = register_domain(
    Domain(
        "fund",
        packs_folder=Path(__file__).parent / "procedures",
        blueprints=[web.blueprint],
        company_panels=[money_panel],
        api_blueprints=api.BLUEPRINTS,
        case_page=CasePage("fund.deal_of_dossier", lazy_gettext("The deal in the fund’s pipeline")),
        calculators=[
            PublicCalculator(
                page,
                question=QUESTIONS[page.code],
                answer=ANSWERS[page.code],
                template=f"fund/{page.code}.html",
                facts=lambda today: {"enacted": ceiling_on(today)},
            )
            for page in CALCULATORS.values()
        ],
        front_page=FrontPage("fund.funds", lambda actor: {grant.role for grant in actor.grants} == {FUND_MANAGER}),
        navigation=[
            NavigationEntry(
                endpoint="fund.investments",
                title=lazy_gettext("Your contributions to funds"),
                icon="coins",
                is_for=lambda actor: bool(actor.organisation_ids) and not actor.holds(FUND_MANAGER),
                group="account",
                order=47,
                active_prefix="/investments",
            ),
            public_page(
                "fund.state_capital",
                lazy_gettext("City money in funds"),
                "coins",
                order=55,
                active_prefix="/state-capital",
            ),
            NavigationEntry(
                endpoint="fund.pipelines",
                title=lazy_gettext("Deals"),
                icon="briefcase",
                is_for=lambda actor: actor.holds(*BODY_ROLES, TREASURER),
                group="work",
                order=41,
                active_prefix="/deals",
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
