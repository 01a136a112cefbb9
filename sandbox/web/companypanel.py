"""The tests of one company, on its page: those that the public register shows."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.companypanels import CompanyPanel, PanelLine
from foundation.database import now
from foundation.facts import day_in_words
from foundation.speech import current_language
from foundation.workdays import local_date
from sandbox.queries.register import RegisteredTest, tests_of
from sandbox.web.register import STATUS_TITLES


def tests_panel(session: Session, organisation_id: int, _actor: Actor) -> CompanyPanel | None:
    """The newest permits first; the register is public, so everybody who sees the page sees these."""
    language = current_language()
    lines = [_line(test, language) for test in tests_of(session, organisation_id, language, local_date(now()))]
    return CompanyPanel(_("Controlled tests"), lines, url_for("sandbox.tests"), is_public=True) if lines else None


def _line(test: RegisteredTest, language: str) -> PanelLine:
    period = " – ".join(day_in_words(day, language) for day in (test.starts_on, test.ends_on))
    return PanelLine(test.title, url_for("sandbox.test", number=test.number), (str(STATUS_TITLES[test.status]), period))
