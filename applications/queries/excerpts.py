"""Where the words of a search stand in the dossiers found, as far as the reader may see each place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

from applications.fields.told import told
from applications.models import TAKEN_OVER
from applications.models.documents import STEP_SLOT
from applications.packs.model import Pack
from foundation.excerpts import Piece, Wanted, wanted
from foundation.prepared import prepare
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


Place = tuple[str, Trilingual | None, str]


CONTENTS = prepare(
    text(
        """
        SELECT id, CASE WHEN own OR channel = :taken_over THEN answers ELSE submitted -> 'answers' END AS answers,
          CASE WHEN NOT own THEN jsonb_path_query_array(submitted, '$.documents[*].id') END AS sent
        FROM applications JOIN cases USING (id), LATERAL (SELECT id = ANY(:own) AS own) AS reader
        WHERE id = ANY(:ids)
        """
    ).bindparams(taken_over=TAKEN_OVER)
)
MESSAGES = prepare(text("SELECT case_id, text FROM messages WHERE case_id = ANY(:ids) ORDER BY id"))
FILES = prepare(
    text(
        """
        SELECT d.id, d.case_id, d.filename, EXISTS (
            SELECT FROM unnest(CAST(:terms AS text[])) AS term WHERE strpos(' ' || t.text, term) > 0
          ) AS holds
        FROM documents d LEFT JOIN document_texts t ON t.document_id = d.id
        WHERE d.case_id = ANY(:ids) AND d.removed_at IS NULL AND d.slot <> :not_sent
        ORDER BY d.id
        """
    ).bindparams(not_sent=STEP_SLOT)
)


def excerpts_of(session: Session, lines: Sequence[Line], words: str, language: str) -> Mapping[int, list[Excerpt]]:
    """For each dossier, by its id: where what is not in its title is found, up to three places."""
    asked = wanted(words)
    contents = _contents(session, lines)
    messages = _messages(session, lines)
    files = _files(session, lines, asked)
    found: dict[int, list[Excerpt]] = {}
    for line in lines:
        case_id = line.row.id
        content = contents[case_id]
        texts = chain(_answers(line, content, language), messages.get(case_id, []))
        names = [file for file in files.get(case_id, ()) if line.is_own or file.id in (content.sent or ())]
        found[case_id] = list(_excerpts(asked, line, texts, names))
    return found


def _excerpts(asked: Wanted, line: Line, texts: Iterator[Place], files: Sequence[Any]) -> Iterator[Excerpt]:
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
    """What the reader sees of each: who belongs to the applicant the answers as they stand, the house what was sent."""
    ids, own = [line.row.id for line in lines], [line.row.id for line in lines if line.is_own]
    return {row.id: row for row in CONTENTS.rows(session, ids=ids, own=own)}


def _messages(session: Session, lines: Sequence[Line]) -> Mapping[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for row in MESSAGES.rows(session, ids=[line.row.id for line in lines]):
        found.setdefault(row.case_id, []).append((MESSAGE, None, row.text))
    return found


def _files(session: Session, lines: Sequence[Line], asked: Wanted) -> Mapping[int, list[Any]]:
    """The documents whose name or content holds any of the words; the content is kept folded."""
    found: dict[int, list[Any]] = {}
    for row in FILES.rows(session, ids=[line.row.id for line in lines], terms=[f" {term}" for term in asked.folded]):
        if row.holds or asked.held_by(row.filename):
            found.setdefault(row.case_id, []).append(row)
    return found


def _answers(line: Line, content: Any, language: str) -> Iterator[Place]:
    lines = told(line.pack, language).lines(content.answers or {})
    return ((ANSWER, label, said) for label, said in lines)
