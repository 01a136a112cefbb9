"""The pack of the controlled test keeps its promises: complete, sourced, lawful, and moved by the right people."""

from datetime import date
from pathlib import Path

import pytest

import sandbox
from applications.competence import other_authorities
from applications.fields import completeness_faults, visible_fields
from applications.packs.model import FieldSpec, Pack
from applications.precheck import verdict_of
from tests.applications.answering import complete_dossier
from tests.applications.pack_promises import (
    assert_no_basis_can_be_left_out,
    assert_no_label_can_be_left_out,
    assert_no_language_can_be_left_out,
    assert_no_source_can_be_left_out,
    assert_sound,
    assert_sources_are_honest,
    rules_without_law,
)

FILE = Path(sandbox.__file__).parent / "procedures" / "controlled-test.yaml"
ROLES = ("applicant", "registrar", "intake_officer", "case_officer", "reviewer", "decision_drafter", "issuer")
PANEL = ("panel_secretary", "panel_member", "panel_chair")
EVERYBODY = (*ROLES, *PANEL, "auditor", "administrator", "holder", "assigned_reviewer", "system")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return assert_sound(FILE)


def made_by(pack: Pack, step: str) -> set[str]:
    """Who of everybody may make a step, each acting alone and without a conflict."""
    who = pack.step_by_key[step].who
    return {actor for actor in EVERYBODY if who.holds(lambda name, actor=actor: name == actor)}  # type: ignore[misc]


def test_no_language_can_be_left_out() -> None:
    assert_no_language_can_be_left_out(FILE)


def test_no_label_can_be_left_out() -> None:
    assert_no_label_can_be_left_out(FILE)


def test_no_basis_can_be_left_out() -> None:
    assert_no_basis_can_be_left_out(FILE)


def test_no_source_can_be_left_out(pack: Pack) -> None:
    assert_no_source_can_be_left_out(pack)


def test_sources_are_honest(pack: Pack) -> None:
    assert_sources_are_honest(pack)


def test_it_is_in_force_since_the_capital_law_is(pack: Pack) -> None:
    assert (pack.in_force_from, pack.in_force_to) == (date(2026, 7, 1), None)


@pytest.mark.parametrize(
    ("step", "people"),
    [
        ("submit", {"applicant", "registrar"}),
        ("resubmit", {"applicant", "registrar"}),
        ("withdraw", {"applicant"}),
        ("accept", {"intake_officer"}),
        ("request_supplement", {"intake_officer", "case_officer"}),
        ("return_with_reasons", {"intake_officer", "case_officer"}),
        ("route_out", {"case_officer"}),
        ("assign_holder", {"intake_officer", "case_officer", "administrator"}),
        ("record_eligibility", {"case_officer"}),
        ("ask_opinions", {"case_officer"}),
        *((f"record_opinion_{body}", {"case_officer"}) for body in ("police", "military", "justice", "sector")),
        ("open_review", {"case_officer"}),
        ("close_review", {"case_officer"}),
        ("convene_panel", {"panel_secretary"}),
        ("give_opinion", {"panel_member", "panel_chair"}),
        ("step_aside", {"panel_member", "panel_chair"}),
        ("conclude_panel", {"panel_chair"}),
        ("request_plan_revision", {"case_officer"}),
        ("submit_revision", {"applicant", "registrar"}),
        ("lapse_revision", {"system"}),
        ("apologise", {"holder", "case_officer"}),
        ("draft_decision", {"decision_drafter"}),
        ("return_draft", {"issuer"}),
        ("issue_permit", {"issuer"}),
        ("issue_refusal", {"issuer"}),
        ("override", {"administrator"}),
        ("lapse", {"system"}),
    ],
)
def test_each_step_is_made_by_the_right_people(pack: Pack, step: str, people: set[str]) -> None:
    assert made_by(pack, step) == people


def test_that_was_every_step(pack: Pack) -> None:
    assert len(pack.steps) == 30


def test_an_auditor_moves_nothing(pack: Pack) -> None:
    assert [step.key for step in pack.steps if "auditor" in made_by(pack, step.key)] == []


def test_nobody_in_conflict_decides_or_prepares(pack: Pack) -> None:
    parties = {"applicant", "registrar", "system"}
    for step in pack.steps:
        for actor in set(EVERYBODY) - parties:
            admitted = step.who.holds(lambda name, actor=actor: name in {actor, "conflicted"})  # type: ignore[misc]
            assert not admitted or step.key == "assign_holder", (step.key, actor)


@pytest.mark.parametrize("step", ["issue_permit", "issue_refusal"])
def test_who_drafts_does_not_issue(pack: Pack, step: str) -> None:
    assert pack.step_by_key[step].apart_from == ("draft_decision",)


def test_a_decision_needs_the_body_and_its_signed_original(pack: Pack) -> None:
    for step in ("issue_permit", "issue_refusal"):
        asks = {spec.key: spec for spec in pack.step_by_key[step].asks}
        assert all(asks[key].required for key in ("number", "decided_on", "signatory", "signatory_title"))
        assert (asks["signed_original"].type, asks["signed_original"].limits["accept"]) == ("file", ["pdf"])


def _shape(spec: FieldSpec) -> tuple[object, ...]:
    limits = {key: value for key, value in spec.limits.items() if key not in ("earliest", "latest")}
    return spec.type, dict(spec.label), spec.required, limits, tuple(column.key for column in spec.columns)


def test_what_is_proposed_is_what_is_issued(pack: Pack) -> None:
    proposed = {spec.key: _shape(spec) for spec in pack.step_by_key["draft_decision"].asks}
    issued = {spec.key: _shape(spec) for spec in pack.step_by_key["issue_permit"].asks}
    of_decision = {"number", "decided_on", "signatory", "signatory_title", "signed_original"}

    assert issued.keys() - of_decision == proposed.keys() - {"outcome", "reasons"}
    assert all(issued[key] == proposed[key] for key in issued.keys() - of_decision)


def test_only_a_proposal_to_permit_carries_a_regulation(pack: Pack) -> None:
    asks = pack.step_by_key["draft_decision"].asks

    refusing = {spec.key for spec in asks if spec.when is None or spec.when.holds({"outcome": "refuse"})}

    assert refusing == {"outcome", "reasons"}


@pytest.mark.parametrize(
    ("answers", "authority"),
    [
        ({"regime": "capital_law", "several_provinces": True}, None),
        ({"regime": "ai", "ai_level": "l2", "several_provinces": False}, None),
        ({"regime": "ai", "ai_level": "l3"}, "Ministry of Public Security"),
        ({"regime": "ai", "ai_level": "l1", "settled_ai_level": "l3"}, "Ministry of Public Security"),
        ({"regime": "banking"}, "State Bank of Vietnam"),
        ({"regime": "ai", "ai_level": "l1", "several_provinces": True}, "Ministry of Science and Technology"),
        ({"regime": "data", "other_regimes": ["ai"], "several_provinces": True}, "Ministry of Science and Technology"),
    ],
)
def test_another_authority_is_competent(pack: Pack, answers: dict[str, object], authority: str | None) -> None:
    found = [words["en"] for words in other_authorities(pack, answers)]

    assert found == ([authority] if authority else [])


@pytest.mark.parametrize(
    ("content", "questions"),
    [
        ("objective", ["objective"]),
        ("participants and how they are chosen", ["participants", "test_lead"]),
        ("conditions and criteria of the thing tested", ["technical_criteria", "readiness"]),
        ("competent authority", ["regime", "several_provinces"]),
        ("pausing, adjusting and ending", ["stop_thresholds", "stop_procedure"]),
        ("time, space and scope", ["period", "spaces", "user_limit", "value_at_risk_vnd"]),
        ("control of the process", ["monitoring", "report_every_months"]),
        ("protection of participants", ["disclosure", "consent", "complaints", "complaints_contact", "compensation"]),
        ("risks and public safety", ["risks", "security_statement"]),
        ("what stands in the way", ["impediments"]),
        ("exit", ["exit_plan", "exit_intention", "participants_exit"]),
    ],
)
def test_what_a_file_of_a_controlled_test_must_hold_is_asked(pack: Pack, content: str, questions: list[str]) -> None:
    """The content that the Law on Science, Technology and Innovation lists, and the Capital Law adds."""
    asked = [pack.field_by_key[key] for key in questions]

    assert all(spec.required and spec.when is None for spec in asked), content


REAL = {"applicant_kind": "organisation", "test_setting": "real", "present_rules": "silent", "state_pilot": False}


@pytest.mark.parametrize("level", ["l1", "l2", "l3"])
@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("regime", ["capital_law", "ai", "banking", "data"])
@pytest.mark.parametrize("others", [[], ["ai"]])
def test_the_check_before_the_form_names_whom_the_officer_will_name(
    pack: Pack, level: str, several: bool, regime: str, others: list[str]
) -> None:
    has_level = {"ai_level": level} if regime == "ai" or others else {}
    answers = REAL | {"regime": regime, "other_regimes": others, "several_provinces": several} | has_level
    assert pack.precheck is not None

    verdict = verdict_of(pack.precheck, answers)

    told = [end.authority for end in (verdict.first, *verdict.others) if end.authority]
    assert {words["en"] for words in told} == {words["en"] for words in other_authorities(pack, answers)}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "go_on"),
        ({"test_setting": "closed", "present_rules": None}, "not_needed"),
        ({"present_rules": "allow"}, "not_needed"),
        ({"present_rules": "unsure"}, "talk"),
        ({"applicant_kind": "individual"}, "talk"),
        ({"several_provinces": True}, "talk"),
        ({"state_pilot": True}, "elsewhere"),
        ({"banking_services": ["peer_lending"]}, "elsewhere"),
    ],
)
def test_the_check_before_the_form_tells_who_needs_no_permission_or_should_talk_first(
    pack: Pack, changes: dict[str, object], kind: str
) -> None:
    assert pack.precheck is not None

    verdict = verdict_of(pack.precheck, REAL | {"regime": "capital_law", "several_provinces": False} | changes)

    assert verdict.first.kind == kind


@pytest.mark.parametrize(
    ("answers", "documents"),
    [
        ({"regime": "capital_law"}, {"test_scheme"}),
        ({"regime": "ai"}, {"test_scheme", "protective_measures", "technical_capability"}),
        ({"regime": "ai", "enterprise_status": ["startup"]}, {"test_scheme", "protective_measures"}),
        ({"regime": "ai", "enterprise_status": ["sme"]}, {"test_scheme", "protective_measures"}),
        ({"regime": "data", "filed_by": "authorised_person"}, {"test_scheme", "authorisation"}),
    ],
)
def test_small_applicants_owe_fewer_documents(pack: Pack, answers: dict[str, object], documents: set[str]) -> None:
    owed = {spec.key for spec in pack.documents if spec.required and (spec.when is None or spec.when.holds(answers))}

    assert owed == documents


@pytest.mark.parametrize(
    ("answers", "asked", "not_asked"),
    [
        ({"legal_form": "enterprise"}, "enterprise_status", "ai_level"),
        ({"other_regimes": ["ai"]}, "ai_level", "enterprise_status"),
        ({"spaces": ["physical"]}, "area", "online_space"),
        ({"spaces": ["cyberspace"]}, "online_space", "area"),
        ({"has_personal_data": True}, "has_children_data", "other_provinces"),
    ],
)
def test_questions_follow_the_answers(pack: Pack, answers: dict[str, object], asked: str, not_asked: str) -> None:
    shown = {spec.key for _, spec in visible_fields(pack.sections, answers)}

    assert asked in shown
    assert not_asked not in shown


def test_a_full_dossier_is_complete(pack: Pack) -> None:
    answers = complete_dossier(pack, regime="ai", ai_level="l1")

    faults = completeness_faults([spec for _, spec in visible_fields(pack.sections, answers)], answers)

    assert faults == {}


def test_what_identifies_a_person_is_masked(pack: Pack) -> None:
    masked = {key for key, spec in pack.field_by_key.items() if spec.sensitive}

    assert masked == {"representative_id", "contact_phone", "contact_email"}


def test_weights_add_up_to_a_hundred(pack: Pack) -> None:
    assert pack.rubric is not None
    assert sum(criterion.weight for criterion in pack.rubric.criteria) == 100


def test_little_rests_on_our_own_decision(pack: Pack) -> None:
    assert rules_without_law(pack) == {
        "parameters.start_within_days",
        "parameters.stuck_after_working_days",
        "clocks.eligibility.source",
        "clocks.supplement_answer.source",
        "clocks.review.source",
        "clocks.panel.source",
        "steps.assign_holder.basis",
        "steps.return_draft.basis",
        "steps.override.basis",
    }
