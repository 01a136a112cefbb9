"""Where the words of a search stand in the dossiers found, as far as the reader may see each place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from applications.fields import visible_fields
from applications.fields.inwords import in_words
from applications.models import TAKEN_OVER, Application, Document, DocumentText, Message
from applications.models.documents import STEP_SLOT
from applications.packs.model import FieldSpec, Pack
from foundation.excerpts import Piece, Wanted, wanted
from foundation.wording import Trilingual

MOST = 3
"""Excerpts of one dossier."""
ANSWER, MESSAGE, DOCUMENT = "answer", "message", "document"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words found in an answer (under its ``label``), a message or a document; of what a file says, its name only."""

    kind: str
    label: Trilingual | None
    pieces: Sequence[Piece]


class Line(Protocol):
    """A dossier that was found; who belongs to the applicant reads what stands in it now."""

    @property
    def row(self) -> Any: ...
    @property
    def pack(self) -> Pack: ...
    @property
    def is_own(self) -> bool: ...


Text = tuple[str, Trilingual | None, str]


def excerpts_of(session: Session, lines: Sequence[Line], words: str, language: str) -> Mapping[int, list[Excerpt]]:
    """For each dossier, by its id: where what is not in its title is found, up to three places."""
    asked = wanted(words)
    contents = _contents(session, lines)
    messages = _messages(session, lines)
    files = _files(session, lines, asked)
    found: dict[int, list[Excerpt]] = {}
    for line in lines:
        case_id = line.row.id
        texts = chain(_answers(line, contents[case_id], language), messages.get(case_id, []))
        names = _seen_files(line, contents[case_id], files.get(case_id, []))
        found[case_id] = list(_excerpts(asked, line, texts, names))
    return found


def _excerpts(asked: Wanted, line: Line, texts: Iterator[Text], files: Sequence[Any]) -> Iterator[Excerpt]:
    row = line.row
    shown = " ".join(filter(None, (row.title, row.code, row.key, row.organisation_vi, row.organisation_en)))
    missing, left = set(range(len(asked.patterns))) - asked.held_by(shown), MOST
    while missing and left and (text := next(texts, None)) is not None:
        if new := missing & asked.held_by(text[-1]):
            yield Excerpt(text[0], text[1], asked.excerpt(text[-1], min(new)))
            missing, left = missing - new, left - 1
    if missing and left:
        yield from (Excerpt(DOCUMENT, None, asked.mark(file.filename)) for file in files[:1])


def _contents(session: Session, lines: Sequence[Line]) -> Mapping[int, Any]:
    ids = [line.row.id for line in lines]
    columns = (Application.id, Application.answers, Application.submitted, Application.channel)
    query = select(*columns).where(Application.id.in_(ids))
    return {row.id: row for row in session.execute(query)}


def _messages(session: Session, lines: Sequence[Line]) -> Mapping[int, list[Text]]:
    ids = [line.row.id for line in lines]
    query = select(Message.case_id, Message.text).where(Message.case_id.in_(ids)).order_by(Message.id)
    found: dict[int, list[Text]] = {}
    for row in session.execute(query):
        found.setdefault(row.case_id, []).append((MESSAGE, None, row.text))
    return found


def _files(session: Session, lines: Sequence[Line], asked: Wanted) -> Mapping[int, list[Any]]:
    """The documents whose name or content holds any of the words; the content is kept folded."""
    ids = [line.row.id for line in lines]
    content = literal(" ").concat(func.coalesce(DocumentText.text, ""))
    holds = [func.strpos(content, f" {term}") > 0 for term in asked.folded]
    query = (
        select(Document.id, Document.case_id, Document.filename, or_(False, *holds).label("holds"))
        .outerjoin(DocumentText, DocumentText.document_id == Document.id)
        .where(Document.case_id.in_(ids), Document.removed_at.is_(None), Document.slot != STEP_SLOT)
        .order_by(Document.id)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        if row.holds or asked.held_by(row.filename):
            found.setdefault(row.case_id, []).append(row)
    return found


def _seen_files(line: Line, content: Any, files: Sequence[Any]) -> Sequence[Any]:
    """The house sees what was sent."""
    if line.is_own:
        return files
    sent = {row["id"] for row in (content.submitted or {}).get("documents", ())}
    return [file for file in files if file.id in sent]


def _answers(line: Line, content: Any, language: str) -> Iterator[Text]:
    is_whole = line.is_own or content.channel == TAKEN_OVER
    answers = content.answers if is_whole else (content.submitted or {}).get("answers", {})
    for _, spec in visible_fields(line.pack.sections, answers):
        for text in _words(spec, answers.get(spec.key), language):
            yield ANSWER, spec.label, text


def _words(spec: FieldSpec, value: Any, language: str) -> Iterator[str]:
    """An answer in words, unless it is sensitive; a row of a table is one text."""
    if spec.sensitive:
        return
    if spec.type == "table":
        for row in value or ():
            cells = (text for column in spec.columns for text in _words(column, row.get(column.key), language))
            yield " · ".join(cells)
    elif text := in_words(spec, value, language):
        yield text
