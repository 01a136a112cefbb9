"""The PDF of a letter: made when it is first fetched, kept by its digest, and the same bytes for ever after."""

import hashlib
import io
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection, Engine

from applications.letters import Check, render
from applications.models import Letter, LetterFile
from foundation.database import now, transaction_apart
from foundation.errors import Blocked, NotFound
from foundation.reasons import register_reasons
from foundation.storage import open_blob, store

LARGEST = 50 << 20
"""Bytes: far more than any letter has."""
KEPT = (LetterFile.sha256, LetterFile.size, LetterFile.address)

Bind = Engine | Connection


def letter_file(bind: Bind, letter: Letter, language: str, *, site: str) -> bytes:
    """The PDF of a letter in a language. ``site`` is the address under which people reach the product.

    The first call renders it from the frozen facts and keeps it, in a transaction of its own; of several first
    calls one is kept. Raises Blocked when the kept file is lost and cannot be made again as it was.
    """
    kept = _kept(bind, letter, language)
    if kept is None:
        content = _rendered(letter, language, f"{site}/verify/{letter.code}")
        kept = _keep(bind, letter, language, content, f"{site}/verify/{letter.code}")
        if kept.sha256 == _digest(content):
            return content
    try:
        with open_blob(kept.sha256) as stream:
            return stream.read()
    except NotFound:
        return _made_again(letter, language, kept)


def letter_digest(bind: Bind, letter: Letter, language: str, *, site: str) -> str:
    """The SHA-256 of the PDF, which is made and kept if nobody fetched it yet."""
    kept = _kept(bind, letter, language)
    return kept.sha256 if kept else _digest(letter_file(bind, letter, language, site=site))


def kept_digests(bind: Bind, letter: Letter) -> dict[str, str]:
    """The SHA-256 of each PDF of the letter that was fetched so far, by language."""
    query = select(LetterFile.language, LetterFile.sha256).where(LetterFile.letter_id == letter.id)
    with transaction_apart(bind) as connection:
        return {row.language: row.sha256 for row in connection.execute(query)}


def _kept(bind: Bind, letter: Letter, language: str) -> Any:
    """The row of the kept file: digest, size and address; none before the first fetch."""
    query = select(*KEPT).where(LetterFile.letter_id == letter.id, LetterFile.language == language)
    with transaction_apart(bind) as connection:
        return connection.execute(query).one_or_none()


def _keep(bind: Bind, letter: Letter, language: str, content: bytes, address: str) -> Any:
    """Store the file, then its row, unless somebody else was first: the row that stands."""
    blob = store(io.BytesIO(content), limit=LARGEST)
    row = insert(LetterFile).values(
        letter_id=letter.id,
        language=language,
        sha256=blob.sha256,
        size=blob.size,
        address=address,
        rendered_at=now(),
    )
    with transaction_apart(bind) as connection:
        connection.execute(row.on_conflict_do_nothing(index_elements=["letter_id", "language"]))
    kept = _kept(bind, letter, language)
    assert kept is not None  # noqa: S101 - written above, here or by somebody else
    return kept


def _made_again(letter: Letter, language: str, kept: Any) -> bytes:
    """The lost file, rendered once more and stored, if it is the same to the byte."""
    content = _rendered(letter, language, kept.address)
    if _digest(content) != kept.sha256:
        raise Blocked("letter_file_lost")
    store(io.BytesIO(content), limit=LARGEST)
    return content


def _rendered(letter: Letter, language: str, address: str) -> bytes:
    return render(letter.template, letter.facts, language, check=Check(letter.code, address))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


register_reasons(
    {
        "letter_file_lost": lazy_gettext(
            "The file of this letter is lost and cannot be made again as it was. Tell the administrator."
        )
    }
)
