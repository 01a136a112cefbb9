"""Answers that follow from others: kept up to date by every way of saving, set by nobody."""

from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.fields.calculated import RULES, calculated_answers
from applications.operations.drafts import save_answers
from applications.packs.catalogue import check_content
from applications.packs.model import FieldSpec
from applications.packs.reading import PackError
from foundation.errors import Invalid
from tests.accounts.factories import sign_in
from tests.applications.small_pack import words
from tests.applications.wide_pack import make_wide_world, wide_draft, wide_pack
from tests.pages import open_page


def spec(rule: str, place: str, **limits: Any) -> FieldSpec:
    return FieldSpec("total", "number", words("Total"), limits=limits, calculated={rule: place})


@pytest.mark.parametrize(
    ("first", "last", "months", "days"),
    [
        ("2027-01-04", "2027-02-03", 1, 31),
        ("2027-01-04", "2027-02-04", 2, 32),
        ("2027-01-01", "2027-01-01", 1, 1),
        ("2027-01-31", "2027-02-28", 2, 29),
        ("2027-01-01", "2028-12-31", 24, 731),
    ],
)
def test_a_period_counts_both_ends(first: str, last: str, months: int, days: int) -> None:
    answers = {"runs": {"from": first, "to": last}}

    assert calculated_answers([spec("months", "runs")], answers) == {"total": months}
    assert calculated_answers([spec("days", "runs")], answers) == {"total": days}


def test_a_sum_of_decimals_is_exact() -> None:
    answers = {"sites": [{"area": "0.1"}, {"area": "0.2"}, {"name": "none"}]}

    assert calculated_answers([spec("sum", "sites.area", decimals=1)], answers) == {"total": "0.3"}
    assert calculated_answers([spec("count", "sites")], answers) == {"total": 3}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_from_nothing_follows_nothing(rule: str) -> None:
    assert calculated_answers([spec(rule, "a.b" if rule == "sum" else "a")], {}) == {"total": None}


def test_every_way_of_saving_calculates(client: FlaskClient, session: Session) -> None:
    wide = make_wide_world(session)
    draft = wide_draft(wide, runs={"from": "2027-01-01", "to": "2027-06-30"})
    sign_in(client, session, wide.people["applicant"])
    assert draft.answers["run_months"] == 6

    typed = {"sites-row": ["0", "1"], "sites-0-area": "1,5", "sites-1-area": "2"}
    kept = client.post(f"/dossiers/{draft.key}/answers", data={"question": "sites", **typed}).json

    assert kept["calculated"]["whole_area"]["value"] == "3.5"
    page = open_page(client, f"/dossiers/{draft.key}/draft/place")
    assert page.root.one("output", data_calculated="whole_area").text == "3.5 m²"
    page.form().send(client, **{"sites-0-area": "", "sites-1-area": ""})
    session.expire_all()
    assert "whole_area" not in draft.answers
    assert draft.answers["run_months"] == 6


def test_nobody_sets_what_is_calculated(client: FlaskClient, session: Session) -> None:
    wide = make_wide_world(session)
    draft = wide_draft(wide)
    sign_in(client, session, wide.people["applicant"])

    forged = client.post(f"/dossiers/{draft.key}/answers", data={"question": "run_months", "run_months": "99"})
    with pytest.raises(Invalid) as refusal:
        save_answers(session, draft, {"run_months": 99}, actor=wide.applicant)

    assert forged.status_code == 422
    assert [reason.code for reason in refusal.value.fields["run_months"]] == ["is_calculated"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "text", "calculated": {"count": "sites"}},
        {"type": "number", "calculated": {"count": "sites"}, "required": True},
        {"type": "number", "calculated": {"count": "runs"}},
        {"type": "number", "calculated": {"months": "nothing"}},
        {"type": "number", "calculated": {"sum": "sites.site"}},
        {"type": "number", "calculated": {"sum": "sites"}},
        {"type": "number", "calculated": {"sum": "sites.area", "count": "sites"}},
    ],
)
def test_a_pack_that_calculates_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    pack = deepcopy(wide_pack())
    pack["form"][1]["fields"].append({"key": "wrong", "label": words("Wrong"), **wrong})

    with pytest.raises(PackError, match="calculated"):
        check_content(pack)
