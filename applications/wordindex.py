"""Keeps the words of dossiers for search: a job takes up what changed since, many dossiers at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, inspect, literal_column, or_, select, text
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.fields.told import told
from applications.models import TAKEN_OVER, Application, Document, DocumentText, Message
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.wordmarks import marks_of
from foundation.jobs import task
from foundation.searchtext import fold
from foundation.wording import LANGUAGES

AT_ONCE = 20
"""People who want one of these dossiers wait until all of them are kept."""
NAMES = ("name_vi", "name_en", "tax_code")
"""What of an organisation names its dossiers."""
MOST_LETTERS = 350_000
"""Of the words of one dossier: PostgreSQL refuses a ``tsvector`` of more than a megabyte."""

STORE = text(
    """
    INSERT INTO case_words (case_id, sent, own)
    SELECT :case_id, sent, nullif(own, sent)
    FROM (SELECT setweight(to_tsvector('simple', :names), 'A') || array_to_tsvector(:marks) AS names) kept,
      LATERAL (SELECT names || to_tsvector('simple', :sent) AS sent, names || to_tsvector('simple', :own) AS own) AS two
    ON CONFLICT (case_id) DO UPDATE SET sent = excluded.sent, own = excluded.own
    """
)
LEARN = text(
    """
    INSERT INTO search_words (word)
    SELECT DISTINCT held.word
    FROM case_words, unnest(tsvector_to_array(sent) || tsvector_to_array(coalesce(own, ''))) AS held (word)
    WHERE case_id = ANY(:ids) AND held.word !~ '^@' AND NOT EXISTS (
      SELECT FROM search_words known WHERE known.is_code = (held.word ~ '[0-9]') AND known.word = held.word
    )
    ORDER BY 1
    ON CONFLICT DO NOTHING
    """
)
CLAIM = text(
    """
    SELECT cases.id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:versions AS text[])) AS seen (id, version)
    JOIN cases ON cases.id = seen.id AND CAST(cases.xmin AS text) = seen.version
    ORDER BY cases.id
    FOR NO KEY UPDATE OF cases SKIP LOCKED
    """
)
"""Those that are still as they were read; whoever has one in hands goes first, and it is taken up again."""
NOTE = text("UPDATE cases SET words_at = updated_at WHERE id = ANY(:ids)")
VERSION: ColumnElement[str] = literal_column("CAST(cases.xmin AS text)").label("version")
COLUMNS = (
    *(Application.id, Application.version_id, Application.unit_id, Application.organisation_id, Application.channel),
    *(Application.key, Application.code, Application.external_code, Application.title),
    *(Application.receipt_number, Application.answers, Application.submitted),
)


@task("applications:words:keep", every="* * * * * */10")
def keep_words(session: Session) -> None:
    """Take up every dossier that changed since its words were kept."""
    while keep_some(session):
        session.commit()


def keep_some(session: Session) -> int:
    """Keep the words of some changed dossiers; how many. None is held back from people while its words are sought."""
    changed = or_(Application.words_at.is_(None), Application.words_at < Application.updated_at)
    query = select(*COLUMNS, VERSION).where(changed).order_by(Application.id).limit(AT_ONCE)
    cases = session.execute(query).all()
    if not cases:
        return 0
    words = words_of(session, cases)
    seen = {"ids": [case.id for case in cases], "versions": [case.version for case in cases]}
    ids = session.scalars(CLAIM, seen).all()
    if ids:
        session.execute(STORE, [row for row in words if row["case_id"] in set(ids)])
        session.execute(LEARN, {"ids": ids})
        session.execute(NOTE, {"ids": ids})
    return len(ids)


def words_of(session: Session, cases: Sequence[Any]) -> list[dict[str, Any]]:
    """The words of some dossiers as ``STORE`` takes them: marks, names, and folded texts."""
    around = _Around(session, cases)
    return [_row(session, case, around) for case in cases]


class _Around:
    """What belongs to some dossiers, read at once."""

    def __init__(self, session: Session, cases: Sequence[Any]) -> None:
        ids = [case.id for case in cases]
        organisations = {case.organisation_id for case in cases}
        named = select(Organisation).where(Organisation.id.in_(organisations))
        self.organisations = {row.id: row for row in session.scalars(named)}
        said = select(Message.case_id, Message.text).where(Message.case_id.in_(ids))
        self.messages: defaultdict[int, list[str]] = defaultdict(list)
        for row in session.execute(said):
            self.messages[row.case_id].append(row.text)
        files = (
            select(Document.id, Document.case_id, Document.filename, DocumentText.text)
            .outerjoin(DocumentText, DocumentText.document_id == Document.id)
            .where(Document.case_id.in_(ids), Document.removed_at.is_(None), Document.slot != "step")
        )
        self.files: defaultdict[int, list[Any]] = defaultdict(list)
        for file in session.execute(files):
            self.files[file.case_id].append(file)


def _row(session: Session, case: Any, around: _Around) -> dict[str, Any]:
    pack = pack_of_version(session, case.version_id)
    sent = case.submitted or ({"answers": case.answers} if case.channel == TAKEN_OVER else {})
    documents = {row["id"] for row in sent.get("documents", ())}
    files, messages = around.files[case.id], around.messages[case.id]
    theirs, said = {row.id for row in files}, sent.get("answers", {})
    is_as_sent = case.answers == said and theirs == documents
    return {
        "case_id": case.id,
        "marks": marks_of(case.id, unit_id=case.unit_id, procedure=pack.code, organisation_id=case.organisation_id),
        "names": fold(" ".join(_names(case, around.organisations.get(case.organisation_id or 0)))),
        "sent": _limited([*_answers(pack, said), *messages], _of(files, documents)),
        "own": None if is_as_sent else _limited([*_answers(pack, case.answers), *messages], _of(files, theirs)),
    }


def _names(case: Any, organisation: Organisation | None) -> Iterator[str]:
    yield from (case.key, case.code or "", case.receipt_number or "", case.external_code or "", case.title)
    if organisation is not None:
        yield from (organisation.name_vi, organisation.name_en or "", organisation.tax_code or "")


def _of(files: Iterable[Any], ids: set[int]) -> Iterator[str]:
    """The words of files: their names, and what was read in them, which is folded already."""
    for row in files:
        if row.id in ids:
            yield f"{fold(row.filename)} {row.text or ''}"


def _answers(pack: Pack, answers: Mapping[str, Any]) -> Iterable[str]:
    """The answers that are not sensitive, in the words of each language."""
    return dict.fromkeys(said for language in LANGUAGES for _, said in told(pack, language).lines(answers))


def _limited(words: Iterable[str], folded: Iterable[str]) -> str:
    return " ".join([fold(" ".join(words)), *folded])[:MOST_LETTERS]


def words_changed(session: Session, case_id: int) -> None:
    """Have the words of a dossier kept anew, though the dossier itself did not change."""
    session.execute(text("UPDATE cases SET words_at = NULL WHERE id = :case_id"), {"case_id": case_id})


@event.listens_for(Organisation, "after_update")
def _named_anew(mapper: object, connection: Connection, organisation: Organisation) -> None:
    """The dossiers of an organisation are found by its new name, not by the one before."""
    named = inspect(organisation).attrs
    if any(named[name].history.has_changes() for name in NAMES):
        query = text("UPDATE cases SET words_at = NULL WHERE organisation_id = :organisation_id")
        connection.execute(query, {"organisation_id": organisation.id})
