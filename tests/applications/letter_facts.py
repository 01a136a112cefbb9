"""Facts for letters that exist nowhere but in tests."""

from copy import deepcopy
from typing import Any

TEMPLATES = (
    "acknowledgement.typ",
    "form_01.typ",
    "form_02.typ",
    "form_03.typ",
    "form_04.typ",
    "form_05.typ",
    "form_06.typ",
    "form_07.typ",
    "plan_revision.typ",
    "decision_permit.typ",
    "decision_refusal.typ",
    "admission_confirmation.typ",
    "admission_refusal.typ",
    "submission.typ",
    "tracking_slip.typ",
)

KEY = "TN-7K3M-Q9PD"
CODE = "000.00.10.H26-261120-0007"
NUMBER = f"{CODE}/TB"


def _words(text: str) -> dict[str, str]:
    return {"vi": text, "en": f"{text} (en)", "fr": f"{text} (fr)"}


FACTS: dict[str, Any] = {
    "key": KEY,
    "code": CODE,
    "receipt_number": "XN-261118-0012",
    "title": "Giao thuốc bằng thiết bị bay không người lái",
    "procedure": _words("Cho phép thử nghiệm có kiểm soát"),
    "organisation": _words("Công ty Cổ phần Cánh Diều Xanh"),
    "unit": _words("Sở Khoa học và Công nghệ"),
    "agency": _words("Ủy ban nhân dân Thành phố Hà Nội"),
    "place": _words("Hà Nội"),
    "channel": "national_portal",
    "external_code": "G12.34-261118-0001",
    "issued_on": "2026-11-20",
    "submitted_at": "2026-11-18T09:12+07:00",
    "received_at": "2026-11-20T14:32+07:00",
    "due_on": "2026-12-14",
    "original_due_on": "2026-12-14",
    "term": {"amount": 15, "unit": "working_days"},
    "term_source": _words("Nghị quyết"),
    "documents": [{"label": _words("Đề án"), "filename": "de-an.pdf", "sha256": "ab12" * 16}],
    "sending": 2,
    "secret": "7K3M-Q9XW-2BCD",
    "address": "https://khuevan.example/track",
    "version": 1,
    "digest": "cd34" * 16,
    "masked": 1,
    "sections": [{"title": _words("Dự án"), "answers": [{"label": _words("Tên"), "text": _words("Diều")}]}],
    "officer": "Trần Minh Khôi",
    "step": _words("Rút hồ sơ"),
    "basis": _words("Luật Thủ đô"),
    "answers": [
        {"key": "scope", "label": _words("Phạm vi"), "text": _words("Ba điểm nhận")},
        {
            "key": "area",
            "label": _words("Địa bàn"),
            "columns": [_words("Phường"), _words("Địa điểm")],
            "rows": [[_words("Hòa Lạc"), _words("Trạm y tế")]],
        },
    ],
    "data": {
        "items": [{"item": "Sơ đồ", "instruction": "Bổ sung hành lang bay"}],
        "reason": "Cần thêm ý kiến",
        "reasons": "Lý do thứ nhất\nLý do thứ hai",
        "new_due_on": "2026-12-21",
        "authority_name": "Bộ Công an",
    },
    "decision": {
        "number": "1234/QĐ-UBND",
        "decided_on": "2026-12-10",
        "signatory": "Nguyễn Văn An",
        "signatory_title": "Chủ tịch",
        "reasons": "Lý do thứ nhất",
    },
    "number": NUMBER,
    "signature": {
        "lines": [
            {"authority": "TL", "office": _words("Giám đốc")},
            {"office": _words("Trưởng Bộ phận Một cửa")},
        ],
        "name": "Trần Minh Khôi",
        "signed": False,
    },
    "recipients": [_words("Như trên"), _words("Lưu: VT, hồ sơ")],
    "findings": [
        {"criterion": _words("Có tính mới thực sự"), "outcome": _words("Đạt")},
        {"criterion": _words("Lợi ích cho người sử dụng"), "outcome": _words("4,2/5 điểm (số phiếu: 2)")},
    ],
    "holder": "Trần Minh Khôi",
    "hands": [
        {
            "at": "2026-11-20T14:32+07:00",
            "step": _words("Tiếp nhận hồ sơ"),
            "given_by": "Trần Minh Khôi",
            "taken_by": _words("Sở Khoa học và Công nghệ"),
            "clocks": [{"title": _words("Kiểm tra hồ sơ"), "outcome": "early"}],
        }
    ],
    "from_on": "2026-11-01",
    "to_on": "2026-11-30",
    "lines": [
        {
            "code": CODE,
            "procedure": _words("Cho phép thử nghiệm có kiểm soát"),
            "title": "Giao thuốc bằng thiết bị bay không người lái",
            "organisation": _words("Công ty Cổ phần Cánh Diều Xanh"),
            "received_on": "2026-11-20",
            "due_on": "2026-12-14",
            "closed_on": None,
            "state": _words("Đang thẩm định"),
            "channel": "national_portal",
        }
    ],
    "remedies": [
        {
            "title": _words("Khiếu nại"),
            "term": {"amount": 90, "unit": "days"},
            "until": "2027-02-18",
            "source": _words("Luật Khiếu nại"),
        }
    ],
}


def some_facts(**changes: Any) -> dict[str, Any]:
    """Facts that every template can say something with; a copy that the caller may change."""
    return deepcopy(FACTS) | changes
