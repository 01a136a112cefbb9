"""The scripts of the demonstration: which dossier got how far, in which order."""

from datetime import timedelta

from foundation.workdays import local_date
from portal.demo.plays import Play, Scene, assign, message, papers, review, step

OFFICER = "chuyenvien"


def _holder(play: Play) -> int | None:
    return play.actor(OFFICER).person_id


def _new_date(play: Play) -> str:
    due = play.application.original_due_at
    return (local_date(due or play.moment) + timedelta(days=14)).isoformat()


def _decided_on(play: Play) -> str:
    return local_date(play.moment).isoformat()


def _number(play: Play) -> str:
    return f"{500 + play.number}/QĐ-UBND"


SUBMITTED: list[Scene] = [papers, step("submit", "applicant", after=0)]
ACCEPTED = [
    *SUBMITTED,
    step("accept", "motcua"),
    step("assign_holder", "motcua", after=0, holder=_holder),
]
ELIGIBLE = [
    *ACCEPTED,
    step(
        "record_eligibility",
        OFFICER,
        after=2,
        in_scope="met",
        genuine_innovation="met",
        user_benefit="met",
        readiness_finding="partly",
        need_for_test="met",
        settled_ai_level=lambda play: play.answers.get("ai_level", "none"),
        track="simplified",
        findings="Hồ sơ thuộc phạm vi thử nghiệm; cần làm rõ thêm mức độ sẵn sàng trong quá trình thẩm định.",
    ),
]
IN_REVIEW = [*ELIGIBLE, assign("chuyengia1", "chuyengia2"), step("open_review", OFFICER, after=0)]
CONSULTED = [
    *IN_REVIEW,
    step(
        "ask_opinions",
        OFFICER,
        after=0,
        question="Đề nghị cho ý kiến về an toàn, trật tự tại địa điểm và các quy định đề nghị tạm thời không áp dụng.",
        sector_body="Sở quản lý chuyên ngành của lĩnh vực thử nghiệm",
    ),
    step(
        "record_opinion_justice",
        OFFICER,
        after=2,
        finding="agrees_on_conditions",
        opinion="Thống nhất, với điều kiện việc không áp dụng được giới hạn trong thời gian và địa điểm thử nghiệm.",
        number="minh-hoa/STP",
    ),
]
REVIEWED = [
    *IN_REVIEW,
    review(submitted=2),
    step(
        "close_review",
        OFFICER,
        synthesis="Hai chuyên gia đồng thuận về tính mới và lợi ích; kiến nghị kèm điều kiện giám sát an toàn.",
    ),
]


def _opinion(member: str, opinion: str = "for", **reason: str) -> Scene:
    return step("give_opinion", member, after=0, opinion=opinion, no_interest=True, **reason)


CONVENED = [
    *REVIEWED,
    step(
        "convene_panel",
        "thukyhd",
        after=0,
        meeting_on=lambda play: play.next_working_day().isoformat(),
        seats=3,
        established_by="minh-hoa/QĐ-SKHCN",
        question="Đề nghị hội đồng cho ý kiến về giới hạn thử nghiệm, ngưỡng dừng và quy định tạm thời không áp dụng.",
    ),
    _opinion("tuvan1"),
]


def _advised(recommendation: str, *opinions: Scene) -> list[Scene]:
    return [
        *CONVENED,
        *opinions,
        step(
            "conclude_panel",
            "chutichhd",
            recommendation=recommendation,
            conclusions="Hội đồng thảo luận trên cơ sở ý kiến chuyên gia; các ý kiến khác được ghi trong biên bản.",
        ),
    ]


CONDITION = "Giới hạn thử nghiệm trong khung giờ thấp điểm; cần thiết vì địa điểm đông người và chỉ ở mức tối thiểu."
DISSENT = "Phương án dừng khẩn cấp chưa được diễn tập; đề nghị diễn tập trước khi bắt đầu."
ADVISED = _advised("permit", _opinion("tuvan2", "for_on_conditions", reason=CONDITION), _opinion("chutichhd"))
TURNED_DOWN = _advised("refuse", _opinion("tuvan2", "against", reason=DISSENT))
REVISION = [
    *_advised("revise", _opinion("tuvan2", "against", reason=DISSENT), _opinion("chutichhd")),
    step(
        "request_plan_revision",
        OFFICER,
        items=[
            {
                "part": "field.stop_procedure",
                "reason": "safety",
                "instruction": "Bổ sung kế hoạch diễn tập dừng khẩn cấp và người có quyền ra lệnh dừng.",
            },
        ],
    ),
]
REVISED = [*REVISION, step("submit_revision", "applicant", after=3)]


def _proposed(outcome: str, reasons: str, *, before: list[Scene]) -> list[Scene]:
    disclosures = "Người tham gia được thông báo đầy đủ về tính chất thử nghiệm và quyền rút lui."
    permit = (
        {
            "scope": "Thử nghiệm đúng phương án đã thẩm định, trong địa điểm, thời gian và số người đã nêu.",
            "disclosures": disclosures,
            "disapplied_provisions": _disapplied,
        }
        if outcome == "permit"
        else {}
    )
    return [
        *before,
        step("draft_decision", "soanthao", after=1, outcome=outcome, reasons=reasons, **permit),
    ]


def _disapplied(play: Play) -> list[dict[str, str]]:
    period = play.answers["period"]
    return [
        {
            "rule": row["rule"],
            "article": row["article"],
            "content": row["obstacle"],
            "from_on": period["from"],
            "to_on": period["to"],
            "reason": row["relief"],
        }
        for row in play.answers["impediments"]
    ]


FIT = "Đáp ứng các tiêu chí; rủi ro được kiểm soát bằng giới hạn và ngưỡng dừng."
PROPOSED = _proposed("permit", FIT, before=ADVISED)
PERMIT = step(
    "issue_permit",
    "banhanh",
    after=2,
    number=_number,
    decided_on=_decided_on,
    signatory="Người ký minh hoạ",
    signatory_title="Chủ tịch",
)
PERMITTED = [*PROPOSED, PERMIT]
REFUSED = [
    *_proposed(
        "refuse",
        "Thiết kế thử nghiệm và phương án kết thúc chưa bảo đảm quyền lợi của người tham gia khi dừng giữa chừng.",
        before=TURNED_DOWN,
    ),
    step(
        "issue_refusal",
        "banhanh",
        after=2,
        number=_number,
        decided_on=_decided_on,
        signatory="Người ký minh hoạ",
        signatory_title="Chủ tịch",
    ),
]
SUPPLEMENT = [
    *SUBMITTED,
    step(
        "request_supplement",
        "motcua",
        items=[
            {
                "part": "document.test_scheme",
                "reason": "incomplete",
                "instruction": "Nêu rõ người chịu trách nhiệm tại hiện trường và cách liên hệ.",
            },
            {
                "part": "field.compensation",
                "reason": "unclear",
                "instruction": "Nêu rõ mức bồi thường đã thoả thuận với đơn vị bảo hiểm.",
            },
        ],
    ),
]
RESUBMITTED = [*SUPPLEMENT, step("resubmit", "applicant", after=3)]

TALK = [
    message(OFFICER, "Đề nghị doanh nghiệp cử người phối hợp khảo sát địa điểm tuần tới."),
    message("applicant", "Chúng tôi cử người phụ trách hiện trường phối hợp; xin báo trước một ngày."),
]

TESTS: list[tuple[int, int, list[Scene]]] = [
    (3, 3, []),
    (2, 5, [papers]),
    (4, 1, SUBMITTED),
    (2, 2, [*SUBMITTED, message("applicant", "Xin hỏi hồ sơ của chúng tôi đã được xem chưa ạ?")]),
    (2, 6, SUPPLEMENT),
    (1, 32, [*SUPPLEMENT, step("lapse", "system", after=24)]),
    (1, 12, RESUBMITTED),
    (
        2,
        9,
        [
            *SUBMITTED,
            step(
                "return_with_reasons",
                "motcua",
                reasons="Nội dung đề nghị đã được pháp luật cho phép thực hiện; không cần thử nghiệm có kiểm soát.",
            ),
        ],
    ),
    (
        2,
        8,
        [
            *SUBMITTED,
            step(
                "route_out",
                OFFICER,
                authority="state_bank",
                authority_name="Ngân hàng Nhà nước Việt Nam",
                reasons="Hoạt động cho vay và thông tin tín dụng thuộc thẩm quyền của Ngân hàng Nhà nước.",
            ),
        ],
    ),
    (4, 4, ACCEPTED),
    (2, 8, [*ELIGIBLE, message(OFFICER, "Đề nghị doanh nghiệp cử người phối hợp khảo sát địa điểm tuần tới.")]),
    (2, 26, ELIGIBLE),
    (
        1,
        17,
        [
            *ELIGIBLE,
            step(
                "apologise",
                OFFICER,
                after=7,
                reason="Cần thêm thời gian lấy ý kiến cơ quan chuyên ngành về an toàn.",
                new_due_on=_new_date,
            ),
        ],
    ),
    (3, 9, IN_REVIEW),
    (1, 12, REVISION),
    (3, 11, [*CONSULTED, review(submitted=1)]),
    (1, 9, REVIEWED),
    (1, 8, CONVENED),
    (1, 14, ADVISED),
    (3, 15, PROPOSED),
    (1, 28, [*_proposed("permit", FIT, before=REVISED), PERMIT]),
    (3, 25, PERMITTED),
    (1, 40, [*ELIGIBLE, *TALK, *PERMITTED[len(ELIGIBLE) :]]),
    (1, 28, REFUSED),
    (1, 10, [*ACCEPTED, step("withdraw", "applicant", reason="Doanh nghiệp thay đổi kế hoạch.")]),
]
"""How many dossiers, begun how many working days ago, went through which scenes."""

CENTRE = "trungtam"
REGISTERED: list[Scene] = [papers, step("register", "applicant", after=0)]


def _pitch_on(play: Play) -> str:
    return (local_date(play.moment) + timedelta(days=5)).isoformat()


INVITED = [
    *REGISTERED,
    assign("chuyengia1", "chuyengia3", by=CENTRE),
    step("invite_to_pitch", CENTRE, after=2, pitch_on=_pitch_on, place="Phòng hội thảo tầng 3"),
]
OFFERED = [
    *INVITED,
    review(submitted=2),
    step(
        "offer_desk",
        CENTRE,
        after=1,
        desks_offered=lambda play: play.answers["desks"],
        stay_offered=lambda play: play.answers["stay"],
        grants_relief=False,
    ),
]
DESKS: list[tuple[int, int, list[Scene]]] = [
    (2, 2, []),
    (3, 3, REGISTERED),
    (2, 6, INVITED),
    (1, 9, OFFERED),
    (1, 20, [*OFFERED, step("expire_offer", "system", after=6)]),
    (1, 15, [*OFFERED, step("take_offer", "applicant")]),
    (
        1,
        9,
        [
            *REGISTERED,
            step("decline", CENTRE, reasons="Nhóm chưa có sản phẩm mẫu; mời nộp lại khi có kết quả thử nghiệm."),
        ],
    ),
    (1, 7, [*REGISTERED, step("withdraw", "applicant")]),
]
