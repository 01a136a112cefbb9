"""What the pages say about roles, channels, terms and reviews, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from applications.packs.expressions import Expression
from applications.packs.model import INTERNAL, ClockVerb, Length, Pack
from applications.queries.lists import applicant_name
from applications.web.blueprint import blueprint
from foundation.errors import Reason
from foundation.reasons import sentence_of
from foundation.register import ROLES
from foundation.speech import current_language
from foundation.wording import in_language

RULE_TITLES = {
    "applicant": lazy_gettext("The applicant"),
    "registrar": lazy_gettext("The officer who registered the dossier"),
    "holder": lazy_gettext("The person in charge"),
    "system": lazy_gettext("The clock"),
    "the_books": lazy_gettext("What is recorded in the books"),
    "the_database": lazy_gettext("The database itself"),
    "assigned_reviewer": lazy_gettext("An assigned reviewer"),
    "conflicted": lazy_gettext("somebody with a conflict of interest"),
}
CONFLICT_TITLES = {
    "employer": lazy_gettext("I work for the applicant, or did in the last three years"),
    "shareholding": lazy_gettext("I or somebody close to me holds shares in the applicant"),
    "family": lazy_gettext("Somebody in my family owns, leads or works for the applicant"),
    "paid_advice": lazy_gettext("I advise or advised the applicant for pay"),
    "institution": lazy_gettext("My institution takes part in the project"),
    "other": lazy_gettext("Another interest"),
}
VERB_TITLES: dict[ClockVerb, Any] = {
    "start": lazy_gettext("The deadline “%(clock)s” starts: %(length)s."),
    "stop": lazy_gettext("The deadline “%(clock)s” stops."),
    "pause": lazy_gettext("The deadline “%(clock)s” is paused."),
    "resume": lazy_gettext("The deadline “%(clock)s” runs on."),
    "restart": lazy_gettext("The deadline “%(clock)s” starts from zero: %(length)s."),
    "reappoint": lazy_gettext("The deadline “%(clock)s” gets the new date."),
}
STATUS_TITLES = {
    "running": lazy_gettext("Running"),
    "paused": lazy_gettext("Paused"),
    "stopped": lazy_gettext("Stopped"),
    "restarted": lazy_gettext("Started from zero again"),
}
OUTCOME_TITLES = {"granted": lazy_gettext("Granted"), "refused": lazy_gettext("Refused")}
CERTAINTY_TITLES = {
    "text": lazy_gettext("read in the text"),
    "press": lazy_gettext("from the press"),
    "memory": lazy_gettext("from memory, to be checked"),
    "open": lazy_gettext("open question"),
    "derived": lazy_gettext("derived"),
    "proposal": lazy_gettext("proposal"),
}
ADDRESSEE_TITLES = {
    "applicant": lazy_gettext("the applicant"),
    "holder": lazy_gettext("the person in charge"),
    "previous_holder": lazy_gettext("the person who was in charge before"),
    "unit": lazy_gettext("the officers of the unit"),
    "intake": lazy_gettext("the intake officers of the unit"),
    "reviewers": lazy_gettext("the assigned reviewers"),
    "drafters": lazy_gettext("those who draft decisions"),
    "issuers": lazy_gettext("those who issue decisions"),
    "body": lazy_gettext("those who vote in the deciding body"),
    "panel": lazy_gettext("the members of the advisory panel"),
    "panel_secretaries": lazy_gettext("the secretaries of the advisory panel"),
    "treasurers": lazy_gettext("those who release payments"),
    "consulted": lazy_gettext("the departments that are asked"),
}


def language() -> str:
    """The language of the page."""
    return current_language()


def role_title(name: str | None) -> str:
    """A role or a named rule, as a person reads it; empty for none."""
    if name is None:
        return ""
    if name in ROLES:
        return in_language(ROLES[name].title, language())
    return str(RULE_TITLES.get(name, name))


def who_words(who: Expression) -> str:
    """Who may make a step: the roles, and who is kept out."""
    may, kept_out = _roles(who)
    if not kept_out:
        return may
    return str(gettext("%(may)s, but not %(others)s", may=may, others="; ".join(map(role_title, kept_out))))


def maker_words(who: Expression) -> str:
    """Who makes a step, without those who are kept out."""
    return _roles(who)[0]


def _roles(who: Expression) -> tuple[str, list[str]]:
    names = list(dict.fromkeys(who.names()))
    kept_out = [name for name in names if f"~{name}" in who.text.replace(" ", "")]
    return "; ".join(role_title(name) for name in names if name not in kept_out), kept_out


def length_words(length: Length) -> str:
    """A term in words."""
    match length.unit:
        case "working_days":
            return str(ngettext("%(num)s working day", "%(num)s working days", length.amount))
        case "days":
            return str(ngettext("%(num)s day", "%(num)s days", length.amount))
        case "hours":
            return str(ngettext("%(num)s hour", "%(num)s hours", length.amount))
        case "months":
            return str(ngettext("%(num)s month", "%(num)s months", length.amount))


def basis_words(pack: Pack, key: str) -> str:
    """The rule on which something rests; our own rules say so."""
    source = pack.sources.get(key)
    if source is None or key == INTERNAL:
        return str(gettext("Internal rule"))
    return in_language(source.title, language())


def verb_words(pack: Pack, clock: str, verb: ClockVerb) -> str:
    """What a step does to a deadline, as a sentence."""
    spec = pack.clock_by_key[clock]
    return str(VERB_TITLES[verb]) % {
        "clock": in_language(spec.title, language()),
        "length": length_words(spec.length),
    }


def sentences_by_field(faults: Mapping[str, Iterable[Reason | str]]) -> dict[str, list[str]]:
    """What is wrong, by field, in sentences."""
    return {
        path: [sentence_of(reason if isinstance(reason, Reason) else Reason(reason)) for reason in reasons]
        for path, reasons in faults.items()
    }


def file_size(size: int) -> str:
    """A size in bytes as people read it."""
    if size < 1000:
        return str(ngettext("%(num)s byte", "%(num)s bytes", size))
    if size < 1_000_000:
        return str(gettext("%(size)s kB", size=round(size / 1000)))
    tenths = round(size / 100_000)
    mark = "." if language() == "en" else ","
    return str(gettext("%(size)s MB", size=f"{tenths // 10}{mark}{tenths % 10}"))


def percent(basis_points: int) -> str:
    """Basis points as a percentage with one decimal."""
    tenths = (basis_points + 5) // 10
    text = f"{tenths // 10}{'.' if language() == 'en' else ','}{tenths % 10}"
    return f"{text}%" if language() != "fr" else f"{text} %"


blueprint.add_app_template_filter(sentence_of, "reason_words")
blueprint.add_app_template_filter(applicant_name, "applicant_name")
blueprint.add_app_template_filter(role_title, "role_title")
blueprint.add_app_template_filter(length_words, "length_words")
blueprint.add_app_template_filter(file_size, "file_size")
blueprint.add_app_template_filter(percent, "percent")
