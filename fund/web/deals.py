"""The pipeline of a fund as pages: a board, a list, and a deal with all that its decision rests on."""

from fractions import Fraction
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from applications.visibility import READING_ROLES, find_case
from applications.voting import share_of
from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.speech import current_language
from fund.gates import strands_of
from fund.queries.dealfile import deal_file
from fund.queries.deals import FILTERS, Pipeline, board_of, deals_page, fund_of_dossier, pipeline_of, visible_pipelines
from fund.rules import FUND_MANAGER, may_read
from fund.titles import FINDING_TITLES, INSTRUMENT_TITLES, LIMIT_TITLES, VOTE_TITLES, share_in_words
from fund.web.blueprint import blueprint

DEAL_READERS = roles(FUND_MANAGER, *READING_ROLES)
ROWS = 25
BOARD, LIST = "board", "list"
ORIGIN_TITLES = {"applied": _("The company applied"), "sourced": _("Found by the fund")}
STAGES = ("sourced", "screening", "due_diligence", "term_sheet", "decision", "approved", "contracting", "conditions",
          "closed_invested")  # fmt: skip
"""The way of a deal that comes to its end; what leaves it stands beside."""


@blueprint.app_template_filter("share_of_company")
def share_of_company(share: Fraction) -> str:
    """A part in percent, rounded up, as the reader writes numbers."""
    return share_in_words(share, current_language())


@blueprint.get("/deals")
@access(DEAL_READERS)
def pipelines() -> str | Response:
    """The funds whose deals the reader may see; a lone one opens at once."""
    found = visible_pipelines(db.session(), actor=current_actor())
    if len(found) == 1:
        return redirect(url_for("fund.deals", code=found[0].fund.code))
    return render_template("fund/pipelines.html", pipelines=found)


@blueprint.get("/funds/<code>/deals")
@access(DEAL_READERS)
def deals(code: str) -> str:
    """The pipeline, as a board or as a list; what narrows it stands in the address."""
    session = db.session()
    pipeline = pipeline_of(session, code, actor=current_actor())
    asked = {name: text for name in FILTERS if (text := request.args.get(name, "").strip()[:200])}
    view = LIST if request.args.get("view") == LIST or "stage" in asked else BOARD
    facts: dict[str, Any] = (
        {"columns": board_of(session, pipeline, asked)}
        if view == BOARD
        else {"page": deals_page(session, pipeline, asked, after=request.args.get("after"), size=ROWS)}
    )
    return render_template("fund/deals.html", asked=asked, view=view, **facts, **_shown(pipeline))


@blueprint.get("/deals/<key>")
@access(DEAL_READERS)
def deal_of_dossier(key: str) -> Response:
    """The deal that a dossier became, in the pipeline of its fund."""
    session = db.session()
    code = fund_of_dossier(session, find_case(session, key, actor=current_actor()))
    return redirect(url_for("fund.deal", code=code, key=key))


@blueprint.get("/funds/<code>/deals/<key>")
@access(DEAL_READERS)
def deal(code: str, key: str) -> str:
    """One deal: where it stands, what is missing, what its decision rests on."""
    session, actor = db.session(), current_actor()
    pipeline = pipeline_of(session, code, actor=actor)
    found = deal_file(session, pipeline, key)
    can_open = actor.has_role(*READING_ROLES, procedure=found.pack.code, unit_id=found.case.unit_id)
    return render_template(
        "fund/deal.html",
        found=found,
        can_open=can_open,
        offers=found.offers(session, actor) if can_open else [],
        strands=strands_of(found.pack),
        quorum=share_of(found.pack, "quorum"),
        majority=share_of(found.pack, "majority"),
        reached=_reached(found.case.state, [event.to_state for event in found.events]),
        **_shown(pipeline),
    )


def _reached(state: str, states: list[str]) -> int:
    """How far a deal came on its way, also when it has left it."""
    return max((STAGES.index(one) for one in (*states, state) if one in STAGES), default=0)


def _shown(pipeline: Pipeline) -> dict[str, Any]:
    spec = pipeline.pack.field_by_key["field"]
    return {
        "fund": pipeline.fund,
        "pack": pipeline.pack,
        "may_read_books": may_read(pipeline.reader, pipeline.fund),
        "fields": {choice.value: choice.label for choice in spec.choices},
        "origins": ORIGIN_TITLES,
        "instruments": INSTRUMENT_TITLES,
        "vote_titles": VOTE_TITLES,
        "finding_titles": FINDING_TITLES,
        "stages": STAGES,
        "limit_titles": LIMIT_TITLES,
    }
