"""Documents and letters of a dossier: to download, or page by page as pictures."""

from flask import current_app, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from applications.contagion import require_harmless
from applications.letterfiles import letter_file
from applications.models import Document
from applications.pageimages import PDF, WIDTHS, has_pictures, page_count, page_picture
from applications.queries.dossier import visible_document, visible_letter, visible_versions
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db
from foundation.errors import NotFound
from foundation.storage import open_blob
from foundation.wording import LANGUAGES

PORTION = 20
"""So many pages are shown at once."""
SEALED = "default-src 'none'; sandbox"
"""The policy under which a browser holds what somebody uploaded: it may do nothing."""


def _document(key: str, document_id: int) -> Document:
    """The file, if the reader may see it; reading and drawing it holds no connection."""
    session = db.session()
    found = visible_document(session, key, document_id, actor=current_actor())
    require_harmless(found)
    session.expunge(found)
    session.rollback()
    return found


@blueprint.get("/dossiers/<key>/documents/<int:document_id>")
@access(SIGNED_IN)
def document(key: str, document_id: int) -> Response:
    """The file itself, only ever to keep, never to open in the page."""
    found = _document(key, document_id)
    response = send_file(
        open_blob(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.filename,
        etag=found.sha256,
        conditional=False,
    )
    response.content_length = found.size
    response.make_conditional(request.environ, accept_ranges=True, complete_length=found.size)
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/dossiers/<key>/letters/<int:letter_id>.pdf")
@access(SIGNED_IN)
def letter(key: str, letter_id: int) -> Response:
    """A letter in the reader's language, or ``?language=``: made once, and the same file ever after."""
    session = db.session()
    found = visible_letter(session, key, letter_id, actor=current_actor())
    session.rollback()
    asked = request.args.get("language", "")
    spoken = asked if asked in LANGUAGES else language()
    site = current_app.config["KHUEVAN"].public_url
    response = make_response(letter_file(db.engine, found, spoken, site=site))
    response.mimetype = PDF
    name = f"{found.facts.get('code') or found.facts['key']}-{found.letter}-{spoken}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/dossiers/<key>/documents/<int:document_id>/pages")
@access(SIGNED_IN)
def document_pages(key: str, document_id: int) -> str | Response:
    """The pages of a file, to read; ``?page=`` leads to one of them."""
    session, actor = db.session(), current_actor()
    found = visible_document(session, key, document_id, actor=actor)
    require_harmless(found)
    if not has_pictures(found):
        raise NotFound
    count = page_count(found)
    wanted = request.args.get("page", type=int)
    if wanted is not None:
        return redirect(_address_of_page(key, document_id, min(max(wanted, 1), max(count, 1))))
    first = min(max(request.args.get("start", 1, type=int), 1), max(count, 1))
    return render_template(
        "applications/document.html",
        key=key,
        document=found,
        count=count,
        first=first,
        last=min(first + PORTION - 1, count),
        portion=PORTION,
        versions=visible_versions(session, found, actor=actor),
    )


def _address_of_page(key: str, document_id: int, number: int) -> str:
    start = (number - 1) // PORTION * PORTION + 1
    return url_for(
        "applications.document_pages", key=key, document_id=document_id, start=start, _anchor=f"page-{number}"
    )


@blueprint.get("/dossiers/<key>/documents/<int:document_id>/pages/<int:number>.png")
@access(SIGNED_IN)
def document_page(key: str, document_id: int, number: int) -> Response:
    """One page of a file as a picture; ``?width=`` one of two widths."""
    found = _document(key, document_id)
    width = request.args.get("width", WIDTHS[0], type=int)
    etag = f"{found.sha256[:32]}-{number}-{width}"
    response = make_response()
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    if etag in request.if_none_match:
        response.status_code = 304
        return response
    response.set_data(page_picture(found, number, width=width))
    response.mimetype = "image/png"
    return response
