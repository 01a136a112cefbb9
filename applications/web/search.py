"""The search page: the words stand in the address, so that what was found can be shared among those who may see it."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.models import Unit
from applications.forms.filters import SavedSearchForm
from applications.models.filters import SEARCH
from applications.operations.filters import delete_filter, save_filter
from applications.queries.excerpts import excerpts_of
from applications.queries.filters import saved_filters
from applications.queries.queue import queue_choices
from applications.queries.search import LONGEST_QUERY, found
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Invalid
from foundation.excerpts import marked, wanted
from foundation.reasons import sentence_of

FOUND_PAGE = 20
"""Each is shown with what was found in it."""

blueprint.add_app_template_filter(marked)


@blueprint.get("/search")
@access(SIGNED_IN)
def search() -> str:
    """The dossiers that hold the words asked for."""
    units = _units()
    return _page(_words(request.args), SavedSearchForm(formdata=None).offer(units, language()), units)


@blueprint.post("/search/saved")
@access(SIGNED_IN)
def save_search() -> str | Response | tuple[str, int]:
    """Keep the words asked for under a name."""
    words, units = _words(request.form), _units()
    form = SavedSearchForm().offer(units, language())
    if not words:
        raise Invalid({"q": ["required"]})
    if not form.validate():
        return _page(words, form, units), 422
    try:
        with transaction(db.session()) as session:
            unit_id = form.unit_id(units)
            save_filter(session, form.name.data, {"q": words}, page=SEARCH, unit_id=unit_id, actor=current_actor())
    except Invalid as refusal:
        form.name.errors = [sentence_of(reason) for reason in refusal.fields["name"]]
        return _page(words, form, units), 422
    flash(_("The search was saved."), "success")
    return redirect(url_for("applications.search", q=words), 303)


@blueprint.post("/search/saved/<int:filter_id>/delete")
@access(SIGNED_IN)
def delete_search(filter_id: int) -> Response:
    """Forget a saved search."""
    with transaction(db.session()) as session:
        delete_filter(session, filter_id, actor=current_actor())
    flash(_("The search was deleted."), "success")
    return redirect(url_for("applications.search"), 303)


def _words(sent: Mapping[str, str]) -> str:
    return sent.get("q", "").strip()[:LONGEST_QUERY]


def _units() -> Sequence[Unit]:
    """The units with which the reader can share a search; an applicant has none."""
    return queue_choices(db.session(), actor=current_actor()).units


def _page(words: str, form: SavedSearchForm, units: Sequence[Unit]) -> str:
    session = db.session()
    page = found(session, words, actor=current_actor(), cursor=request.args.get("after"), size=FOUND_PAGE)
    return render_template(
        "applications/search.html",
        words=words,
        saved=saved_filters(session, [unit.id for unit in units], actor=current_actor(), page=SEARCH),
        form=form,
        can_share=bool(units),
        page=page,
        excerpts=excerpts_of(session, page.rows, words, language()) if page else {},
        mark=wanted(words).shown,
    )
