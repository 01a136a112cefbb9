"""The mails that a demonstration would have sent, for administrators to read."""

from flask import current_app, render_template, request

from accounts.web.blueprint import blueprint
from accounts.web.people import ADMINISTRATORS
from foundation.access import access
from foundation.database import db
from foundation.errors import NotFound
from foundation.mails import outbox, words_of

MAILS_ON_A_PAGE = 30


@blueprint.get("/admin/outbox")
@access(ADMINISTRATORS)
def admin_outbox() -> str:
    """The latest mails, links included: only in a demonstration, where nobody is deceived by them.

    Raises:
        NotFound: this is no demonstration.
    """
    if not current_app.config["KHUEVAN"].is_demo:
        raise NotFound
    session = db.session()
    before = request.args.get("before", type=int)
    mails = outbox(session, before=before, limit=MAILS_ON_A_PAGE)
    rows = [(mail, *words_of(session, mail)) for mail in mails]
    older = mails[-1].id if len(mails) == MAILS_ON_A_PAGE else None
    return render_template("accounts/admin/outbox.html", rows=rows, older=older)
