"""The dossiers of one company, on its page."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from applications.models import Case
from applications.packs.catalogue import pack_of_version
from applications.queries.lists import listing
from applications.visibility import visible_cases
from foundation.actors import Actor
from foundation.companypanels import SHOWN, CompanyPanel, PanelLine
from foundation.facts import day_in_words
from foundation.speech import current_language
from foundation.wording import in_language
from foundation.workdays import local_date


def dossiers_panel(session: Session, organisation_id: int, actor: Actor) -> CompanyPanel | None:
    """What the company sent or writes, last changed first, as far as the actor may see dossiers."""
    is_own = organisation_id in actor.organisation_ids
    query = listing().where(Case.organisation_id == organisation_id, visible_cases(actor))
    rows = session.execute(query.order_by(Case.updated_at.desc(), Case.id.desc()).limit(SHOWN)).all()
    lines = [_line(session, row, is_own=is_own) for row in rows]
    if not lines:
        return None
    return CompanyPanel(_("Dossiers"), lines, url_for("applications.desk") if is_own else "")


def _line(session: Session, row: Any, *, is_own: bool) -> PanelLine:
    language, pack = current_language(), pack_of_version(session, row.version_id)
    state = pack.state_by_key[row.state]
    standing = (is_own and state.public_title) or state.title
    changed = _("changed on %(day)s", day=day_in_words(local_date(row.updated_at), language))
    return PanelLine(
        row.title or _("Untitled dossier"),
        url_for("applications.dossier", key=row.key),
        (row.code or row.key, in_language(standing, language), changed),
    )
