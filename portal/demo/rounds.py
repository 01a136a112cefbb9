"""Rounds of the demonstration: one decided with an offer under way, one being scored, one that takes applications."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date
from parks.models import AllocationRound, Park, Space, SpaceAllocation
from parks.operations.offers import answer_offer
from parks.operations.rounds import (
    StatedApplicant,
    StatedRound,
    decide_round,
    enter_applicant,
    keep_alternatives,
    publish_round,
)
from parks.queries.rounds import find_round
from portal.demo.people import Cast

CRITERIA = [
    {
        "code": code,
        "title": {"vi": vi, "en": en, "fr": fr},
        "weight": weight,
        "most_points": 10,
    }
    for code, vi, en, fr, weight in (
        ("technology", "Trình độ công nghệ", "Level of technology", "Niveau technologique", 4),
        (
            "plan",
            "Kế hoạch đầu tư và tiến độ",
            "Investment plan and schedule",
            "Plan d’investissement et calendrier",
            3,
        ),
        ("people", "Nhân lực nghiên cứu", "Research staff", "Personnel de recherche", 2),
        ("impact", "Lợi ích cho Thành phố", "Benefit for the city", "Bénéfice pour la ville", 1),
    )
]
CODES = ("technology", "plan", "people", "impact")
FIRMS = (
    ("Công ty Cổ phần Vi mạch Hoa Đào", "medium", (9, 8, 8, 7), (0, 1, 2)),
    ("Công ty TNHH Cảm biến Lúa Nước", "small", (8, 8, 7, 8), (0, 2, 1)),
    ("Viện Vật liệu Trống Đồng", "large", (9, 9, 9, 6), (1, 0)),
    ("Công ty Cổ phần Robot Cầu Tre", "small", (7, 6, 8, 9), (1, 3, 0)),
    ("Công ty TNHH Quang tử Đom Đóm", "small", (8, 8, 7, 8), (2, 0, 3)),
    ("Công ty Cổ phần Pin Sông Đà", "large", (6, 7, 6, 8), (0, 3)),
)


@dataclass(frozen=True, slots=True)
class Story:
    """A round published some days ago; ``is_decided`` decided and answered in part, ``is_open`` for admitted firms."""

    title: tuple[str, str, str]
    days_ago: int
    is_decided: bool
    is_open: bool = False


STORIES = (
    Story(("Đợt phân bổ mùa hè (minh họa)", "Summer round (demonstration)", "Tour d’été (démonstration)"), 40, True),
    Story(
        ("Đợt phân bổ mùa thu (minh họa)", "Autumn round (demonstration)", "Tour d’automne (démonstration)"), 20, False
    ),
    Story(
        ("Đợt phân bổ mùa đông (minh họa)", "Winter round (demonstration)", "Tour d’hiver (démonstration)"),
        5,
        is_decided=False,
        is_open=True,
    ),
)


def make_rounds(session: Session, cast: Cast) -> None:
    """Three rounds for free units of the Tay Tuu park; the second firm is an organisation of the platform."""
    park = session.scalars(select(Park).where(Park.code == "TT")).one()
    units = _free_units(session, park)
    for number, story in enumerate(STORIES):
        own = units[4 * number : 4 * number + 4]
        if len(own) == 4:
            _play(session, park, own, story, cast)


def _free_units(session: Session, park: Park) -> list[Space]:
    taken = select(SpaceAllocation.space_id)
    found = select(Space).where(
        Space.park_id == park.id, Space.kind == "unit", Space.condition == "ready", Space.usable_m2.is_not(None)
    )
    return list(
        session.scalars(found.where(Space.id.not_in(taken)).order_by(Space.code.desc()).limit(4 * len(STORIES)))
    )


def _play(session: Session, park: Park, units: list[Space], story: Story, cast: Cast) -> None:
    begun = now() - timedelta(days=story.days_ago)
    today = local_date(now())
    stated = StatedRound(
        title=dict(zip(("vi", "en", "fr"), story.title, strict=True)),
        criteria=CRITERIA,
        spaces={unit.code: None for unit in units},
        closes_on=local_date(begun) + timedelta(days=15),
        starts_on=today + timedelta(days=60),
        ends_on=today + timedelta(days=60 + 3 * 365),
        quotas=[{"dimension": "size", "value": "large", "most_spaces": 1}],
        needs_admission=story.is_open,
    )
    with as_of(begun):
        contest = publish_round(session, park.code, stated, actor=SYSTEM)
    if story.is_open:
        return
    for number, (name, size, points, wanted) in enumerate(FIRMS):
        firm = StatedApplicant(
            cast.organisations[0].name_vi if number == 1 else name,
            size,
            "ai",
            [units[place].code for place in wanted],
            {"least_m2": "50"},
            begun + timedelta(days=1 + number, hours=3),
            organisation_id=cast.organisations[0].id if number == 1 else None,
            points=dict(zip(CODES, points, strict=True)),
        )
        with as_of(begun + timedelta(days=1 + number, hours=3)):
            enter_applicant(session, contest.key, firm, actor=SYSTEM)
    if story.is_decided:
        _decide(session, contest)


def _decide(session: Session, contest: AllocationRound) -> None:
    """Decided two days ago: the first offer is accepted, the others wait."""
    keep_alternatives(session, contest.id)
    with as_of(now() - timedelta(days=2)):
        decide_round(session, contest.key, actor=SYSTEM)
    with as_of(now() - timedelta(days=1)):
        answer_offer(session, find_round(session, contest.key).offers[0].key, accepts=True, actor=SYSTEM)
