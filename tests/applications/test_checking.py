"""A pack that does not make sense is refused, with the place and the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from applications.packs.catalogue import check_content
from applications.packs.reading import PackError, load_file
from tests.applications.small_pack import small_pack, words

Content = dict[str, Any]
LETTER: Content = {"key": "note", "title": words("Note"), "template": "form_01.typ", "source": "internal"}


def step(content: Content, key: str) -> Content:
    return next(step for step in content["steps"] if step["key"] == key)


def field(content: Content, key: str) -> Content:
    return next(spec for spec in content["form"][0]["fields"] if spec["key"] == key)


def faults_of(content: Content) -> list[str]:
    try:
        check_content(content)
    except PackError as error:
        return error.faults
    return []


def test_the_small_pack_is_sound() -> None:
    assert faults_of(small_pack()) == []


Break = Callable[[Content], Any]
BROKEN: list[tuple[str, Break, str]] = [
    ("language", lambda p: p["title"].pop("en"), "'en' is a required property"),
    ("unknown key", lambda p: p.update(surprise=1), "Additional properties are not allowed"),
    ("field twice", lambda p: p["form"][0]["fields"].append(field(p, "users")), "form: 'users' stands twice"),
    ("step twice", lambda p: p["steps"].append(step(p, "accept")), "steps: 'accept' stands twice"),
    ("letter twice", lambda p: p.update(letters=[LETTER, LETTER]), "letters: 'note' stands twice"),
    (
        "question of a step twice",
        lambda p: step(p, "apologise")["asks"].append(step(p, "apologise")["asks"][0]),
        "steps.apologise.asks: 'new_due_on' stands twice",
    ),
    (
        "criterion twice",
        lambda p: p["rubric"]["criteria"].append(p["rubric"]["criteria"][0]),
        "rubric: 'novel' stands twice",
    ),
    ("unknown state", lambda p: step(p, "issue").update(to="nowhere"), "steps.issue: no state 'nowhere'"),
    ("unreachable", lambda p: p["states"].append(state("island", "final")), "states.island: cannot be reached"),
    ("dead end", lambda p: make_dead_end(p), "states.swamp: a dead end"),
    ("end left", lambda p: step(p, "withdraw")["from"].append("granted"), "states.granted: final, yet 'withdraw'"),
    ("no draft", lambda p: p["states"][0].update(kind="open"), "states: none is a draft"),
    ("who", lambda p: step(p, "accept").update(who="wizard"), "'wizard' is neither a role nor a registered rule"),
    ("guard", lambda p: step(p, "accept").update(guards=["moon_is_full"]), "'moon_is_full' is not registered"),
    ("effect", lambda p: step(p, "accept").update(effects=["sing"]), "'sing' is not registered"),
    ("clock", lambda p: step(p, "accept").update(clocks={"egg": "start"}), "steps.accept: no clock 'egg'"),
    (
        "idle clock",
        lambda p: p["clocks"].append(p["clocks"][0] | {"key": "idle"}),
        "clocks.idle: no step sets it going",
    ),
    ("apart", lambda p: step(p, "issue").update(apart_from=["dream"]), "steps.issue.apart_from: no step 'dream'"),
    ("letter", lambda p: step(p, "issue").update(letter="love"), "steps.issue: no letter 'love'"),
    (
        "finding",
        lambda p: p.update(letters=[LETTER | {"findings": ["issue.love"]}]),
        "letters.note.findings: no step asks 'issue.love'",
    ),
    (
        "scores",
        lambda p: (p.pop("rubric"), p.update(letters=[LETTER | {"tells_scores": True}])),
        "letters.note: tells scores of a pack without a rubric",
    ),
    ("template", lambda p: p.update(letters=[LETTER | {"template": "x.typ"}]), "letters.note: no template 'x.typ'"),
    ("title", lambda p: p.update(title_field="users"), "title_field: 'users' is no text field"),
    ("two mains", lambda p: p["clocks"][0].update(is_main=True), "clocks: more than one is the main clock"),
    ("basis", lambda p: step(p, "issue").update(basis="gossip"), "steps.issue.basis: no source 'gossip'"),
    ("clock's source", lambda p: p["clocks"][0].update(source="gossip"), "clocks.check.source: no source 'gossip'"),
    (
        "parameter's source",
        lambda p: p.update(parameters={"most": {"value": 1, "source": "gossip"}}),
        "parameters.most: no source 'gossip'",
    ),
    (
        "asked without source",
        lambda p: step(p, "apologise")["asks"][0].update(source="gossip"),
        "steps.apologise.asks.new_due_on: no source 'gossip'",
    ),
    ("idle source", lambda p: p["sources"].update(other=p["sources"]["law"]), "sources.other: no rule rests on it"),
    ("demand", lambda p: p["documents"][0].update(source="internal"), "nothing without a legal source may be demanded"),
    ("who", lambda p: step(p, "issue").update(who="issuer | | ("), "steps.issue.who: 'issuer | | (' is no rule"),
    ("no day", lambda p: p["in_force"].update({"from": "2026-02-31"}), "in_force.from: '2026-02-31' is not a 'date'"),
    ("no text", lambda p: p.update(parameters={1: p}), "pack: "),
    (
        "certified copy",
        lambda p: p["documents"][0].update(label=words("Bản sao chứng thực")),
        "no certified copy may be demanded",
    ),
    (
        "condition",
        lambda p: p["documents"][0].update(when={"field": "mood", "is": "high"}),
        "documents.plan.when: no field 'mood'",
    ),
    (
        "condition of a step's question",
        lambda p: step(p, "apologise")["asks"][0].update(when={"field": "level", "is": "high"}),
        "steps.apologise.asks.new_due_on.when: no field 'level'",
    ),
    ("choices", lambda p: field(p, "level").pop("choices"), "choices belong to choice fields"),
    ("columns", lambda p: field(p, "name").update(columns=[{**field(p, "users")}]), "columns belong to tables"),
    ("limit", lambda p: field(p, "users").update(max_rows=3), "max_rows means nothing for a number"),
    ("pattern", lambda p: field(p, "name").update(pattern="("), "'(' is no regular expression"),
    (
        "day",
        lambda p: step(p, "apologise")["asks"][0].update(earliest="soon"),
        "earliest is neither 'today' nor an ISO date",
    ),
    ("expiry", lambda p: step(p, "lapse").update(who="issuer"), "fired by a clock, yet 'system' may not make it"),
    (
        "new date",
        lambda p: step(p, "apologise").update(asks=[]),
        "steps.apologise.asks: 'new_due_on' must be asked, as a required date",
    ),
    (
        "what an effect reads",
        lambda p: step(p, "draft_decision")["asks"][0].update(required=False),
        "steps.draft_decision.asks: 'outcome' must be asked, as a required choice",
    ),
    (
        "unknown blank",
        lambda p: step(p, "issue").update(notices=[notice("{name} is done")]),
        "steps.issue.notices.0: nothing fills in '{name}'",
    ),
    (
        "languages differ",
        lambda p: step(p, "issue").update(notices=[notice("{title}") | {"body": words("a") | {"fr": "{due}"}}]),
        "steps.issue.notices.0: the languages do not say the same",
    ),
    (
        "authority without condition",
        lambda p: p.update(parameters=authorities({"authority": words("A ministry")})),
        "parameters.other_authorities: each rule has a condition",
    ),
    (
        "authority of an unknown answer",
        lambda p: p.update(
            parameters=authorities({"when": {"field": "mood", "is": 1}, "authority": words("A ministry")})
        ),
        "parameters.other_authorities: no field 'mood'",
    ),
    (
        "authority in one language",
        lambda p: p.update(
            parameters=authorities({"when": {"field": "level", "is": "low"}, "authority": {"vi": "Bộ"}})
        ),
        "parameters.other_authorities: an authority is not named in vi, en and fr",
    ),
]


def state(key: str, kind: str) -> Content:
    return {"key": key, "title": words(key), "kind": kind, "responsible": "nobody"}


def make_dead_end(content: Content) -> None:
    content["states"].append(state("swamp", "open"))
    step(content, "issue").update(to="swamp")


def notice(body: str) -> Content:
    return {"to": "applicant", "subject": words("Hello"), "body": words(body)}


def authorities(rule: Content) -> Content:
    return {"other_authorities": {"value": [rule], "source": "law"}}


@pytest.mark.parametrize(("spoil", "reason"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_makes_no_sense_is_refused(spoil: Break, reason: str) -> None:
    content = small_pack()

    spoil(content)

    assert any(reason in fault for fault in faults_of(content)), faults_of(content)


def test_all_faults_are_named_at_once() -> None:
    content = small_pack()
    step(content, "issue").update(basis="gossip", apart_from=["dream"])

    assert len(faults_of(content)) == 2


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"code: a\ntitle: {vi: a, en: b}\ncode: b\n", "'code' stands twice"),
        (b"\xff\xfe\x00", "not written in UTF-8"),
        (b"a: [1, 2\n", "broken.yaml: while parsing"),
        (b"", "not a mapping"),
    ],
)
def test_a_file_that_is_no_pack_is_refused_with_its_reason(tmp_path: Path, written: bytes, reason: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_bytes(written)

    with pytest.raises(PackError, match=reason):
        load_file(file)
