"""What the parks say when a rent or a term cannot be worked out as it was stated."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons


def register_sentences() -> None:
    """Give each reason code its sentence."""
    register_reasons(
        {
            "ends_before_start": lazy_gettext("The last day cannot be before the first."),
            "term_too_long": lazy_gettext("A term lasts %(years)s years at most."),
            "rent_index_begins_late": lazy_gettext(
                "The index needs a value on or before the first day, %(starts_on)s."
            ),
            "wale_without_weight": lazy_gettext("Enter at least one area or rent above zero."),
            "wale_lease_without_term": lazy_gettext("Enter the months left, or the last day."),
        }
    )
