"""The projects of the demonstration that ask for admission to a park, played as far as each came."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import pack_of_version
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import as_of, now
from foundation.workdays import local_date, start_of_day
from portal.demo.people import Cast
from portal.demo.plays import Play, Scene, assign, papers, review, step

FILE = Path(__file__).with_name("admissions.yaml")
BOARD, ISSUER = "banquanly", "banhanh"
DEPARTMENTS = {"science": "sokhcn", "finance": "sotaichinh", "industry": "socongthuong", "environment": "somoitruong"}
OPINIONS = {
    "science": "Công nghệ thuộc danh mục ưu tiên; nhóm nghiên cứu đủ năng lực, tỷ lệ nhân lực nghiên cứu có căn cứ.",
    "finance": "Nguồn vốn chứng minh được; đề nghị báo cáo tiến độ góp vốn hằng quý.",
    "industry": "Sản phẩm phù hợp định hướng phát triển công nghiệp công nghệ cao của Thành phố.",
    "environment": "Không phát sinh chất thải nguy hại đáng kể; đề nghị đấu nối nước thải vào hệ thống của khu.",
}
WEIGHED = "Bốn sở thống nhất; các đề nghị về báo cáo góp vốn và đấu nối nước thải được đưa vào cam kết của dự án."
REASONS = "Dự án đáp ứng các tiêu chí về công nghệ, nhân lực và chi cho nghiên cứu; tiến độ khả thi."


def make_admissions(session: Session, cast: Cast) -> int:
    """Play every dossier; how many there are."""
    lines = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for number, line in enumerate(lines):
        play = _open(session, cast, number, line)
        for scene in _scenes(line["until"]):
            scene(play)
    return len(lines)


def _open(session: Session, cast: Cast, number: int, line: Mapping[str, Any]) -> Play:
    organisation = cast.organisations[line["company"]]
    writer, latest = cast.members[organisation.id], now()
    day = load_calendar(session, HANOI_CALENDAR).add_working_days(local_date(latest), -line["ago"])
    begins = start_of_day(day) + timedelta(hours=8, minutes=20)
    answers = _answers(line, begins)
    with as_of(begins):
        application = create_draft(session, "park-admission", actor=writer, organisation_id=organisation.id)
        save_answers(session, application, answers, actor=writer)
    pack = pack_of_version(session, application.version_id)
    return Play(session, cast, application, pack, writer, 300 + number, begins, latest, answers)


def _answers(line: Mapping[str, Any], begins: datetime) -> dict[str, Any]:
    ready = local_date(begins) + timedelta(days=240)
    return {
        "legal_form": "enterprise",
        "representative_name": "Người đại diện minh họa",
        "contact_phone": "0240000300",
        "contact_email": "duan@demo.example",
        "project_name": line["title"],
        "park": line["park"],
        "kind": line["kind"],
        "technology": line["technology"],
        "objective": line["objective"],
        "rd_staff_share": "74",
        "graduate_share": "90",
        "rd_spend_share": "83",
        "justification": "Nhân lực nghiên cứu và ngân sách nghiên cứu theo kế hoạch ba năm kèm theo đề xuất dự án.",
        "capital_vnd": line["capital"],
        "schedule": [{"milestone": "Đưa phòng nghiên cứu vào hoạt động", "reached_by": ready.isoformat()}],
        "labour": 40,
        "tenure": line["tenure"],
        "area_m2": line["area"],
        "environment": "Không phát sinh khí thải công nghiệp; nước thải sinh hoạt đấu nối vào hệ thống chung của khu.",
        "accepts_cost_and_risk": True,
        "keeps_commitments": True,
        "declares_truth": True,
    }


def _scenes(until: str) -> list[Scene]:
    accepted = [papers, step("submit", "applicant", after=0), step("accept", BOARD), step("ask_opinions", BOARD)]
    asked = [*accepted, *_opinions("science", "environment")]
    heard = [*asked, *_opinions("finance", "industry")]
    evaluated = [*heard, assign("chuyengia1", "chuyengia3", by=BOARD), step("open_evaluation", BOARD, after=0)]
    reported = [*evaluated, review(submitted=2), step("draft_decision", BOARD, **_report())]
    ways = {
        "in_consultation": asked,
        "in_evaluation": [*evaluated, review(submitted=1)],
        "confirmed": [*reported, step("confirm", ISSUER, number=_number, decided_on=_today, **SIGNED)],
    }
    return ways[until]


def _opinions(*names: str) -> list[Scene]:
    return [step(f"give_opinion_{name}", DEPARTMENTS[name], finding="agrees", opinion=OPINIONS[name]) for name in names]


def _report() -> dict[str, Any]:
    findings = {f"{name}_finding": "met" for name in ("technology", "research", "capability", "land", "environment")}
    return {**findings, "opinions_weighed": WEIGHED, "outcome": "permit", "reasons": REASONS}


def _number(play: Play) -> str:
    return f"{play.number - 299}/XN-BQL"


def _today(play: Play) -> str:
    return local_date(play.moment).isoformat()


SIGNED: dict[str, Any] = {"signatory": "Người ký minh hoạ", "signatory_title": "Phó Trưởng ban"}
