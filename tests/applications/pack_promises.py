"""What every shipped pack promises, whatever it is about: for the tests of the domains that ship one."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from applications.packs.checking import pack_faults
from applications.packs.model import INTERNAL, Pack
from applications.packs.reading import load_file, read_pack, shape_faults
from applications.packs.sourcing import rule_sources

LANGUAGES = {"vi", "en", "fr"}
Node = dict[str, Any]


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nodes(part)


def _without(content: Node, chosen: Callable[[Node], Iterator[str]]) -> tuple[Node, int]:
    """A copy in which from each part the chosen keys are gone, and how many were taken."""
    broken = json.loads(json.dumps(content))  # apart, where the file says a part once for several places
    broken["parameters"] = {}  # their values are free; their own checks have their own tests
    taken = 0
    for node in list(_nodes(broken)):
        for key in list(chosen(node)):
            del node[key]
            taken += 1
    return broken, taken


def assert_sound(path: Path) -> Pack:
    """The file is a pack without any fault."""
    pack = read_pack(load_file(path))
    assert pack_faults(pack) == []
    return pack


def assert_no_language_can_be_left_out(path: Path) -> None:
    """Each text that loses one of its languages is a fault of its own."""
    content = load_file(path)
    for language in LANGUAGES:
        broken, taken = _without(content, lambda node, gone=language: iter([gone] if set(node) == LANGUAGES else []))  # type: ignore[misc]
        assert taken > 50
        assert len(shape_faults(broken)) == taken


def assert_no_label_can_be_left_out(path: Path) -> None:
    """Each question, choice, document, state, step, clock, section, letter and source needs its words."""
    broken, taken = _without(load_file(path), lambda node: (key for key in ("label", "title") if key in node))
    assert taken > 50
    assert len(shape_faults(broken)) == taken


def assert_no_basis_can_be_left_out(path: Path) -> None:
    """Each step, clock, document, criterion and letter says on what it rests."""
    content = load_file(path)
    for part, key in (("steps", "basis"), ("clocks", "source"), ("documents", "source"), ("letters", "source")):
        broken = deepcopy(content)
        for item in broken.get(part, []):
            del item[key]
        assert len(shape_faults(broken)) == len(content.get(part, []))


def assert_no_source_can_be_left_out(pack: Pack) -> None:
    """Each listed source carries a rule; without it the pack is refused, and it cannot stand for nothing."""
    for key in pack.sources:
        rest = {name: source for name, source in pack.sources.items() if name != key}
        assert any(f"no source {key!r}" in fault for fault in pack_faults(replace(pack, sources=rest)))


def assert_sources_are_honest(pack: Pack) -> None:
    """Somebody who reads a certainty can rely on it: what is proposed or open never dresses up as law."""
    for source in pack.sources.values():
        title = source.title["en"].lower()
        if "to be confirmed" in title:
            assert source.certainty == "derived", source.key
        if any(words in title for words in ("proposed", "working assumption", "still to be checked", "sets no ")):
            assert source.certainty in {"open", "proposal"}, source.key


def rules_without_law(pack: Pack) -> set[str]:
    """The places that rest on nothing but our own decision."""
    return {place for place, source in rule_sources(pack) if source == INTERNAL}
