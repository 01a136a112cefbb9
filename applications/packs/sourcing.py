"""Checks on what a pack rests on: every rule names its source, every source is named by a rule."""

import re
from collections.abc import Iterable, Iterator

from applications.packs.model import INTERNAL, FieldSpec, Pack

CERTIFIED = re.compile(r"certified copy|bản sao (?:có )?(?:công chứng|chứng thực)|copie certifi", re.IGNORECASE)


def rule_sources(pack: Pack) -> Iterator[tuple[str, str]]:
    """Each place in the pack that names a source, with the source's key or the word ``internal``."""
    yield from ((f"parameters.{key}", source) for key, source in pack.parameter_sources.items())
    yield from ((f"fees.{fee['key']}", fee["source"]) for fee in pack.fees)
    for section in pack.sections:
        yield from _of_questions(section.fields, f"form.{section.key}")
    yield from ((f"documents.{document.key}", document.source) for document in pack.documents)
    if pack.certification:
        yield "certification.source", pack.certification.source
    if pack.precheck:
        yield from _of_questions(pack.precheck.questions, "precheck.questions")
        yield from ((f"precheck.outcomes.{outcome.key}", outcome.source) for outcome in pack.precheck.outcomes)
    if pack.rubric:
        yield from ((f"rubric.{criterion.key}", criterion.source) for criterion in pack.rubric.criteria)
    for step in pack.steps:
        yield f"steps.{step.key}.basis", step.basis
        yield from _of_questions(step.asks, f"steps.{step.key}.asks")
    for clock in pack.clocks:
        yield f"clocks.{clock.key}.source", clock.source
        yield from ((f"clocks.{clock.key}.variants", variant.source) for variant in clock.variants)
    for letter in pack.letters:
        yield f"letters.{letter.key}", letter.source
        if letter.signature and letter.signature.source:
            yield f"letters.{letter.key}.signature", letter.signature.source
        yield from ((f"letters.{letter.key}.remedies", remedy.source) for remedy in letter.remedies)


def _of_questions(specs: Iterable[FieldSpec], place: str) -> Iterator[tuple[str, str]]:
    for spec in specs:
        if spec.source:
            yield f"{place}.{spec.key}", spec.source
        yield from _of_questions(spec.columns, f"{place}.{spec.key}")


def sources_are_named(pack: Pack) -> Iterator[str]:
    """A rule names a source that the pack lists, and no source is listed for nothing."""
    used = set()
    for place, source in rule_sources(pack):
        used.add(source)
        if source != INTERNAL and source not in pack.sources:
            yield f"{place}: no source {source!r}"
    for key in pack.sources.keys() - used:
        yield f"sources.{key}: no rule rests on it"


def documents_are_lawful(pack: Pack) -> Iterator[str]:
    """Nothing is demanded without a legal source, and never a certified copy (Decree 23/2015 art. 6)."""
    for document in pack.documents:
        if document.source == INTERNAL:
            yield f"documents.{document.key}: nothing without a legal source may be demanded"
        for text in [*document.label.values(), *(document.help or {}).values()]:
            if CERTIFIED.search(text):
                yield f"documents.{document.key}: no certified copy may be demanded (Decree 23/2015 art. 6)"
