"""Slow senders of large documents keep nobody else waiting: eight at once before a single web process."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from bench.house import RunningHouse, running_house
from bench.uploads import SlowUpload, under_way
from foundation.database import db
from tests.house.inside import application_over, make_applicant, make_drafts

PAGES = ("/procedures", "/calendar", "/sign-in", "/readyz", "/api/v1/procedures")
ROUNDS = 12
NEVER_DONE_BY_ITSELF = 600
PATIENCE = 20


@pytest.fixture(scope="module")
def narrow_house() -> Iterator[RunningHouse]:
    """The product with one web process that works on two requests at once."""
    with running_house(DEMO="0", WEB_WORKERS="1", WEB_THREADS="2") as house:
        yield house


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        answer.read()
        return int(answer.status)


@pytest.mark.parametrize("senders", [2, 8])
def test_pages_are_answered_while_large_uploads_trickle_in(narrow_house: RunningHouse, senders: int) -> None:
    with application_over(narrow_house):
        applicant = make_applicant(db.session(), f"kv_slow_{senders}")
        keys = make_drafts(db.session(), "controlled-test", applicant, count=senders)
    uploads = [
        SlowUpload(
            narrow_house.url,
            f"/api/v1/applications/{key}/documents",
            bearer=applicant.bearer,
            slot="test_scheme",
            seconds=NEVER_DONE_BY_ITSELF,
        )
        for key in keys
    ]

    with under_way(uploads) as all_still_send:
        statuses = [_status(f"{narrow_house.url}{page}") for _ in range(ROUNDS) for page in PAGES]
        were_sending = all_still_send()

    assert were_sending
    assert statuses == [200] * ROUNDS * len(PAGES)
    assert [upload.status for upload in uploads] == [201] * senders
