"""What this domain says when a space cannot be given or drawn as asked."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons


def register_sentences() -> None:
    """Give each reason code its sentence."""
    register_reasons(
        {
            "space_taken": lazy_gettext("Too much is taken: on %(full_on)s only %(free_m2)s are free."),
            "space_smaller": lazy_gettext("The space has %(usable_m2)s in all."),
            "space_whole_only": lazy_gettext("This space is given as a whole, with all its %(usable_m2)s."),
            "space_not_let": lazy_gettext("This space is not let itself; look at its parts."),
            "space_planned": lazy_gettext("This space is planned and not built yet."),
            "space_refurbishing": lazy_gettext("This space is being refurbished."),
            "space_blocked": lazy_gettext("This space is blocked."),
            "space_not_there": lazy_gettext("This space does not exist over the whole period."),
            "space_claimed": lazy_gettext("Somebody holds, reserved or leases this space for days that follow."),
            "space_has_parts": lazy_gettext("This space has parts of its own."),
            "space_not_siblings": lazy_gettext("Choose two or more spaces of one kind that stand in the same place."),
            "space_code_taken": lazy_gettext("There is a space of this code already."),
            "space_split_area": lazy_gettext("The parts come to %(parts_m2)s; the space has %(usable_m2)s."),
            "allocation_lapsed": lazy_gettext("This hold or reservation has lapsed."),
            "allocation_released": lazy_gettext("This was released already."),
            "allocation_is_lease": lazy_gettext("This space is let already."),
            "period_backwards": lazy_gettext("The last day comes before the first."),
            "period_too_long": lazy_gettext("A period holds %(years)s years at most."),
            "area_not_positive": lazy_gettext("Enter an area above zero, with two decimals at most."),
            "park_code_taken": lazy_gettext("There is a park of this code already."),
        }
    )
