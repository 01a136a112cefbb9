"""The officer's queue as a file for spreadsheets, narrowed as on the page."""

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import cast

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.queries.lists import applicant_name
from applications.queries.queue import QueueLine, filters_from, queue_choices, queue_lines
from applications.web.blueprint import blueprint
from applications.web.queue import STAFF_WITH_CASES, asked_for
from applications.web.wording import CHANNEL_TITLES, language
from foundation.access import access, current_actor
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.exports import FORMATS, MEDIA_TYPES, MOST_ROWS, Column, Format, write
from foundation.wording import in_language
from foundation.workdays import local_date

AT_ONCE = 1000


@blueprint.get("/queue.<extension>")
@access(STAFF_WITH_CASES)
def queue_file(extension: str) -> Response:
    """All pages of the queue that the filters leave, up to a limit, as CSV or XLSX."""
    if extension not in FORMATS:
        raise NotFound
    with ExitStack() as opened:
        target = opened.enter_context(TemporaryFile())
        write(cast(Format, extension), _columns(), _lines(), target)
        target.seek(0)
        stem = _("dossiers")
        name = f"{stem}-{local_date(now()).isoformat()}.{extension}"
        answer = send_file(target, mimetype=MEDIA_TYPES[extension], as_attachment=True, download_name=name)
        answer.call_on_close(opened.pop_all().close)
    return answer


def _lines() -> Iterator[QueueLine]:
    """Every line, read a thousand at a time, in the order of the page."""
    session, actor = db.session(), current_actor()
    filters = filters_from(asked_for(), queue_choices(session, actor=actor))
    cursor, left = None, MOST_ROWS
    while left > 0:
        page = queue_lines(session, filters, actor=actor, cursor=cursor, size=min(AT_ONCE, left))
        yield from page.rows
        cursor, left = page.next_cursor, left - len(page.rows)
        if cursor is None:
            return


def _columns() -> list[Column]:
    spoken = language()
    return [
        Column(_("Dossier"), lambda line: line.row.code or line.row.key),
        Column(_("Title"), lambda line: line.row.title),
        Column(_("Applicant"), lambda line: applicant_name(line.row, spoken)),
        Column(_("Procedure"), lambda line: in_language(line.pack.title, spoken)),
        Column(_("State"), lambda line: in_language(line.state.title, spoken)),
        Column(_("In charge"), lambda line: line.row.holder_name),
        Column(_("Channel"), lambda line: str(CHANNEL_TITLES[line.row.channel])),
        Column(_("Received"), lambda line: line.row.received_at),
        Column(_("Due"), lambda line: local_date(line.row.due_at) if line.row.due_at else None),
        Column(_("Working days late"), lambda line: line.days_late),
        Column(_("Working days left"), lambda line: line.days_left),
    ]
