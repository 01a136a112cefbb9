"""Rounds as pages: criteria and the published list for everybody, the desk of those who run the park."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.models import Organisation
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.errors import Blocked, Invalid, NotFound
from foundation.forms import PageForm
from foundation.jobs import defer
from foundation.reasons import sentence_of
from foundation.workdays import local_date, start_of_day
from parks.forms.rounds import CRITERIA, SIZE_TITLES, FirmForm, RoundForm, codes_of, criteria_typed
from parks.models import AllocationRound, Park
from parks.operations import offers, rounds
from parks.operations.overrides import breach_of
from parks.operations.rounds import StatedApplicant, StatedRound
from parks.queries.rounds import find_round, rounds_page
from parks.roundfacts import score_text, standings
from parks.rules import PARK_ADMINISTRATOR, may_run

Page = str | tuple[str, int] | Response
RUNNERS = roles(PARK_ADMINISTRATOR)
ROWS = 25
OUTCOME_TITLES = {
    "placed": _("gets it"),
    "taken": _("went to a firm that ranks higher"),
    "unfit": _("does not fit"),
    "quota_full": _("the quota is used up by firms that rank higher"),
    "unneeded": _("not needed: it gets one that it wanted more"),
    "unknown": _("no space of this round"),
    "decided": _("given by decision, for the reason stated"),
    "given_otherwise": _("given to another firm by decision, for the reason stated"),
    "withheld": _("not given, by decision, for the reason stated"),
}
MISFIT_TITLES = {
    "area_too_small": _("too small"),
    "area_too_large": _("too large"),
    "other_use": _("another use"),
    "power_too_low": _("too little power"),
    "water_too_low": _("too little water"),
    "floor_too_weak": _("the floor bears too little"),
    "kept_for_others": _("kept for firms of another size"),
}
ANSWER_TITLES = {
    None: _("offered"),
    "accepted": _("accepted"),
    "declined": _("declined"),
    "lapsed": _("lapsed"),
    "forfeited": _("lost, no contract in time"),
    "moved_up": _("replaced by a better offer"),
}
AIM_TITLES = {
    "stable": _("Stable (the proposal)"),
    "highest_score": _("Highest total score"),
    "fullest_use": _("Fullest use of space"),
    "most_firms": _("Most firms placed"),
}

blueprint = Blueprint("rounds", __name__)


@blueprint.get("/rounds")
@access(EVERYONE)
def rounds_list() -> str:
    """All rounds that were published."""
    session, actor = db.session(), current_actor()
    page = rounds_page(session, after=request.args.get("after"), size=ROWS)
    parks = session.scalars(select(Park).order_by(Park.code)) if actor.holds(PARK_ADMINISTRATOR) else ()
    run = [park for park in parks if may_run(actor, park.code)]
    return render_template("parks/rounds.html", page=page, run=run, today=local_date(now()))


@blueprint.get("/rounds/<key>")
@access(EVERYONE)
def allocation_round(key: str) -> str:
    """What was published of a round; its desk for those who run the park."""
    return _shown(key)


def _shown(key: str, form: FirmForm | None = None, problem: str = "") -> str:
    actor = current_actor()
    stored = find_round(db.session(), key)
    is_desk = may_run(actor, stored.park.code)
    found = standings(stored)
    own = [row for row in found.rows if row.firm.organisation_id in actor.organisation_ids]
    is_open = stored.decided_at is None and local_date(now()) <= stored.closes_on
    return render_template(
        "parks/round.html",
        contest=stored,
        standings=found,
        is_desk=is_desk,
        own=own,
        may_apply=is_open and bool(actor.editing_organisation_ids),
        breach=breach_of(stored) if is_desk and stored.decided_at is None else [],
        form=form or FirmForm(formdata=None),
        problem=problem,
        today=local_date(now()),
        sizes=SIZE_TITLES,
        outcomes=OUTCOME_TITLES,
        misfits=MISFIT_TITLES,
        answers=ANSWER_TITLES,
        aims=AIM_TITLES,
        score_text=score_text,
    )


@blueprint.get("/rounds/new/<park>")
@access(RUNNERS)
def new_round(park: str) -> str:
    """A round to be published for a park."""
    return render_template("parks/roundform.html", form=RoundForm(formdata=None), park=park, rows=CRITERIA, typed={})


@blueprint.post("/rounds/new/<park>")
@access(RUNNERS)
def publish_round(park: str) -> Page:
    """Publish it."""
    form, published = RoundForm(), None
    if form.validate():
        try:
            with transaction(db.session()) as session:
                published = rounds.publish_round(session, park, _stated(form), actor=current_actor()).key
        except Invalid as refusal:
            _place(form, refusal)
        except Blocked as refusal:
            form.spaces.errors = [sentence_of(reason) for reason in refusal.reasons]
    if published:
        return redirect(url_for("rounds.allocation_round", key=published), 303)
    return render_template("parks/roundform.html", form=form, park=park, rows=CRITERIA, typed=request.form), 422


def _stated(form: RoundForm) -> StatedRound:
    limits = {"large": form.most_large.data, "medium": form.most_medium.data}
    return StatedRound(
        title={"vi": form.title_vi.data, "en": form.title_en.data, "fr": form.title_fr.data},
        criteria=criteria_typed(request.form),
        spaces=dict.fromkeys(codes_of(form.spaces.data)),
        closes_on=form.closes_on.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        needs_admission=form.needs_admission.data,
        quotas=[
            {"dimension": "size", "value": size, "most_spaces": most}
            for size, most in limits.items()
            if most is not None
        ],
    )


def _place(form: PageForm, refusal: Invalid) -> None:
    for name, reasons in refusal.fields.items():
        sentences = [sentence_of(reason) for reason in reasons]
        if name in form:
            form[name].errors = sentences
        else:
            form.form_errors = [*form.form_errors, *sentences]


@blueprint.post("/rounds/<key>/firms")
@access(RUNNERS)
def enter_firm(key: str) -> Page:
    """Enter a firm in the round."""
    form = FirmForm()
    if form.validate():
        try:
            with transaction(db.session()) as session:
                rounds.enter_applicant(session, key, _firm(form), actor=current_actor())
        except Invalid as refusal:
            _place(form, refusal)
        else:
            return redirect(url_for("rounds.allocation_round", key=key), 303)
    return _shown(key, form), 422


def _firm(form: FirmForm) -> StatedApplicant:
    need = {"least_m2": str(form.least_m2.data), "power_kw": str(form.power_kw.data or 0)}
    return StatedApplicant(
        form.name.data.strip(),
        form.size.data,
        form.sector.data.strip(),
        codes_of(form.preferences.data),
        need,
        start_of_day(form.complete_on.data),
        organisation_id=_organisation_id(form.organisation.data.strip()),
    )


def _organisation_id(code: str) -> int | None:
    if not code:
        return None
    found = db.session().scalar(select(Organisation.id).where(Organisation.code == code))
    if found is None:
        raise Invalid({"organisation": ["does_not_exist"]})
    return found


@blueprint.post("/rounds/<key>/firms/<applicant>/points")
@access(RUNNERS)
def give_points(key: str, applicant: str) -> Page:
    """Give a firm its points, one for each criterion."""
    given = {name: text for name, text in request.form.items() if name != "csrf_token" and text.strip()}
    points = {name: int(text) for name, text in given.items() if text.strip().isdecimal()}
    return _done(key, lambda session: _points(session, key, applicant, points, is_sound=len(points) == len(given)))


def _points(session: Any, key: str, applicant: str, points: dict[str, int], *, is_sound: bool) -> None:
    if not is_sound:
        raise Invalid({"points": ["points_outside_criteria"]})
    rounds.score_applicant(session, key, applicant, points, actor=current_actor())


@blueprint.post("/rounds/<key>/decide")
@access(RUNNERS)
def decide_round(key: str) -> Page:
    """Take the proposal as the decision, and publish the list."""
    seen = request.form.get("complaints_seen", "0")
    number = int(seen) if seen.isdecimal() and len(seen) < 6 else 0
    return _done(key, lambda session: rounds.decide_round(session, key, actor=current_actor(), complaints_seen=number))


@blueprint.post("/rounds/<key>/compare")
@access(RUNNERS)
def compare_round(key: str) -> Page:
    """Have other outcomes worked out by a job."""
    return _done(key, lambda session: _compare(session, key))


def _compare(session: Any, key: str) -> None:
    contest = rounds.ask_for_alternatives(session, key, actor=current_actor())
    defer(session, rounds.compare_outcomes, queueing_lock=f"round {contest.id}", number=contest.id)


@blueprint.post("/offers/<key>/<answer>")
@access(SIGNED_IN)
def answer_offer(key: str, answer: str) -> Page:
    """Accept or decline an offer."""
    if answer not in ("accept", "decline"):
        raise NotFound
    with transaction(db.session()) as session:
        offer = offers.answer_offer(session, key, accepts=answer == "accept", actor=current_actor())
        number = session.get_one(AllocationRound, offer.round_id).key
    return redirect(url_for("rounds.allocation_round", key=number), 303)


def _done(key: str, act: Any) -> Page:
    """Make a change and show the round again, with the sentence of a refusal where there is one."""
    try:
        with transaction(db.session()) as session:
            act(session)
    except Invalid as refusal:
        sentences = [sentence_of(reason) for reasons in refusal.fields.values() for reason in reasons]
        return _shown(key, problem=" ".join(sentences)), 422
    except Blocked as refusal:
        return _shown(key, problem=" ".join(sentence_of(reason) for reason in refusal.reasons)), 409
    return redirect(url_for("rounds.allocation_round", key=key), 303)
