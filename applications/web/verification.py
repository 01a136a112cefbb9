"""Checking a letter: anybody who holds one opens its page by the code on it, and may hold the file against it."""

import hashlib

from flask import current_app, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from applications.letterfiles import kept_digests, letter_digest
from applications.queries.letters import IssuedLetter, issued_letter, plain_code
from applications.web.blueprint import blueprint
from foundation import throttle
from foundation.access import EVERYONE, accepts_files, access
from foundation.database import db
from foundation.errors import NotFound, TooMany

Page = tuple[str, int] | Response
LEGAL = "vi"
"""The language of the text that has legal effect; the others are translations for information."""
CHECKS_PER_MINUTE = 60
"""From one network address: many people of one office share it, and nobody tries 98 bits at this pace."""
CHUNK = 1 << 20


@blueprint.get("/verify")
@access(EVERYONE)
def verify() -> str | Response:
    """Where a code can be typed."""
    typed = request.args.get("code", "").strip()
    if plain_code(typed):
        return redirect(url_for("applications.verify_letter", code=plain_code(typed)))
    return render_template("applications/verify.html", typed=typed, is_unknown=False)


@blueprint.get("/verify/<code>")
@access(EVERYONE)
def verify_letter(code: str) -> Page:
    """What was issued under this code."""
    return _answer(code, None)


@blueprint.post("/verify/<code>")
@access(EVERYONE)
@accepts_files
def compare_file(code: str) -> Page:
    """Whether a file is, to the byte, the letter that was issued; the file is not kept."""
    return _answer(code, request.files.get("file"))


def _answer(code: str, upload: FileStorage | None) -> Page:
    _count()
    session = db.session()
    try:
        found = issued_letter(session, code)
    except NotFound:
        return render_template("applications/verify.html", typed=code, is_unknown=True), 404
    session.rollback()  # making the file and reading what was sent hold no connection
    return _page(found, upload)


def _page(found: IssuedLetter, upload: FileStorage | None) -> Response:
    digest = letter_digest(db.engine, found.letter, LEGAL, site=current_app.config["KHUEVAN"].public_url)
    digests = kept_digests(db.engine, found.letter)
    sent = _digest_of(upload) if upload is not None and upload.filename else None
    page = render_template(
        "applications/verified.html",
        found=found,
        digest=digest,
        translations={language: known for language, known in digests.items() if language != LEGAL},
        sent=sent,
        is_missing=request.method == "POST" and sent is None,
        matches=next((language for language, known in digests.items() if known == sent), None),
    )
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _count() -> None:
    key = f"verify:address:{request.remote_addr}"
    allowance = throttle.hit(db.engine, key, limit=CHECKS_PER_MINUTE, window_seconds=60)
    if not allowance.is_allowed:
        raise TooMany(allowance.reset_seconds)


def _digest_of(upload: FileStorage) -> str:
    digest = hashlib.sha256()
    while chunk := upload.stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
