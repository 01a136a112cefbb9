"""The sentences with which this package says no."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons


def register_sentences() -> None:
    """Give every reason code of this package its sentence."""
    register_reasons(
        {
            "email_not_valid": lazy_gettext("Enter an e-mail address in the form name@example.com."),
            "email_taken": lazy_gettext("Another account uses this e-mail address."),
            "tax_code_form": lazy_gettext("Enter the 10 digits of the tax code, or the 13 digits of a branch."),
            "tax_code_check_digit": lazy_gettext(
                "This tax code does not exist: its check digit is wrong. Compare it with your registration."
            ),
            "tax_code_taken": lazy_gettext(
                "An organisation with this tax code is already registered. Ask its owner to invite you."
            ),
            "legal_form_unknown": lazy_gettext("Choose a legal form from the list."),
            "ward_unknown": lazy_gettext("Choose a ward or commune from the list."),
            "founded_in_future": lazy_gettext("The day of founding cannot lie in the future."),
            "website_not_valid": lazy_gettext("Enter an address that begins with https:// or http://."),
            "password_too_short": lazy_gettext("Use at least %(shortest)s characters."),
            "password_too_easy": lazy_gettext("This password is easy to guess. Choose another one."),
            "password_wrong": lazy_gettext("This is not your present password."),
            "sign_in_failed": lazy_gettext("The e-mail address or the password is not right."),
            "link_not_valid": lazy_gettext("This link has expired or was already used."),
            "language_unknown": lazy_gettext("Choose a language from the list."),
            "role_unknown": lazy_gettext("Choose a role from the list."),
            "scope_not_of_role": lazy_gettext("This role cannot be narrowed in this way."),
            "unit_unknown": lazy_gettext("Choose a unit from the list."),
            "unit_code_taken": lazy_gettext("Another unit has this code."),
            "unit_code_form": lazy_gettext("Use capital letters, digits, dots and dashes."),
            "unit_kind_unknown": lazy_gettext("Choose a kind from the list."),
            "pattern_not_sound": lazy_gettext("The pattern holds {unit}, {yymmdd} and {serial:04}, each once."),
            "period_reversed": lazy_gettext("The last day lies before the first day."),
            "grant_exists": lazy_gettext("This person already holds this role with this scope and first day."),
            "grant_to_oneself": lazy_gettext("Nobody can grant a role to themself. Ask another administrator."),
            "grant_revoked": lazy_gettext("This role was already revoked."),
            "disable_oneself": lazy_gettext("Nobody can disable their own account."),
            "member_already": lazy_gettext("This person is already a member."),
            "last_owner": lazy_gettext("An organisation keeps at least one owner. Name another owner first."),
            "lifetime_not_valid": lazy_gettext("Choose between 1 and %(limit)s days."),
            "scopes_missing": lazy_gettext("Choose at least one permission."),
        }
    )
