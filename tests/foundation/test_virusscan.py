"""The look for viruses: every verdict of a clamd is understood, and silence is never taken for health."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from foundation.virusscan import ScannerAway, infection_in, is_configured
from tests.scanners import INFECTION, scanner, speaking


@pytest.fixture(scope="module", params=["installed", "speaking"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    opened: dict[str, Callable[[], AbstractContextManager[str]]] = {
        "installed": lambda: scanner(tmp_path_factory.mktemp("clamd")),
        "speaking": speaking,
    }
    with opened[request.param]() as address:
        yield address


@pytest.fixture
def use(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Names a scanner to the product."""

    def name(address: str) -> None:
        monkeypatch.setitem(app.config, "KHUEVAN", replace(app.config["KHUEVAN"], clamd_url=address))

    with app.app_context():
        yield name


def test_without_an_address_there_is_no_scanner(use: Callable[[str], None]) -> None:
    assert not is_configured()

    use("tcp://127.0.0.1:3310")

    assert is_configured()


def test_a_sound_file_passes_and_an_infected_one_is_named(use: Callable[[str], None], address: str) -> None:
    use(address)

    assert infection_in(io.BytesIO(b"Ke hoach" * 200_000)) is None
    assert infection_in(io.BytesIO(b"x" * 700_000 + INFECTION)) == "Khuevan.Test-1.UNOFFICIAL"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Can't open file ERROR\0", b"\0", b"stream: maybe"]
)
def test_what_is_no_verdict_is_none(use: Callable[[str], None], answer: bytes) -> None:
    with speaking(answer) as address:
        use(address)

        with pytest.raises(ScannerAway):
            infection_in(io.BytesIO(b"file"))


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "http://127.0.0.1", "tcp://", Path("clamd").name]
)
def test_a_scanner_that_is_not_there_says_so(use: Callable[[str], None], address: str) -> None:
    use(address)

    with pytest.raises(ScannerAway):
        infection_in(io.BytesIO(b"file"))
