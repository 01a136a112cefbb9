"""The roles that an administrator can grant; applicants need none, they act for their organisation."""

from foundation.register import Role, register_role

INTAKE_OFFICER = "intake_officer"
CASE_OFFICER = "case_officer"
REVIEWER = "reviewer"
PANEL_SECRETARY = "panel_secretary"
PANEL_MEMBER = "panel_member"
PANEL_CHAIR = "panel_chair"
DECISION_DRAFTER = "decision_drafter"
ISSUER = "issuer"
BODY_MEMBER = "body_member"
STATE_REPRESENTATIVE = "state_representative"
TREASURER = "treasurer"
CONSULTED_SCIENCE = "consulted_science"
CONSULTED_FINANCE = "consulted_finance"
CONSULTED_INDUSTRY = "consulted_industry"
CONSULTED_ENVIRONMENT = "consulted_environment"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

PANEL_ROLES = (PANEL_MEMBER, PANEL_CHAIR)
"""Those who give their opinion where a panel advises before the decision."""

CONSULTED_ROLES = (CONSULTED_SCIENCE, CONSULTED_FINANCE, CONSULTED_INDUSTRY, CONSULTED_ENVIRONMENT)
"""Those who give the opinion of a department that another body has to ask."""

BY_CASE = ("procedure", "unit")
"""The scopes that narrow a role on dossiers."""

_TITLES = {
    INTAKE_OFFICER: ("Cán bộ tiếp nhận hồ sơ", "Intake officer", "Agent d’accueil des dossiers"),
    CASE_OFFICER: ("Chuyên viên thụ lý", "Case officer", "Agent instructeur"),
    REVIEWER: ("Chuyên gia thẩm định", "Reviewer", "Expert évaluateur"),
    PANEL_SECRETARY: ("Thư ký hội đồng tư vấn", "Secretary of the advisory panel", "Secrétaire du conseil consultatif"),
    PANEL_MEMBER: ("Thành viên hội đồng tư vấn", "Member of the advisory panel", "Membre du conseil consultatif"),
    PANEL_CHAIR: ("Chủ tịch hội đồng tư vấn", "Chair of the advisory panel", "Président du conseil consultatif"),
    DECISION_DRAFTER: ("Người soạn thảo quyết định", "Decision drafter", "Rédacteur des décisions"),
    ISSUER: ("Người ban hành quyết định", "Issuer", "Responsable de la délivrance des décisions"),
    BODY_MEMBER: ("Thành viên hội đồng quyết định", "Member of a deciding body", "Membre d’un organe de décision"),
    STATE_REPRESENTATIVE: ("Người đại diện phần vốn nhà nước", "State representative", "Représentant de l’État"),
    TREASURER: ("Kế toán chi tiền", "Treasurer", "Trésorier"),
    CONSULTED_SCIENCE: (
        "Người cho ý kiến của Sở Khoa học và Công nghệ",
        "Consulted officer, Science and Technology",
        "Agent consulté, sciences et technologies",
    ),
    CONSULTED_FINANCE: (
        "Người cho ý kiến của Sở Tài chính",
        "Consulted officer, Finance",
        "Agent consulté, finances",
    ),
    CONSULTED_INDUSTRY: (
        "Người cho ý kiến của Sở Công Thương",
        "Consulted officer, Industry and Trade",
        "Agent consulté, industrie et commerce",
    ),
    CONSULTED_ENVIRONMENT: (
        "Người cho ý kiến của Sở Nông nghiệp và Môi trường",
        "Consulted officer, Agriculture and Environment",
        "Agent consulté, agriculture et environnement",
    ),
    AUDITOR: ("Người kiểm tra, giám sát", "Auditor", "Auditeur"),
    ADMINISTRATOR: ("Quản trị viên", "Administrator", "Administrateur"),
}


def register_roles() -> None:
    """Make the roles grantable."""
    for code, (vi, en, fr) in _TITLES.items():
        scopes = () if code == ADMINISTRATOR else BY_CASE
        register_role(Role(code, {"vi": vi, "en": en, "fr": fr}, scopes))
