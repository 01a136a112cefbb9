"""The deals of the demonstration fund: played through the engine, as far as each came."""

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

FILE = Path(__file__).with_name("deals.yaml")
MANAGER, SECRETARY, TREASURER, CITY = "quanlyquy", "thukyquy", "ketoanquy", "daidienvon"
MEMBERS = ("hoidong1", "hoidong2", "hoidong3")
FINDINGS = {
    "business": "Khách hàng thử nghiệm trả tiền đều đặn; kế hoạch bán hàng có cơ sở.",
    "technology": "Công nghệ hoạt động ổn định trong điều kiện thực tế, nhóm làm chủ được mã nguồn.",
    "legal": "Không có tranh chấp; hợp đồng với khách hàng hợp lệ.",
    "finance": "Báo cáo tài chính khớp với sổ sách; cơ cấu vốn đơn giản.",
    "ip": "Đã nộp đơn đăng ký sáng chế; tài sản trí tuệ đứng tên công ty.",
    "integrity": "Không phát hiện quan hệ lợi ích với nhà đầu tư của quỹ.",
}


def make_deals(session: Session, cast: Cast) -> int:
    """Play every deal, in the order in which they were paid; how many there are."""
    lines = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for number, line in enumerate(lines):
        play = _open(session, cast, number, line)
        for scene in _scenes(line):
            scene(play)
    return len(lines)


def _open(session: Session, cast: Cast, number: int, line: Mapping[str, Any]) -> Play:
    """The dossier as its company wrote it, or as the fund wrote it for a company that it found."""
    organisation = cast.organisations[line["company"]]
    is_sourced = line.get("sourced", False)
    writer = cast.actors[MANAGER] if is_sourced else cast.members[organisation.id]
    begins, latest = _morning(session, line["ago"]), now()
    answers = _answers(line)
    with as_of(begins):
        channel = "counter" if is_sourced else "direct"
        application = create_draft(session, "fund-deal", actor=writer, organisation_id=organisation.id, channel=channel)
        save_answers(session, application, answers, actor=writer)
    pack = pack_of_version(session, application.version_id)
    return Play(session, cast, application, pack, writer, number, begins, latest, answers)


def _morning(session: Session, ago: int) -> datetime:
    day = load_calendar(session, HANOI_CALENDAR).add_working_days(local_date(now()), -ago)
    return start_of_day(day) + timedelta(hours=8, minutes=5 + ago % 40)


def _answers(line: Mapping[str, Any]) -> dict[str, Any]:
    amount = line["amount"]
    return {
        "project": line["title"],
        "enterprise_kind": line["kind"],
        "field": line["field"],
        "stage": line["stage"],
        "contact_email": "goivon@demo.example",
        "product": line["product"],
        "market": "Khách hàng là cơ quan, doanh nghiệp và hộ gia đình trong thành phố; đã có người trả tiền dùng thử.",
        "team": [{"name": "Người sáng lập minh họa", "part": "Giám đốc"}],
        "amount_vnd": amount,
        "use_of_money": [
            {"purpose": "Hoàn thiện sản phẩm", "amount_vnd": amount // 2},
            {"purpose": "Mở rộng thị trường", "amount_vnd": amount - amount // 2},
        ],
        "valuation_vnd": line["pre"],
        "is_truthful": True,
    }


def _scenes(line: Mapping[str, Any]) -> list[Scene]:
    """The scenes of a deal up to where it stands."""
    ways = {
        "sourced": _sourced(),
        "screening": _screened(),
        "declined": [*_screened(), step("decline", MANAGER, after=4, reasons=DECLINED)],
        "diligence": [*_opened(), *_found("business", "technology", "legal")],
        "term_sheet": _terms(line),
        "decision": [*_presented(line), _votes(hoidong1="for")],
    }
    decided = [*_presented(line), _votes(hoidong1="for", hoidong2="for", hoidong3="against", daidienvon="for")]
    refused = [*_presented(line), _votes(hoidong1="against", hoidong2="for", hoidong3="against", daidienvon="against")]
    ways["rejected"] = [*refused, step("reject", SECRETARY, number=_number, reasons=REJECTED, **SIGNED)]
    ways["approved"] = [*decided, step("approve", SECRETARY, number=_number, conditions=CONDITIONS, **SIGNED)]
    ways["conditions"] = [*ways["approved"], *_contract(), step("meet_condition", MANAGER, after=3, number=1)]
    ways["closed"] = [*ways["conditions"], *_closing()]
    return ways[line["until"]]


def _sourced() -> list[Scene]:
    return [papers, step("submit", "applicant", after=0)]


def _screened() -> list[Scene]:
    return [*_sourced(), step("accept", MANAGER)]


def _opened() -> list[Scene]:
    screening = dict.fromkeys(("kind_finding", "field_finding", "market_finding"), "met")
    return [
        *_screened(),
        step("record_eligibility", MANAGER, after=2, one_page=ONE_PAGE, **screening),
        assign("chuyengia1", "chuyengia3", by=MANAGER),
        step("open_diligence", MANAGER),
    ]


def _found(*strands: str) -> list[Scene]:
    return [
        step("record_diligence", MANAGER, strand=strand, finding="clear", summary=FINDINGS[strand])
        for strand in strands
    ]


def _terms(line: Mapping[str, Any]) -> list[Scene]:
    terms = {"instrument": "preferred_shares", "amount_vnd": line["amount"], "pre_money_vnd": line["pre"]}
    return [*_opened(), *_found(*FINDINGS), step("propose_terms", MANAGER, after=2, rights=RIGHTS, **terms)]


def _presented(line: Mapping[str, Any]) -> list[Scene]:
    return [
        *_terms(line),
        step("agree_terms", "applicant", after=2),
        review(submitted=2),
        step("present", MANAGER, meeting_on=_meeting, proposal=PROPOSAL),
    ]


def _meeting(play: Play) -> str:
    calendar = load_calendar(play.session, HANOI_CALENDAR)
    return calendar.add_working_days(local_date(play.moment), 5).isoformat()


def _votes(**votes: str) -> Scene:
    """A scene in which members vote on the day of the meeting; dissent is reasoned."""

    def perform(play: Play) -> None:
        play.wait(5)
        for who, vote in votes.items():
            said = {} if vote == "for" else {"reason": DISSENT}
            of_city = {"instruction_number": f"{120 + play.number}/UBND-KT"} if who == CITY else {}
            key = "vote_for_city" if who == CITY else "vote"
            step(key, who, after=0, vote=vote, no_interest=True, **said, **of_city)(play)

    return perform


def _contract() -> list[Scene]:
    return [
        step("open_contracting", MANAGER, after=2),
        step("record_contract", MANAGER, after=5, contract_number=_contract_number, signed_on=_today),
    ]


def _closing() -> list[Scene]:
    return [
        step("meet_condition", MANAGER, after=2, number=2),
        step("prepare_closing", MANAGER, holder_of_record=HOLDER, account="Tài khoản minh họa"),
        step("close", TREASURER, paid_on=_today),
    ]


def _number(play: Play) -> str:
    return f"{play.number + 1}/NQ-QMH"


def _contract_number(play: Play) -> str:
    return f"{play.number + 1}/HĐĐT-QMH"


def _today(play: Play) -> str:
    return local_date(play.moment).isoformat()


SIGNED: dict[str, Any] = {
    "decided_on": _today,
    "signatory": "Người ký minh hoạ",
    "signatory_title": "Chủ tịch hội đồng đầu tư",
}
CONDITIONS = [
    {"condition": "Đăng ký thay đổi vốn điều lệ và cập nhật sổ cổ đông", "evidence": "Bản trích sổ cổ đông"},
    {"condition": "Người sáng lập ký cam kết không cạnh tranh", "evidence": "Bản cam kết đã ký"},
]
HOLDER = "Cơ quan điều hành quỹ, đứng tên thay các nhà đầu tư (minh họa)"
ONE_PAGE = "Doanh nghiệp thuộc đối tượng của quỹ; sản phẩm đã có người dùng trả tiền, đề nghị mở thẩm định."
RIGHTS = (
    "Quyền nhận thông tin hằng quý, một ghế quan sát viên, quyền ưu tiên mua và chống pha loãng bình quân gia quyền."
)
PROPOSAL = "Đề nghị đầu tư theo bản điều khoản đã ký; rủi ro chính là tốc độ mở rộng khách hàng."
DISSENT = "Định giá cao so với doanh thu hiện tại; đề nghị chia làm hai đợt giải ngân."
DECLINED = "Sản phẩm còn ở giai đoạn ý tưởng, chưa chứng minh được nhu cầu thị trường; mời quay lại khi có khách hàng."
REJECTED = "Không đủ tỷ lệ tán thành: định giá chưa tương xứng với doanh thu, cần thêm bằng chứng về thị trường."
