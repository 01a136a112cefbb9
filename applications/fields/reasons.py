"""The sentences for what is wrong with an answer, beside those that every input shares."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons

register_reasons(
    {
        "not_this_kind": lazy_gettext("This is no answer to the question."),
        "one_line_only": lazy_gettext("Use one line only."),
        "too_many_decimals": lazy_gettext("Use at most %(limit)s digits after the decimal point."),
        "whole_dong_only": lazy_gettext("Enter an amount in whole đồng."),
        "too_early": lazy_gettext("The earliest possible date is %(limit)s."),
        "too_late": lazy_gettext("The latest possible date is %(limit)s."),
        "not_a_period": lazy_gettext("Enter a first and a last day."),
        "ends_before_it_starts": lazy_gettext("The last day comes before the first."),
        "longer_than_months": lazy_gettext("The period may last at most %(limit)s months."),
        "period_is_open": lazy_gettext("Enter both the first and the last day."),
        "too_many_choices": lazy_gettext("Choose at most %(limit)s options."),
        "must_be_declared": lazy_gettext("Confirm this declaration."),
        "not_a_table": lazy_gettext("Correct the marked rows."),
        "too_many_rows": lazy_gettext("Enter at most %(limit)s rows."),
        "too_few_rows": lazy_gettext("Enter at least %(limit)s rows."),
    }
)
