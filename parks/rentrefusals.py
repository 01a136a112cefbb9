"""What the parks say when a rent or a term cannot be worked out as it was stated."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons

SENTENCES = {
    "ends_before_start": lazy_gettext("The last day cannot be before the first."),
    "term_too_long": lazy_gettext("A term lasts %(years)s years at most."),
    "rent_index_begins_late": lazy_gettext("The index needs a value on or before the first day, %(starts_on)s."),
    "break_outside_term": lazy_gettext("Choose a day within the term."),
    "day_ahead": lazy_gettext("This day has not come yet."),
    "frame_turned_round": lazy_gettext("The highest price cannot be below the lowest."),
    "frame_missing": lazy_gettext(
        "The operator has registered no price frame for this use of space that holds on %(day)s."
    ),
    "frame_lapsed": lazy_gettext("The operator’s price frame had to be registered again by %(last_on)s."),
    "price_outside_frame": lazy_gettext(
        "The registered price frame allows %(lowest_vnd)s to %(highest_vnd)s for a square metre and month."
    ),
    "land_rent_exempt": lazy_gettext("The operator is exempt from land rent; it cannot be charged on to the tenant."),
    "lease_signed": lazy_gettext("This lease is signed already."),
    "lease_not_signed": lazy_gettext("This lease is not signed yet."),
    "lease_ended": lazy_gettext("This lease has ended; its space was handed back."),
    "claim_on_other_space": lazy_gettext("This hold or reservation is of another space."),
    "hand_back_before_end": lazy_gettext("The lease ends on %(ends_on)s; end it early first."),
    "payment_noted": lazy_gettext("A payment of this reference was recorded already."),
    "deposit_overdrawn": lazy_gettext("The deposit holds only %(held_vnd)s."),
    "correction_too_large": lazy_gettext("Of this request only %(owed_vnd)s are asked for; no more can be taken off."),
    "index_value_unsound": lazy_gettext("Enter a value above zero, %(largest)s at most, with four decimals at most."),
    "criteria_without_weight": lazy_gettext("At least one criterion needs weight."),
    "criteria_twice": lazy_gettext("Each criterion has a code of its own."),
    "round_closes_late": lazy_gettext("Applications close before the spaces are given."),
    "round_spaces_unknown": lazy_gettext("These spaces are not let here: %(codes)s."),
    "round_entered_before": lazy_gettext("A firm of this name is in the round already."),
    "points_outside_criteria": lazy_gettext("Give points after the published criteria, none above the most."),
    "round_still_open": lazy_gettext("Applications may come until %(closes_on)s."),
    "round_decided": lazy_gettext("This round is decided."),
    "offer_answered": lazy_gettext("This offer was answered already."),
    "offer_moved_up": lazy_gettext(
        "A space that the firm wanted more fell free and is offered to it instead; this offer was withdrawn."
    ),
    "offer_lapsed": lazy_gettext("This offer has lapsed."),
    "wale_without_weight": lazy_gettext("Enter at least one area or rent above zero."),
    "wale_lease_without_term": lazy_gettext("Enter the months left, or the last day."),
}


def register_sentences() -> None:
    """Give each reason code its sentence."""
    register_reasons(SENTENCES)
