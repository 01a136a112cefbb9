"""Admissions as pages: the park's list of who may be given a place, and one admission with its places."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from foundation.access import SIGNED_IN, access, current_actor, roles
from foundation.database import db, now, transaction
from foundation.errors import Blocked, Invalid, NotFound
from foundation.workdays import local_date
from parks.forms.admissions import EndForm, PlaceForm, SinceForm
from parks.forms.spaces import add_faults
from parks.models import ParkAdmission
from parks.operations import admissions
from parks.queries.admissions import (
    admissions_page,
    find_admission,
    fitting_spaces,
    may_open_dossier,
    own_admissions,
    places_of,
    places_of_all,
)
from parks.queries.rounds import open_rounds
from parks.queries.spaces import all_parks, find_park
from parks.rules import PARK_ADMINISTRATOR, READING_ROLES, may_run, may_see_holders
from parks.web import names

Page = str | tuple[str, int] | Response
READERS, RUNNERS = roles(*READING_ROLES), roles(PARK_ADMINISTRATOR)
ROWS = 25
KIND_TITLES = {"project": lazy_gettext("Project"), "desk": lazy_gettext("Desk")}

blueprint = Blueprint("admissions", __name__)


@blueprint.get("/admissions")
@access(SIGNED_IN)
def admissions_home() -> str:
    """The parks whose admissions one reads, and one's own admissions."""
    session, actor = db.session(), current_actor()
    parks = [park for park in all_parks(session) if may_see_holders(actor, park.code)]
    own = own_admissions(session, actor)
    return render_template("parks/admissionshome.html", parks=parks, own=own, kinds=KIND_TITLES)


@blueprint.get("/parks/<code>/admissions")
@access(READERS)
def park_admissions(code: str) -> str:
    """Who was admitted to a park; at first those who have no place yet."""
    return _listed(code, None)


def _listed(code: str, form: SinceForm | None) -> str:
    session, actor = db.session(), current_actor()
    park = find_park(session, code)
    if not may_see_holders(actor, park.code):
        raise NotFound
    waiting = request.args.get("show") != "all"
    page = admissions_page(session, park, waiting=waiting, after=request.args.get("after"), size=ROWS)
    return render_template(
        "parks/admissions.html",
        park=park,
        page=page,
        waiting=waiting,
        places=places_of_all(session, page.rows),
        kinds=KIND_TITLES,
        since=(form or SinceForm(formdata=None, obj=None, data={"since": park.admission_from}))
        if may_run(actor, park.code)
        else None,
    )


@blueprint.post("/parks/<code>/admissions/since")
@access(RUNNERS)
def ask_for_admissions(code: str) -> Page:
    """Say from which day on places follow an admission."""
    form = SinceForm()
    if not form.validate():
        return _listed(code, form), 422
    with transaction(db.session()) as session:
        admissions.ask_for_admissions(session, code, form.since.data, actor=current_actor())
    flash(_("Saved."), "success")
    return redirect(url_for("admissions.park_admissions", code=code), 303)


@blueprint.get("/admissions/<key>")
@access(SIGNED_IN)
def admission(key: str) -> str:
    """One admission: what it rests on, its places, and for the park what would fit."""
    return _shown(key)


def _shown(key: str, place: PlaceForm | None = None, end: EndForm | None = None) -> str:
    session, actor = db.session(), current_actor()
    ground = find_admission(session, key, actor=actor)
    runs = may_run(actor, ground.park.code)
    is_open = ground.ended_at is None
    return render_template(
        "parks/admission.html",
        ground=ground,
        opens=may_open_dossier(session, ground, actor),
        stay=_stay_offered(ground),
        places=places_of(session, ground),
        fitting=fitting_spaces(session, ground) if runs and is_open else [],
        rounds=open_rounds(session, ground.park, local_date(now())) if is_open else [],
        runs=runs,
        sees=may_see_holders(actor, ground.park.code),
        place=place or PlaceForm(formdata=None, data=_first_wish(ground)),
        end=end or EndForm(formdata=None),
        kinds=KIND_TITLES,
        claim_titles=names.CLAIM_TITLES,
        release_titles=names.RELEASE_TITLES,
        tenures=names.TENURE_TITLES,
        at=now(),
    )


def _stay_offered(ground: ParkAdmission) -> tuple[date, date] | None:
    """First and last day of the stay that the confirmation offers; the answer was kept as it was given."""
    stay = ground.wish.get("stay_offered")
    return (date.fromisoformat(stay["from"]), date.fromisoformat(stay["to"])) if stay else None


def _first_wish(ground: ParkAdmission) -> dict[str, object]:
    """What the form begins with: the space that somebody chose from the list."""
    return {"space": request.args.get("space", "")[:120]}


@blueprint.post("/admissions/<key>/place")
@access(RUNNERS)
def give_place(key: str) -> Page:
    """Hold a space for who was admitted."""
    form = PlaceForm()
    if not form.validate():
        return _shown(key, place=form), 422
    try:
        with transaction(db.session()) as session:
            code = (form.space.data or "").strip()
            held = admissions.hold_for(session, key, code, form.wanted(), actor=current_actor())
    except NotFound:
        form.space.errors = [_("There is no such space.")]
        return _shown(key, place=form), 422
    except (Invalid, Blocked) as refusal:
        add_faults(form, refusal.fields if isinstance(refusal, Invalid) else {"": list(refusal.reasons)})
        return _shown(key, place=form), refusal.status
    flash(_("The space is on hold under number %(key)s.", key=held.key), "success")
    return redirect(url_for("admissions.admission", key=key), 303)


@blueprint.post("/admissions/<key>/end")
@access(RUNNERS)
def end_admission(key: str) -> Page:
    """Let an admission count no more."""
    form = EndForm()
    if not form.validate():
        return _shown(key, end=form), 422
    try:
        with transaction(db.session()) as session:
            admissions.end_admission(session, key, form.reason.data or "", actor=current_actor())
    except Blocked as refusal:
        add_faults(form, {"": list(refusal.reasons)})
        return _shown(key, end=form), 409
    return redirect(url_for("admissions.admission", key=key), 303)
