"""What one was told: notices in the reader's language, read by a button."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import NotFound
from foundation.notices import Notice, mark_read, notices_of, unread_count


@blueprint.get("/notices")
@access(SIGNED_IN)
def notices() -> str:
    """What the reader was told, newest first."""
    session = db.session()
    page = notices_of(session, _reader(), after=request.args.get("after"))
    told = [(notice, *notice.in_language(session, language())) for notice in page.rows]
    return render_template("applications/notices.html", told=told, page=page)


@blueprint.post("/notices/<int:notice_id>")
@access(SIGNED_IN)
def open_notice(notice_id: int) -> Response:
    """Mark a notice as read and go where it leads."""
    with transaction(db.session()) as session:
        notice = session.scalar(select(Notice).where(Notice.id == notice_id, Notice.person_id == _reader()))
        if notice is None:
            raise NotFound
        mark_read(session, _reader(), [notice_id])
        link = notice.link
    return redirect(link, 303)


@blueprint.post("/notices/read")
@access(SIGNED_IN)
def read_notices() -> Response:
    """Mark all notices as read."""
    with transaction(db.session()) as session:
        mark_read(session, _reader())
    flash(_("All notices are marked as read."), "success")
    return redirect(url_for("applications.notices"), 303)


def _reader() -> int:
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return person_id


def unread_notices() -> int:
    """How many notices the reader has not read; asked once per page, not at all on the page of a fault."""
    actor = current_actor()
    if actor.person_id is None or g.get("is_faulty"):
        return 0
    if "unread_notices" not in g:
        g.unread_notices = unread_count(db.session(), actor.person_id)
    count: int = g.unread_notices
    return count


blueprint.add_app_template_global(unread_notices, "unread_notices")
