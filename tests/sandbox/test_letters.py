"""The letters of the controlled test say what was promised, asked and decided."""

import re
import unicodedata
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from sqlalchemy import select

from applications.clockwork import runs_of
from applications.engine import fire
from applications.letters import render
from applications.models import Letter
from foundation.actors import SYSTEM
from foundation.database import as_of
from foundation.workdays import local_date
from tests.sandbox.play import Play, until_accepted, until_proposed

BY_AGE = select(Letter).order_by(Letter.id)


def letter(play: Play, key: str) -> Letter:
    query = select(Letter).where(Letter.case_id == play.application.id, Letter.letter == key)
    return play.session.scalars(query.order_by(Letter.id.desc())).first() or pytest.fail(f"no letter {key}")


def text_of(found: Letter, language: str = "vi") -> str:
    document = pypdfium2.PdfDocument(render(found.template, found.facts, language))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return unicodedata.normalize("NFC", " ".join(" ".join(pages).split()))


def due_of(play: Play, clock: str) -> str:
    run = [run for run in runs_of(play.session, play.application) if run.clock == clock][-1]
    due = run.reappointed_due_at or run.due_at
    assert due is not None
    return local_date(due).isoformat()


def test_the_acknowledgement_names_the_end_of_the_check_and_no_officer(play: Play) -> None:
    play.complete()

    play.step("submit", "applicant")

    found = letter(play, "acknowledgement")
    assert found.facts["due_on"] == due_of(play, "check")
    assert found.facts["officer"] is None
    assert found.facts["receipt_number"] == play.application.receipt_number
    assert [row["label"]["en"] for row in found.facts["documents"]] == ["Test scheme"]


def test_the_receipt_promises_the_end_of_processing_not_of_a_smaller_clock(play: Play) -> None:
    until_accepted(play)

    found = letter(play, "form_01")
    assert found.facts["due_on"] == due_of(play, "processing") != due_of(play, "eligibility")
    assert found.facts["term"] == {"amount": 15, "unit": "working_days"}
    due = date.fromisoformat(due_of(play, "processing"))
    month = f"{due.month:02}" if due.month < 3 else f"{due.month}"  # as Decree 30/2020 writes days
    assert f"ngày {due.day:02} tháng {month} năm {due.year}" in text_of(found), "on paper as on the page"
    assert found.facts["officer"] == play.actors["intake_officer"].name
    assert str(play.application.code) in text_of(found)
    day = date.fromisoformat(due_of(play, "processing"))
    written = {"en": f"{day.day} {day:%B} {day.year}", "vi": rf"0?{day.day} tháng 0?{day.month} năm {day.year}"}
    assert [re.search(words, text_of(found, language)) is None for language, words in written.items()] == [False] * 2


def test_the_supplement_request_gives_the_applicants_own_last_day(play: Play) -> None:
    play.complete()
    play.step("submit", "applicant")

    asked = {"part": "field.benefit", "reason": "unclear", "instruction": "Nêu rõ lợi ích"}
    play.step("request_supplement", "intake_officer", {"items": [asked]})

    found = letter(play, "form_02")
    assert found.facts["due_on"] == due_of(play, "supplement_answer")
    assert "Chưa rõ. Nêu rõ lợi ích" in text_of(found)


def test_letters_are_numbered_after_their_dossier_and_kind(play: Play) -> None:
    play.complete()
    play.step("submit", "applicant")
    play.step("request_supplement", "intake_officer")
    play.step("resubmit", "applicant")
    play.step("accept", "intake_officer")

    first, second = (row.number for row in play.session.scalars(BY_AGE.where(Letter.letter == "acknowledgement")))
    assert first == f"{play.application.receipt_number}/XN"
    assert second == f"{play.application.receipt_number}.2/XN"
    assert letter(play, "form_01").number == f"{play.application.code}/TNHS"
    assert len({row.code for row in play.session.scalars(BY_AGE)}) == 4


def test_a_lapse_is_signed_by_nobody(play: Play) -> None:
    play.complete()
    play.step("submit", "applicant")
    play.step("request_supplement", "intake_officer")

    fire(play.session, play.application, "lapse", actor=SYSTEM)

    found = letter(play, "form_05")
    assert found.facts["officer"] is None
    assert "Dừng giải quyết do quá hạn bổ sung" in text_of(found)


def test_the_apology_names_both_dates(play: Play) -> None:
    until_accepted(play)
    promised = due_of(play, "processing")

    play.step("apologise", "case_officer", {"new_due_on": "2200-06-01", "reason": "Cần thêm ý kiến của nhiều cơ quan."})

    found = letter(play, "form_04")
    assert (found.facts["original_due_on"], found.facts["due_on"]) == (promised, "2200-06-01")
    assert "ngày 01 tháng 6 năm 2200" in text_of(found)


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_the_permit_tells_the_regulation_in_words(play: Play, language: str) -> None:
    until_proposed(play, "permit")
    given = {
        "number": "512/QĐ-UBND",
        "area": [{"ward": "00004", "place": "Sân vận động"}],
        "period": {"from": "2027-01-01", "to": "2027-12-31"},
        "value_at_risk_vnd": 50_000_000,
        "disapplied_provisions": [],
    }

    play.step("issue_permit", "issuer", given)

    text = text_of(letter(play, "decision_permit"), language)
    assert "512/QĐ-UBND" in text
    assert {"vi": "Phường Ba Đình", "en": "Ba Dinh Ward", "fr": "Quartier Ba Đình"}[language] in text
    assert "01/01/2027 – 31/12/2027" in text
    assert {"vi": "50.000.000 đồng", "en": "VND 50,000,000", "fr": "50 000 000 VND"}[language] in text


def test_the_refusal_carries_the_reasons_of_the_draft(play: Play) -> None:
    until_proposed(play, "refuse")

    play.step("issue_refusal", "issuer", {"number": "513/QĐ-UBND"})

    found = letter(play, "decision_refusal")
    assert found.facts["decision"]["reasons"] != ""
    assert found.facts["decision"]["reasons"][:60] in text_of(found)


def test_the_refusal_tells_the_outcome_of_each_criterion(play: Play) -> None:
    until_proposed(play, "refuse")

    play.step("issue_refusal", "issuer", {"number": "513/QĐ-UBND"})

    text = text_of(letter(play, "decision_refusal"))
    named = [finding.split(".") for finding in play.pack.letter_by_key["decision_refusal"].findings]
    asked = [spec for step, question in named if (spec := play.pack.step_by_key[step].asked(question))]
    assert play.pack.rubric is not None
    titles = [spec.label["vi"] for spec in asked] + [row.title["vi"] for row in play.pack.rubric.criteria]
    assert len(titles) > 5
    assert [title for title in titles if title not in text] == []
    assert text.count("4,0/5 điểm (số phiếu: 2)") == len(play.pack.rubric.criteria)


def test_the_refusal_says_how_and_until_when_to_seek_review(play: Play) -> None:
    until_proposed(play, "refuse")

    with as_of(datetime(2099, 11, 20, 3, tzinfo=UTC)):
        play.step("issue_refusal", "issuer", {"number": "513/QĐ-UBND", "decided_on": "2099-11-20"})

    found = letter(play, "decision_refusal")
    assert [remedy["until"] for remedy in found.facts["remedies"]] == ["2100-02-18", "2100-11-20"]
    assert "trong thời hạn 90 ngày kể từ ngày nhận được văn bản này" in text_of(found)
    assert "chậm nhất là ngày 18 tháng 02 năm 2100. Căn cứ: Điều 9 Luật Khiếu nại" in text_of(found)


@pytest.mark.parametrize(
    ("title", "block"),
    [
        ("Chủ tịch", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH (Đã ký) Nguyễn Văn An"),
        ("TM. ỦY BAN NHÂN DÂN – CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH (Đã ký) Nguyễn Văn An"),
        (
            "TM. Ủy ban nhân dân, KT. Chủ tịch, Phó Chủ tịch",
            "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH (Đã ký) Nguyễn Văn An",
        ),
        ("Phó Chủ tịch", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH (Đã ký) Nguyễn Văn An"),
    ],
)
def test_whoever_signs_for_the_head_says_so(play: Play, title: str, block: str) -> None:
    until_proposed(play, "refuse")

    play.step("issue_refusal", "issuer", {"signatory": "Nguyễn Văn An", "signatory_title": title})

    assert block in text_of(letter(play, "decision_refusal"))


def test_an_officer_signs_by_order(play: Play) -> None:
    until_accepted(play)

    play.step("apologise", "case_officer", {"new_due_on": "2200-06-01"})

    officer = play.actors["case_officer"].name
    assert f"TL. GIÁM ĐỐC NGƯỜI THỤ LÝ HỒ SƠ {officer}" in text_of(letter(play, "form_04"))
