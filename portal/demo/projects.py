"""The invented projects of the demonstration: what each dossier says and which papers come with it."""

import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import typst

from applications.operations.documents import Arrival, receive_file
from applications.packs.model import DocumentSpec, Pack

PAPER = """
#set page(paper: "a4", margin: 2.5cm)
#set text(size: 12pt, lang: "vi")
#let facts = json(bytes(sys.inputs.facts))
#text(size: 9pt, fill: gray)[TÀI LIỆU TRÌNH DIỄN – không có giá trị pháp lý]
#v(1cm)
#text(size: 16pt, weight: "bold", facts.label)
#v(0.4cm)
#text(size: 13pt, facts.title)
#v(0.8cm)
#facts.body
"""


@dataclass(frozen=True, slots=True)
class Project:
    """One line of the world file about a controlled test."""

    title: str
    sector: str
    regime: str
    ward: str
    place: str
    purpose: str
    rule: str

    @classmethod
    def parse(cls, line: str) -> "Project":
        title, sector, regime, ward, place, purpose, rule = (part.strip().strip('"') for part in line.split("|"))
        return cls(title, sector, regime, ward, place, purpose, rule)


def test_answers(project: Project, *, contact: str, today: date, number: int) -> dict[str, Any]:
    """Complete answers to the controlled test's questions, as a careful applicant would write them."""
    return {
        **_applicant(contact, number),
        **_subject(project),
        **_plan(project, today=today, number=number),
        **_care(project),
    }


def _applicant(contact: str, number: int) -> dict[str, Any]:
    return {
        "legal_form": "enterprise",
        "enterprise_status": ["startup", "sme"],
        "filed_by": "representative",
        "representative_name": f"Nguyễn Thị Minh Hoạ {number + 1}",
        "representative_id": f"0010990{number:05d}",
        "contact_phone": f"0240000{number:04d}",
        "contact_email": contact,
    }


def _subject(project: Project) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "title": project.title,
        "summary": f"{project.title}: giải pháp {project.purpose}. Việc thử nghiệm diễn ra tại {project.place}, "
        "với số người tham gia được giới hạn và có người giám sát trong suốt thời gian vận hành.",
        "kinds": ["solution", "service"],
        "sector": project.sector,
        "readiness": "pilot_ready",
        "regime": project.regime,
        "several_provinces": False,
        "innovation": f"Chưa có đơn vị nào tại Hà Nội {project.purpose} theo cách này. Nhóm đã thử nghiệm kín trong "
        "phòng thí nghiệm sáu tháng, kết quả cho thấy phương án khả thi và an toàn hơn cách làm hiện nay.",
        "benefit": f"Người dân được hưởng lợi trực tiếp vì giải pháp {project.purpose}. Cơ quan quản lý có số liệu "
        "thực tế để xem xét sửa đổi quy định; chi phí xã hội giảm so với cách làm hiện nay.",
        "impediments": [
            {
                "rule": project.rule,
                "article": "Điều kiện áp dụng",
                "kind": "unsuitable",
                "obstacle": "Quy định được viết cho cách làm truyền thống nên không áp dụng được cho giải pháp này.",
                "relief": "Đề nghị tạm thời không áp dụng trong phạm vi, thời gian và địa điểm thử nghiệm.",
            }
        ],
    }
    return answers | ({"ai_level": "l2"} if project.regime == "ai" else {})


def _plan(project: Project, *, today: date, number: int) -> dict[str, Any]:
    first = (today + timedelta(days=62)).replace(day=1)
    return {
        "objective": f"Chứng minh giải pháp {project.purpose} một cách an toàn, "
        "đo được mức hài lòng và chi phí thực tế.",
        "hypotheses": [
            {
                "hypothesis": "Người tham gia hài lòng với dịch vụ",
                "indicator": "Tỷ lệ đánh giá tốt",
                "threshold": "Từ 80 % trở lên",
            }
        ],
        "technical_criteria": "Thiết bị đã được kiểm định; phiên bản phần mềm giữ nguyên suốt thời gian thử nghiệm.",
        "stop_procedure": "Trưởng nhóm vận hành dừng dịch vụ ngay, báo cơ quan giám sát trong ngày; chỉ tiếp tục khi "
        "nguyên nhân đã được khắc phục.",
        "stop_thresholds": [
            {
                "indicator": "Sự cố gây thương tích",
                "threshold": "01 sự cố",
                "action": "Dừng ngay và báo cáo trong 72 giờ",
            }
        ],
        "participants": "Người từ đủ 18 tuổi, tự nguyện đăng ký và được giải thích đầy đủ trước khi tham gia.",
        "spaces": ["physical"],
        "area": [{"ward": project.ward, "place": project.place}],
        "period": {"from": first.isoformat(), "to": first.replace(year=first.year + 1).isoformat()},
        "user_limit": 100 + 50 * (number % 8),
        "transaction_limit": 1000 * (1 + number % 5),
        "value_at_risk_vnd": 100_000_000 * (1 + number % 9),
    }


def _care(project: Project) -> dict[str, Any]:
    return {
        "disclosure": "Người tham gia được thông báo đây là thử nghiệm, các rủi ro, quyền rút lui bất cứ lúc nào.",
        "consent": "Đồng ý bằng văn bản hoặc trên ứng dụng; bản ghi được lưu suốt thời gian thử nghiệm.",
        "complaints": "Đường dây nóng trong giờ hành chính; trả lời trong ba ngày làm việc.",
        "complaints_contact": "Đường dây nóng và hộp thư của tổ chức, ghi trên trang thông tin của dự án",
        "test_lead": "Trưởng nhóm vận hành, trực điện thoại trong suốt thời gian thử nghiệm",
        "compensation": ["insurance"],
        "exit_intention": "licence",
        "has_personal_data": False,
        "risks": [
            {
                "risk": "Thiết bị ngừng hoạt động giữa chừng",
                "likelihood": "low",
                "severity": "medium",
                "measure": "Có người trực để chuyển sang cách làm thông thường trong năm phút.",
            }
        ],
        "security_statement": "Thử nghiệm không ảnh hưởng tới quốc phòng, an ninh; đã trao đổi với công an phường.",
        "monitoring": "Số liệu vận hành được ghi tự động và gửi cơ quan quản lý theo kỳ.",
        "report_every_months": 3,
        "exit_plan": f"Nếu đạt ngưỡng thành công, đề nghị cấp phép chính thức cho giải pháp {project.purpose}; "
        "nếu không, dừng dịch vụ, tháo dỡ thiết bị và công bố bài học trong 30 ngày.",
        "participants_exit": "Người tham gia được báo trước 30 ngày; dữ liệu được xoá hoặc trả lại theo yêu cầu.",
        "declares_truth": True,
        "accepts_control": True,
        "accepts_publication": True,
    }


def desk_answers(title: str, *, today: date, number: int) -> dict[str, Any]:
    """Complete answers to the desk track's questions."""
    first = (today + timedelta(days=60)).replace(day=1)
    return {
        "project_name": title,
        "stage": ["idea", "prototype", "first_customers"][number % 3],
        "members": [{"name": f"Thành viên {number + 1}", "part": "Sáng lập", "is_full_time": True}],
        "home_ward": "00004",
        "pitch": f"{title}: nhóm giải quyết một việc hằng ngày mà người dân đang phải làm thủ công, "
        "với sản phẩm mẫu đã có người dùng thử trong khu phố.",
        "incubation_plan": "Ba tháng đầu hoàn thiện sản phẩm, ba tháng sau tìm khách hàng trả tiền đầu tiên; "
        "cần cố vấn về pháp lý và tài chính của trung tâm.",
        "desks": 1 + number % 4,
        "stay": {"from": first.isoformat(), "to": first.replace(year=first.year + 1).isoformat()},
        "wants_relief": False,
        "accepts_house_rules": True,
    }


def paper(label: str, title: str, body: str) -> bytes:
    """A small real PDF, marked as demonstration."""
    facts = json.dumps({"label": label, "title": title, "body": body}, ensure_ascii=False)
    return bytes(typst.compile(PAPER.encode(), sys_inputs={"facts": facts}))


def demanded(pack: Pack, answers: dict[str, Any]) -> list[DocumentSpec]:
    """The papers that a careful applicant adds: those required for these answers."""
    return [spec for spec in pack.documents if spec.required and (spec.when is None or spec.when.holds(answers))]


def arrival(label: str, title: str, filename: str) -> Arrival:
    """A paper, checked and stored like any upload."""
    body = "Nội dung minh hoạ cho bản trình diễn. " * 12
    content = io.BytesIO(paper(label, title, body))
    return receive_file(content, filename, "application/pdf", accept=["pdf"], max_mb=5)
