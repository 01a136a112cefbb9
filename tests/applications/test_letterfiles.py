"""The file of a letter: made once, kept, and the same to the byte even when it has to be made again."""

import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from applications.jobs import delete_orphaned_files
from applications.letterfiles import kept_digests, letter_digest, letter_file
from applications.models import CaseEvent, Letter, LetterFile
from foundation.database import db
from foundation.errors import Blocked
from foundation.storage import current_place, exists, store
from tests.applications.letter_facts import some_facts
from tests.applications.small_pack import make_world
from tests.applications.visits import submitted
from tests.databases import FreshDatabase

SITE = "https://kv.example"
CODE = "K7M3Q-9PDWX-AB2CD-EFG3H"


@pytest.fixture(autouse=True)
def _in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def write_letter(session: Session, **changes: str) -> Letter:
    application = submitted(make_world(session))
    event = session.scalars(select(CaseEvent).where(CaseEvent.case_id == application.id)).one()
    letter = Letter(
        case_id=application.id,
        event_id=event.id,
        letter="form_01",
        number="0007/TNHS",
        code=CODE,
        template="1/form_01.typ",
        facts=some_facts(**changes),
    )
    session.add(letter)
    session.commit()
    return letter


def blob_of(letter: Letter, language: str = "vi") -> str:
    return current_place().blob(kept_digests(db.engine, letter)[language])


def test_what_was_fetched_first_is_kept_and_given_again(session: Session) -> None:
    letter = write_letter(session)

    first = letter_file(db.engine, letter, "vi", site=SITE)
    letter.facts = some_facts(title="Đã đổi sau khi phát hành")
    again = letter_file(db.engine, letter, "vi", site="https://elsewhere.example")

    assert first == again
    kept = session.scalars(select(LetterFile)).one()
    assert (kept.sha256, kept.size) == (hashlib.sha256(first).hexdigest(), len(first))
    assert kept.address == f"{SITE}/verify/{CODE}"


def test_each_language_is_a_file_of_its_own(session: Session) -> None:
    letter = write_letter(session)

    files = {language: letter_file(db.engine, letter, language, site=SITE) for language in ("vi", "en", "fr")}

    assert kept_digests(db.engine, letter) == {
        language: hashlib.sha256(content).hexdigest() for language, content in files.items()
    }
    assert len(set(files.values())) == 3


def test_the_address_for_checking_stands_on_the_letter(session: Session) -> None:
    content = letter_file(db.engine, write_letter(session), "vi", site=SITE)

    document = pypdfium2.PdfDocument(content)
    words = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert f"kv.example/verify/{CODE}" in "".join(words.split())


def test_a_lost_file_is_made_again_as_it_was(session: Session) -> None:
    letter = write_letter(session)
    first = letter_file(db.engine, letter, "vi", site=SITE)
    current_place().files.rm_file(blob_of(letter))

    again = letter_file(db.engine, letter, "vi", site="https://moved.example")

    assert first == again
    assert exists(hashlib.sha256(first).hexdigest())


def test_another_text_never_takes_the_place_of_a_lost_file(session: Session) -> None:
    letter = write_letter(session)
    letter_file(db.engine, letter, "vi", site=SITE)
    current_place().files.rm_file(blob_of(letter))
    letter.facts = some_facts(title="Nội dung khác")

    with pytest.raises(Blocked) as refusal:
        letter_file(db.engine, letter, "vi", site=SITE)

    assert [reason.code for reason in refusal.value.reasons] == ["letter_file_lost"]


def test_asking_for_the_digest_makes_the_file(session: Session) -> None:
    letter = write_letter(session)

    digest = letter_digest(db.engine, letter, "vi", site=SITE)

    assert digest == hashlib.sha256(letter_file(db.engine, letter, "vi", site=SITE)).hexdigest()


def test_kept_letters_are_no_orphans(session: Session) -> None:
    letter = write_letter(session)
    letter_file(db.engine, letter, "vi", site=SITE)
    orphan = store(io.BytesIO(b"nobody's"), limit=100).sha256
    for path in (blob_of(letter), current_place().blob(orphan)):
        os.utime(path, (0, 0))

    delete_orphaned_files.work(session)

    assert exists(kept_digests(db.engine, letter)["vi"])
    assert not exists(orphan)


def test_of_many_first_readers_all_get_one_file(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context():
        with Session(fresh_database.engine, expire_on_commit=False) as session:
            letter = write_letter(session)

        def fetch(number: int) -> bytes:
            with fresh_database.app.app_context():
                return letter_file(fresh_database.engine, letter, "vi", site=f"https://{number}.example")

        with ThreadPoolExecutor(4) as pool:
            files = set(pool.map(fetch, range(8)))

        with fresh_database.engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(LetterFile)) == 1
            assert connection.scalar(text("SELECT sha256 FROM letter_files")) == hashlib.sha256(files.pop()).hexdigest()
        assert not files
