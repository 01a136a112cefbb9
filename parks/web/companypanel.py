"""The places of one company in the parks, on its page."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.companypanels import SHOWN, CompanyPanel, PanelLine
from foundation.database import now
from foundation.facts import area_in_words, day_in_words
from foundation.speech import current_language
from foundation.workdays import local_date
from parks.models import Lease
from parks.queries.leases import leases_of
from parks.tenancy import status_of
from parks.tenancyrules import rules_on
from parks.web.leases import STATUS_TITLES


def places_panel(session: Session, organisation_id: int, actor: Actor) -> CompanyPanel | None:
    """The leases that the actor may read, the newest first."""
    lines = [_line(lease, current_language()) for lease in leases_of(session, organisation_id, actor, most=SHOWN)]
    return CompanyPanel(_("Space in the parks"), lines, url_for("leases.leases_list")) if lines else None


def _line(lease: Lease, language: str) -> PanelLine:
    today = local_date(now())
    status = STATUS_TITLES[status_of(lease, today, rules_on(today))]
    period = " – ".join(day_in_words(day, language) for day in (lease.starts_on, lease.terminated_on or lease.ends_on))
    told = (lease.space.code, str(status), area_in_words(lease.area_m2, language), period)
    return PanelLine(lease.key, url_for("leases.lease", key=lease.key), told)
