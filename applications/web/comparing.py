"""Two files side by side: versions of a document by their words and pages, dossiers by their answers."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.channels import CHANNEL_TITLES
from applications.comparing import compare_texts, is_cut
from applications.contagion import require_harmless
from applications.documenttexts import words_as_written
from applications.pageimages import has_pictures, page_count
from applications.queries.comparing import compared_answers, compared_files, keys_of, other_version, sides_of
from applications.queries.dossier import visible_document, visible_versions
from applications.web.blueprint import blueprint
from applications.web.previews import PORTION
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db
from foundation.errors import NotFound

Answer = str | Response | tuple[str, int]


@blueprint.get("/dossiers/<key>/documents/<int:document_id>/compare")
@access(SIGNED_IN)
def compare_versions(key: str, document_id: int) -> str:
    """A version of a document beside an earlier one, or beside that in ``?with=``."""
    session, actor = db.session(), current_actor()
    found = visible_document(session, key, document_id, actor=actor)
    versions = visible_versions(session, found, actor=actor)
    pair = sorted(
        [found, other_version(found, versions, request.args.get("with", type=int))], key=lambda row: row.version
    )
    for row in versions:
        session.expunge(row)
    session.rollback()
    for row in pair:
        require_harmless(row)
    texts = [words_as_written(row) for row in pair]
    counts = [page_count(row) if has_pictures(row) else 0 for row in pair]
    first = min(max(request.args.get("start", 1, type=int), 1), max(*counts, 1))
    return render_template(
        "applications/compare_versions.html",
        key=key,
        document=found,
        pair=pair,
        versions=versions,
        passages=compare_texts(texts[0], texts[1]) if texts[0] is not None and texts[1] is not None else None,
        is_cut=any(text is not None and is_cut(text) for text in texts),
        counts=counts,
        first=first,
        last=min(first + PORTION - 1, max(counts)),
        portion=PORTION,
    )


@blueprint.get("/compare")
@access(SIGNED_IN)
def compare_dossiers() -> Answer:
    """Two dossiers side by side, ``?case=`` twice by key or code; fewer or more lead to the choice of two."""
    asked = request.args.getlist("case")
    wanted = list(dict.fromkeys(name.strip().upper() for name in asked if name.strip()))[:20]
    if len(wanted) != 2:
        error = _("Choose exactly two dossiers.") if len(asked) > 1 else ""
        return render_template("applications/compare_choose.html", wanted=wanted, error=error), 422 if error else 200
    if "shown" in request.args:  # what the list of the queue sends along
        return redirect(url_for("applications.compare_dossiers", case=wanted))
    session, actor = db.session(), current_actor()
    known = keys_of(session, wanted, actor=actor)
    if len(set(known.values())) != 2:
        raise NotFound
    sides = sides_of(session, [known[name] for name in wanted], actor=actor)
    return render_template(
        "applications/compare_dossiers.html",
        sides=sides,
        sections=list(compared_answers(sides)),
        files=list(compared_files(sides)),
        only_different="only" in request.args,
        channels=CHANNEL_TITLES,
        language=language(),
    )
