"""The sentence, in the reader's language, for each reason code that a refusal carries."""

from collections.abc import Mapping

from flask_babel import get_locale, gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from foundation.errors import Reason
from foundation.facts import spoken
from foundation.wording import DEFAULT_LANGUAGE

_sentences: dict[str, LazyString] = {}

WORK_FAILED = "work_failed"
"""Why something stays undone whose job failed for good."""


def register_reasons(sentences: Mapping[str, LazyString]) -> None:
    """Give reason codes their sentence: a lazy translation with ``%(name)s`` for the reason's facts.

    Raises:
        ValueError: a code is given two different owners.
    """
    for code, sentence in sentences.items():
        if code in _sentences:
            raise ValueError(f"reason {code!r} is registered twice")
        _sentences[code] = sentence


def sentence_of(reason: Reason) -> str:
    """The reason as a whole sentence in the current language."""
    template = str(_sentences[reason.code]) if reason.code in _sentences else gettext("This cannot be done now.")
    if not reason.facts:
        return template.replace("%%", "%")
    return template % spoken(reason.facts, str(get_locale() or DEFAULT_LANGUAGE))


def registered_reasons() -> frozenset[str]:
    return frozenset(_sentences)


register_reasons(
    {
        "refused": lazy_gettext("This cannot be done."),
        "not_allowed": lazy_gettext("You are not allowed to do this."),
        "not_found": lazy_gettext("This page or record does not exist, or you may not see it."),
        "blocked": lazy_gettext("This cannot be done now."),
        "invalid": lazy_gettext("Some of what was sent needs correction."),
        "required": lazy_gettext("Enter this."),
        "too_long": lazy_gettext("Use at most %(limit)s characters."),
        "list_too_long": lazy_gettext("Send at most %(limit)s entries."),
        "no_such_field": lazy_gettext("There is no such question."),
        "not_text": lazy_gettext("Enter text."),
        "too_short": lazy_gettext("Use at least %(limit)s characters."),
        "not_this_form": lazy_gettext("This does not have the expected form."),
        "decimal_as_text": lazy_gettext('Send the number as text, such as "-10000" or "0.08".'),
        "decimal_too_long": lazy_gettext(
            "Use at most %(digits)s digits before and %(places)s after the decimal point, and no exponent."
        ),
        "below_zero": lazy_gettext("Enter a number that is not below zero."),
        "not_a_number": lazy_gettext("Enter a number."),
        "too_small": lazy_gettext("Enter at least %(limit)s."),
        "too_large": lazy_gettext("Enter at most %(limit)s."),
        "not_a_date": lazy_gettext("Enter a date."),
        "not_a_choice": lazy_gettext("Choose one of the options."),
        "not_yes_or_no": lazy_gettext("Answer yes or no."),
        "does_not_exist": lazy_gettext("Choose one that exists."),
        "not_an_amount": lazy_gettext("Enter a whole number of đồng, such as 1.000.000."),
        "amount_negative": lazy_gettext("Enter an amount that is not below zero."),
        "amount_too_large": lazy_gettext("This amount is too large."),
        WORK_FAILED: lazy_gettext("A fault of the system kept this from being done. It was noted; try again."),
        "too_many_requests": lazy_gettext("Too many attempts. Try again in %(seconds)s seconds."),
    }
)
