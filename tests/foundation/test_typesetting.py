"""Documents are set by a process of its own: killed, idle or asked for nonsense, the next one is set all the same."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation import typesetting
from foundation.apart import PROGRAMS, WorkFailed
from foundation.typesetting import Typesetter

STANDARDS = ["a-2a"]
TEMPLATE = (
    '#set document(title: "Thư", date: datetime(year: 2026, month: 1, day: 2))\n#json(bytes(sys.inputs.facts)).words'
)


@pytest.fixture
def setter() -> Iterator[Typesetter]:
    own = Typesetter()
    yield own
    own.end()


def letter(setter: Typesetter, folder: Path, words: str, template: str = TEMPLATE) -> bytes:
    (folder / "letter.typ").write_text(template, encoding="utf-8")
    return setter.set(str(folder / "letter.typ"), {"words": words}, root=str(folder), standards=STANDARDS)


def test_the_same_words_are_set_alike_and_others_otherwise(setter: Typesetter, tmp_path: Path) -> None:
    first, same, other = (letter(setter, tmp_path, words) for words in ("Đổi mới", "Đổi mới", "Thử nghiệm"))

    assert first.startswith(b"%PDF-")
    assert (same == first, other == first) == (True, False)


def test_after_its_process_was_killed_the_next_document_is_set(setter: Typesetter, tmp_path: Path) -> None:
    before = letter(setter, tmp_path, "Một")
    assert setter._process is not None
    setter._process.kill()

    assert letter(setter, tmp_path, "Một") == before


def test_a_template_that_is_wrong_is_said_so_and_holds_nobody_up(setter: Typesetter, tmp_path: Path) -> None:
    with pytest.raises(WorkFailed, match="unknown variable: nothing"):
        letter(setter, tmp_path, "Một", template="#nothing")

    assert letter(setter, tmp_path, "Một").startswith(b"%PDF-")


def test_what_takes_too_long_is_ended(setter: Typesetter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "SECONDS", 0)

    with pytest.raises(WorkFailed, match="too long"):
        letter(setter, tmp_path, "Một")
    assert setter._process is None


def test_a_process_whose_asker_is_gone_ends_by_itself() -> None:
    command = [sys.executable, "-I", str(PROGRAMS / "typesetter.py")]

    ended = subprocess.run(command, input=b"", capture_output=True, timeout=30, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
