"""What this domain says when a space cannot be given or drawn as asked."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons

SENTENCES = {
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
    "parts_unreadable": lazy_gettext("Enter 2 to %(limit)s lines, each with a code, a space and an area in m²."),
    "space_follows_admission": lazy_gettext(
        "A place in this park is given only to who was admitted; choose the admission."
    ),
    "admission_not_ones_own": lazy_gettext("This admission is somebody else’s, or for another park."),
    "admission_over": lazy_gettext("This admission has ended."),
    "admission_used_up": lazy_gettext("All places of this admission are given."),
    "admission_in_use": lazy_gettext("A place still stands on this admission; release it first."),
    "space_in_round": lazy_gettext("The round %(round)s has this space first on these days."),
    "round_spaces_taken": lazy_gettext("These spaces are given, or in another round, on days of this one: %(codes)s."),
    "round_needs_admission": lazy_gettext("Only firms that were admitted to the park take part in this round."),
    "round_closed": lazy_gettext("Applications to this round closed on %(closes_on)s."),
    "round_breach_unseen": lazy_gettext(
        "By this decision %(count)s firms could rightly complain. Look at who they are, then confirm it."
    ),
    "override_reason": lazy_gettext("Give the reason in %(least)s characters or more; it is published."),
    "override_not_asked": lazy_gettext("The firm did not ask for this space."),
    "override_unfit": lazy_gettext("This space does not fit what the firm needs."),
    "override_twice": lazy_gettext("This space is fixed for another firm already."),
    "override_quota": lazy_gettext("This would break a published quota, which binds those who decide too."),
    "queue_left": lazy_gettext("They do not wait for this space any more."),
    "plan_empty": lazy_gettext("There are no rows in this file."),
    "plan_too_long": lazy_gettext("This plan has too many spaces for one file."),
    "plan_columns": lazy_gettext("The first row names the columns, code among them. Not known: %(unknown)s."),
    "plan_unreadable": lazy_gettext("This cannot be read as a GeoJSON FeatureCollection in UTF-8."),
    "plan_code_twice": lazy_gettext("This code stands in the plan already."),
    "plan_fixed": lazy_gettext("This space stands in the park already, and keeps its kind and place."),
    "plan_parent_kind": lazy_gettext("A space of this kind does not stand in one of that kind."),
    "plan_let_twice": lazy_gettext("Either this space is given or %(other)s, which lies above or below it."),
    "plan_area_above": lazy_gettext("The parts of %(parent)s come to %(sum_m2)s; it has %(limit_m2)s."),
    "plan_applied": lazy_gettext("This plan was taken over already."),
    "plan_outdated": lazy_gettext("The park has changed since; bring the plan again."),
    "outline_not_polygon": lazy_gettext("This is no Polygon or MultiPolygon in degrees (WGS 84)."),
    "outline_unsound": lazy_gettext("The outline is not sound: %(why)s."),
    "outline_outside": lazy_gettext("The outline reaches out of %(parent)s."),
    "outline_overlaps": lazy_gettext("The outline lies on %(other)s."),
    "outline_area": lazy_gettext("%(drawn_m2)s are drawn; %(stated_m2)s are stated."),
    "park_code_taken": lazy_gettext("There is a park of this code already."),
}


def register_sentences() -> None:
    """Give each reason code its sentence."""
    register_reasons(SENTENCES)
