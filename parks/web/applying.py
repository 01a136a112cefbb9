"""Pages on which firms apply to a round, and on which people decide otherwise than proposed."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.models import Organisation
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, now, transaction
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound
from foundation.facts import area_in_words
from foundation.reasons import sentence_of
from foundation.speech import current_language
from foundation.workdays import local_date
from parks.forms.applying import ApplyForm, OverrideForm
from parks.forms.spaces import add_faults
from parks.models import AllocationRound, ParkAdmission, RoundApplicant
from parks.operations import applying, overrides
from parks.operations.applying import StatedApplication
from parks.placement import propose
from parks.queries.admissions import own_admissions
from parks.queries.rounds import find_round
from parks.roundfacts import standings
from parks.rules import may_run
from parks.stability import complaints
from parks.web.rounds import RUNNERS, Page, blueprint


@blueprint.get("/rounds/<key>/apply")
@access(SIGNED_IN)
def apply_form(key: str) -> str:
    """Apply to a round in the name of one's organisation, or change what was sent."""
    contest = find_round(db.session(), key)
    return _form_page(contest, None)


def _form_page(contest: AllocationRound, sent: ApplyForm | None) -> str:
    session, actor = db.session(), current_actor()
    firms = list(
        session.scalars(
            select(Organisation)
            .where(Organisation.id.in_(sorted(actor.editing_organisation_ids)))
            .order_by(Organisation.code)
        )
    )
    grounds = own_admissions(session, actor, contest.park)
    own = next((one for one in contest.applicants if one.organisation_id in actor.editing_organisation_ids), None)
    form = sent or ApplyForm(formdata=None, data=_known(own, grounds, firms))
    return render_template(
        "parks/apply.html",
        contest=contest,
        form=_offered(form, contest, firms, grounds),
        firms=firms,
        grounds=grounds,
        own=own,
        is_open=contest.decided_at is None and local_date(now()) <= contest.closes_on,
    )


def _offered(
    form: ApplyForm, contest: AllocationRound, firms: list[Organisation], grounds: list[ParkAdmission]
) -> ApplyForm:
    language = current_language()
    return form.offer(
        [(one.code, one.name_vi) for one in firms],
        [(one.key, f"{one.key} · {one.title}") for one in grounds],
        [
            (one.space.code, f"{one.space.code} · {area_in_words(one.space.usable_m2, language)}")
            for one in contest.offered
            if one.space.usable_m2
        ],
    )


def _known(own: RoundApplicant | None, grounds: list[ParkAdmission], firms: list[Organisation]) -> dict[str, object]:
    """What the form begins with: what was sent before, else what the admission says."""
    ground = grounds[0] if grounds else None
    if own is None:
        wish = ground.wish if ground else {}
        named = {"admission": ground.key, "organisation": ground.organisation.code} if ground else {}
        return {"least_m2": _exact(wish.get("area_m2")), "power_kw": _exact(wish.get("power_kw")), **named}
    wishes = {f"wish_{number}": code for number, code in enumerate(own.preferences, 1)}
    firm = next((one.code for one in firms if one.id == own.organisation_id), "")
    key = next((one.key for one in grounds if one.id == own.admission_id), "")
    plain = {"organisation": firm, "admission": key, "size": own.size, "sector": own.sector}
    needs = {name: _exact(own.need.get(name)) for name in ("least_m2", "power_kw")}
    return {**plain, **wishes, **needs}


def _exact(stored: object) -> Decimal | None:
    return Decimal(str(stored)) if stored else None


@blueprint.post("/rounds/<key>/apply")
@access(SIGNED_IN)
def apply(key: str) -> Page:
    """Send the application."""
    session, actor = db.session(), current_actor()
    contest = find_round(session, key)
    form = ApplyForm()
    page = _form_page(contest, form)  # gives the lists their choices
    if not form.validate():
        return _form_page(contest, form), 422
    firm = session.scalar(select(Organisation.id).where(Organisation.code == form.organisation.data))
    if firm is None or not page:
        raise NotFound
    stated = StatedApplication(
        firm, form.size.data, form.sector.data or "", form.preferences(), form.need(), form.admission.data or ""
    )
    try:
        with transaction(session) as changing:
            applying.apply(changing, key, stated, actor=actor)
    except (Invalid, Blocked) as refusal:
        fields = refusal.fields if isinstance(refusal, Invalid) else {"": list(refusal.reasons)}
        add_faults(form, {"wish_1" if name == "preferences" else name: faults for name, faults in fields.items()})
        return _form_page(find_round(session, key), form), refusal.status
    flash(_("Your application is in. You may change it until the round closes."), "success")
    return redirect(url_for("rounds.allocation_round", key=key), 303)


@blueprint.get("/rounds/<key>/firms/<firm>/otherwise")
@access(RUNNERS)
def otherwise(key: str, firm: str) -> Page:
    """What would follow if people decided otherwise for a firm; nothing is written."""
    return _otherwise_page(key, firm, OverrideForm(formdata=None), request.args.get("space"))


def _otherwise_page(key: str, firm_key: str, form: OverrideForm, chosen: str | None, status: int = 200) -> Page:
    contest = find_round(db.session(), key)
    if not may_run(current_actor(), contest.park.code):
        raise NotAllowed
    firm = next((one for one in contest.applicants if one.key == firm_key), None)
    if firm is None:
        raise NotFound
    found, problem, moved, breach = standings(contest), "", [], []
    if chosen is not None:
        try:
            overrides.require_possible(contest, firm, chosen or None)
        except (Invalid, Blocked) as refusal:
            rows = refusal.fields.values() if isinstance(refusal, Invalid) else [refusal.reasons]
            problem = " ".join(sentence_of(reason) for reasons in rows for reason in reasons)
        else:
            tried = overrides.with_override(contest, firm.key, chosen or None)
            places, before = propose(tried).places, {row.firm.key: row.place for row in found.rows}
            moved = [row for row in found.rows if before[row.firm.key] != places.get(row.firm.key)]
            breach = complaints(tried, places)
            form.space.data = chosen
    return (
        render_template(
            "parks/otherwise.html",
            contest=contest,
            firm=firm,
            chosen=chosen,
            form=form,
            standings=found,
            problem=problem,
            moved=moved,
            places=places if moved else {},
            breach=breach,
        ),
        status,
    )


@blueprint.post("/rounds/<key>/firms/<firm>/otherwise")
@access(RUNNERS)
def decide_otherwise(key: str, firm: str) -> Page:
    """Fix what the firm gets."""
    form = OverrideForm()
    space = form.space.data or None
    if not form.validate():
        return _otherwise_page(key, firm, form, space or "", 422)
    try:
        with transaction(db.session()) as session:
            overrides.override_placement(
                session, key, firm, space, reason=form.reason.data or "", actor=current_actor()
            )
    except (Invalid, Blocked) as refusal:
        add_faults(form, refusal.fields if isinstance(refusal, Invalid) else {"": list(refusal.reasons)})
        return _otherwise_page(key, firm, form, space or "", refusal.status)
    return redirect(url_for("rounds.allocation_round", key=key, _anchor="list"), 303)


@blueprint.post("/rounds/<key>/firms/<firm>/ranking")
@access(RUNNERS)
def leave_to_ranking(key: str, firm: str) -> Response:
    """Leave the firm to the ranking again."""
    with transaction(db.session()) as session:
        overrides.withdraw_override(session, key, firm, actor=current_actor())
    return redirect(url_for("rounds.allocation_round", key=key, _anchor="list"), 303)
