"""The technology parks: space, admission, tenancy."""

from pathlib import Path

from flask_babel import lazy_gettext

from foundation.register import Domain, FrontPage, NavigationEntry, public_page, register_domain
from parks import api, effects, jobs, refusals, rentrefusals, roles, spacejobs, trail, web
from parks.calculators import PUBLIC
from parks.rules import PARK_ADMINISTRATOR, READING_ROLES
from parks.web.companypanel import places_panel

refusals.register_sentences()
rentrefusals.register_sentences()
roles.register_roles()
trail.register_actions()

PARKS = register_domain(
    Domain(
        "parks",
        packs_folder=Path(__file__).parent / "procedures",
        blueprints=web.BLUEPRINTS,
        company_panels=[places_panel],
        api_blueprints=api.BLUEPRINTS,
        calculators=PUBLIC,
        front_page=FrontPage(
            "parks.park_desk", lambda actor: {grant.role for grant in actor.grants} == {PARK_ADMINISTRATOR}
        ),
        navigation=[
            public_page("parks.parks", lazy_gettext("Technology parks"), "map-2", order=50, active_prefix="/parks"),
            public_page(
                "parks.vacant_spaces",
                lazy_gettext("Vacant spaces"),
                "map-pin-search",
                order=51,
                active_prefix="/vacancies",
            ),
            public_page(
                "rounds.rounds_list",
                lazy_gettext("Rounds of allocation"),
                "list-numbers",
                order=52,
                active_prefix="/rounds",
            ),
            NavigationEntry(
                endpoint="parks.park_desk",
                title=lazy_gettext("Park desk"),
                icon="layout-dashboard",
                is_for=lambda actor: actor.holds(*READING_ROLES),
                group="work",
                order=44,
                active_prefix="/park-desk",
            ),
            NavigationEntry(
                endpoint="parks.park_reports",
                title=lazy_gettext("Reports on parks"),
                icon="chart-bar",
                is_for=lambda actor: actor.holds(*READING_ROLES),
                group="work",
                order=47,
                active_prefix="/park-reports",
            ),
            NavigationEntry(
                endpoint="admissions.admissions_home",
                title=lazy_gettext("Admissions to parks"),
                icon="building-community",
                is_for=lambda actor: actor.holds(*READING_ROLES),
                group="work",
                order=45,
                active_prefix="/admissions",
            ),
            NavigationEntry(
                endpoint="leases.leases_list",
                title=lazy_gettext("Leases"),
                icon="contract",
                is_for=lambda actor: actor.holds(*READING_ROLES),
                group="work",
                order=46,
                active_prefix="/leases",
            ),
            NavigationEntry(
                endpoint="admissions.admissions_home",
                title=lazy_gettext("Admissions to parks"),
                icon="building-community",
                is_for=lambda actor: bool(actor.organisation_ids) and not actor.holds(*READING_ROLES),
                group="account",
                order=45,
                active_prefix="/admissions",
            ),
            NavigationEntry(
                endpoint="leases.leases_list",
                title=lazy_gettext("Leases"),
                icon="contract",
                is_for=lambda actor: bool(actor.organisation_ids) and not actor.holds(*READING_ROLES),
                group="account",
                order=46,
                active_prefix="/leases",
            ),
        ],
    )
)

__all__ = ["PARKS", "effects", "jobs", "spacejobs"]
