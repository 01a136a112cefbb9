"""The people of one controlled test in a running installation, and a dossier they can work on."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from applications.engine import fire
from applications.models import Application, Case
from applications.operations.documents import Arrival, add_document, receive_file
from applications.operations.drafts import create_draft, save_answers
from applications.packs.catalogue import pack_of_version
from tests.accounts.factories import actor_for, make_organisation, make_person, open_session
from tests.applications.answering import complete_dossier
from tests.applications.visits import pdf
from tests.browser.conftest import LiveServer

PANEL = ("panel_secretary", "panel_member", "panel_chair")
ROLES = ("intake_officer", "case_officer", *PANEL, "decision_drafter", "issuer", "auditor", "administrator")
NAMES = {
    "applicant": "Nguyễn Hà My",
    "intake_officer": "Phạm Thu Cúc",
    "case_officer": "Đỗ Minh Quân",
    "panel_secretary": "Nghiêm Thu Giang",
    "panel_member": "TS. Phùng Đức Anh",
    "panel_chair": "GS. Tạ Hữu Nghị",
    "decision_drafter": "Lê Thảo Vy",
    "issuer": "Trịnh Công Hậu",
    "auditor": "Vương Gia Bảo",
    "administrator": "Hồ Ngọc Lâm",
    "reviewer_1": "TS. Đinh Văn Thành",
    "reviewer_2": "TS. Lương Bảo Trâm",
}


@dataclass(frozen=True)
class Cast:
    """A submitted dossier and, by part, the names of the people around it and the cookies of their sessions."""

    key: str
    names: Mapping[str, str]
    secrets: Mapping[str, str]


def make_cast(live_server: LiveServer, title: str, language: str = "vi") -> Cast:
    """People who exist only for one test and read one language, and their dossier, sent today."""
    database = live_server.database
    with database.app.app_context():
        arrival = receive_file(io.BytesIO(pdf(2)), "tai-lieu.pdf", "application/pdf", accept=["pdf"], max_mb=5)
    with database.session() as session:
        organisation = make_organisation(session)
        people = _people(session, organisation, language)
        application = _submitted(session, people["applicant"], organisation, arrival, title)
        secrets = {part: open_session(session, person) for part, person in people.items()}
        session.commit()
        names = {part: person.full_name for part, person in people.items()}
        return Cast(application.key, names, secrets)


def _people(session: Session, organisation: Organisation, language: str) -> dict[str, Person]:
    founder = make_person(session, full_name=NAMES["applicant"], organisation=organisation, language=language)
    people = {"applicant": founder}
    for role in ROLES:
        people[role] = make_person(session, full_name=NAMES[role], grants=[role], language=language)
    for part in ("reviewer_1", "reviewer_2"):
        full_name = f"{NAMES[part]} {organisation.id}"
        people[part] = make_person(session, full_name=full_name, grants=["reviewer"], language=language)
    return people


def _submitted(
    session: Session, founder: Person, organisation: Organisation, arrival: Arrival, title: str
) -> Application:
    actor = actor_for(session, founder)
    application = create_draft(session, "controlled-test", actor=actor, organisation_id=organisation.id)
    pack = pack_of_version(session, application.version_id)
    answers = complete_dossier(pack, title=title)
    save_answers(session, application, answers, actor=actor)
    for spec in pack.documents:
        if spec.required and (spec.when is None or spec.when.holds(answers)):
            add_document(session, application, spec.key, arrival, actor=actor)
    fire(session, application, "submit", actor=actor)
    return application


def enter(context: BrowserContext, live_server: LiveServer, cast: Cast, part: str) -> Page:
    """A page of the context, signed in as somebody of the cast."""
    context.clear_cookies()
    context.add_cookies([{"name": "khuevan_session", "value": cast.secrets[part], "url": live_server.url}])
    return context.pages[0] if context.pages else context.new_page()


def state_of(live_server: LiveServer, key: str) -> str:
    with live_server.database.session() as session:
        return str(session.scalars(select(Case.state).where(Case.key == key)).one())
