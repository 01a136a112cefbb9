"""Endpoints that set two files side by side: dossiers by their answers, versions of a document by their words."""

from typing import Any

from applications.api.facts import document_facts, spine
from applications.comparing import Passage, compare_texts, is_cut
from applications.contagion import require_harmless
from applications.documenttexts import words_as_written
from applications.queries.comparing import (
    ComparedAnswer,
    ComparedFiles,
    compared_answers,
    compared_files,
    keys_of,
    other_version,
    sides_of,
)
from applications.queries.dossier import visible_document, visible_versions
from applications.schemas.comparing import ComparedDossiers, ComparedVersions, CompareQuery, VersionQuery
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, said
from foundation.database import db
from foundation.errors import Invalid

blueprint = ApiBlueprint(
    "api_comparing",
    __name__,
    tag="Comparison",
    description="Two dossiers, or two versions of a document, side by side, as far as the caller may see them.",
)


@blueprint.get("/compare")
@access(SIGNED_IN)
@blueprint.arguments(CompareQuery, location="query")
@blueprint.response(200, ComparedDossiers)
def compare_dossiers(asked: dict[str, Any]) -> dict[str, Any]:
    """Set two dossiers side by side: the same questions with both answers, and whether they differ

    Sensitive answers stay hidden, and whether they differ is not told.
    """
    session, actor = db.session(), current_actor()
    wanted = [asked["first"].upper(), asked["second"].upper()]
    known = keys_of(session, wanted, actor=actor)
    if unknown := [name for name, key in zip(("first", "second"), wanted, strict=True) if key not in known]:
        raise Invalid({name: ["does_not_exist"] for name in unknown})
    if known[wanted[0]] == known[wanted[1]]:
        raise Invalid({"second": ["not_a_choice"]})
    sides = sides_of(session, [known[name] for name in wanted], actor=actor)
    return {
        "dossiers": [spine(side.view.case, side.view.pack, is_staff=side.view.is_staff) for side in sides],
        "sections": [
            {"key": section.key, "title": said(section.title), "answers": [_answer(one) for one in answers]}
            for section, answers in compared_answers(sides)
        ],
        "documents": [_files(one) for one in compared_files(sides)],
    }


@blueprint.get("/applications/<string:key>/documents/<int:document_id>/comparison")
@access(SIGNED_IN)
@blueprint.arguments(VersionQuery, location="query")
@blueprint.response(200, ComparedVersions)
def compare_versions(asked: dict[str, Any], key: str, document_id: int) -> dict[str, Any]:
    """Set a version of a document beside the one before, or beside another: what differs in their words"""
    session, actor = db.session(), current_actor()
    found = visible_document(session, key, document_id, actor=actor)
    other = other_version(found, visible_versions(session, found, actor=actor), asked.get("with_id"))
    pair = sorted([found, other], key=lambda row: row.version)
    facts = [document_facts(row) for row in pair]
    for row in pair:
        require_harmless(row)
        session.expunge(row)
    session.rollback()  # reading files takes time: no connection is held meanwhile
    left, right = (words_as_written(row) for row in pair)
    is_readable = left is not None and right is not None
    return {
        "versions": facts,
        "passages": [_passage(one) for one in compare_texts(left or "", right or "")] if is_readable else None,
        "is_cut": any(text is not None and is_cut(text) for text in (left, right)),
    }


def _answer(one: ComparedAnswer) -> dict[str, Any]:
    values = (None, None) if one.is_hidden else one.values
    return {
        "key": one.spec.key,
        "label": said(one.spec.label),
        "is_asked": [spec is not None for spec in one.specs],
        "values": list(values),
        "is_hidden": one.is_hidden,
        "is_different": None if one.is_hidden else one.is_different,
    }


def _files(one: ComparedFiles) -> dict[str, Any]:
    return {
        "slot": one.spec.key,
        "label": said(one.spec.label),
        "files": [
            [{"id": row.id, "filename": row.filename, "sha256": row.sha256} for row in rows] for rows in one.files
        ],
        "is_different": one.is_different,
    }


def _passage(one: Passage) -> dict[str, Any]:
    sides = {
        name: [{"text": piece.text, "is_changed": piece.is_changed} for piece in getattr(one, name)]
        for name in ("left", "right")
    }
    return {"is_same": one.is_same, **sides}
