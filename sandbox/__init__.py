"""Controlled testing: the procedure under which a startup may try what the law does not yet foresee."""

from pathlib import Path

from flask_babel import lazy_gettext

from foundation.register import Domain, public_page, register_domain
from sandbox import api, effects, precedents, web
from sandbox.web.companypanel import tests_panel

__all__ = ["SANDBOX", "effects", "precedents"]

SANDBOX = register_domain(
    Domain(
        "sandbox",
        blueprints=[web.blueprint],
        company_panels=[tests_panel],
        api_blueprints=api.BLUEPRINTS,
        packs_folder=Path(__file__).parent / "procedures",
        commands=[precedents.precedents],
        navigation=[
            public_page(
                "sandbox.tests", lazy_gettext("Register of tests"), "flask-2", order=15, active_prefix="/tests"
            ),
        ],
    )
)
