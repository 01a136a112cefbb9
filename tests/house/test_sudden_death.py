"""Web, worker and database are killed in the middle of submissions: a dossier is fully there or still a draft."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models import Application, CaseEvent, ClockRun
from bench.house import RunningHouse, running_house
from foundation.audit import AuditEntry
from foundation.database import db
from foundation.verification import verify
from portal.settings import Settings
from tests.house.inside import application_over, make_applicant, make_drafts

DRAFTS = 60
BEARER = "kv_test_of_sudden_death"
VICTIMS = ("portal.worker", "granian", "postgres", "granian")


def _submit(house: RunningHouse, key: str) -> int:
    """Submit once; the status, or 0 when no answer came."""
    request = urllib.request.Request(
        f"{house.url}/api/v1/applications/{key}/steps/register",
        data=json.dumps({"data": {}}).encode(),
        headers={"Authorization": f"Bearer {BEARER}", "Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _kill(house: RunningHouse, name: str) -> None:
    """Kill -9 what serves under this name: of the web server one that answers, of the database its head."""
    found = [p for p in house.supervisor.children(recursive=True) if name in " ".join(p.cmdline())]
    victim = found[-1] if name == "granian" else found[0]
    victim.kill()
    psutil.wait_procs([victim], timeout=5)


def test_killing_anything_loses_no_submission_and_doubles_none() -> None:
    with running_house(DEMO="0") as house:
        with application_over(house):
            applicant = make_applicant(db.session(), BEARER)
            keys = make_drafts(db.session(), "innovation-desk", applicant, count=DRAFTS, wants_relief=False)
        answered: dict[str, int] = {}

        def submit(key: str) -> None:
            answered[key] = _submit(house, key)
            time.sleep(0.05 if answered[key] == 200 else 1)

        with ThreadPoolExecutor(4) as pool:
            work = [pool.submit(submit, key) for key in keys]
            for number, victim in enumerate(VICTIMS, start=1):
                _await_answers(answered, 5 * number)
                _kill(house, victim)
            for job in work:
                job.result()
        retried = {key: _retried(house, key) for key, status in answered.items() if status != 200}

        with application_over(house) as app:
            settings: Settings = app.config["KHUEVAN"]
            _check(db.session(), answered)
            assert verify(db.session(), settings.state_folder / "anchors", settings.anchor_key) == []
    assert 200 in answered.values()
    assert set(retried.values()) <= {200, 409}


def _await_answers(answered: Mapping[str, int], enough: int) -> None:
    """Give what was killed the time to come back; the test goes on in any case."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and sum(status == 200 for status in list(answered.values())) < enough:
        time.sleep(0.02)


def _retried(house: RunningHouse, key: str) -> int:
    """What a person does who got no answer: press again, until the product is back."""
    for _ in range(60):
        status = _submit(house, key)
        if status in (200, 409):
            return status
        time.sleep(0.5)
    return status


def _check(session: Session, answered: dict[str, int]) -> None:
    applications = session.scalars(select(Application)).all()
    receipts = [application.receipt_number for application in applications]
    assert len(applications) == DRAFTS
    for application in applications:
        assert application.state == "submitted", (application.key, answered[application.key])
        assert _count(session, CaseEvent, application.id) == 1
        assert _count(session, ClockRun, application.id) == 1
        moves = select(func.count()).where(
            AuditEntry.stream == application.stream, AuditEntry.action == "applications:case:move"
        )
        assert session.scalar(moves) == 1
    assert len(set(receipts)) == len(receipts)


def _count(session: Session, model: type[CaseEvent] | type[ClockRun], case_id: int) -> int:
    return session.scalar(select(func.count()).where(model.case_id == case_id)) or 0
