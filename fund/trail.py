"""What the audit trail says of funds."""

from flask_babel import lazy_gettext

from foundation.audit import register_actions as register


def register_actions() -> None:
    """Add this domain's actions to the vocabulary of the trail."""
    register(
        {
            "fund:fund:create": lazy_gettext("Fund created"),
            "fund:terms:set": lazy_gettext("Terms of the fund set"),
            "fund:contributor:add": lazy_gettext("Contributor added to the fund"),
            "fund:valuation:enter": lazy_gettext("Valuation entered"),
            "fund:publication:decide": lazy_gettext("Field of a fund published or withheld"),
            "fund:contributor:link": lazy_gettext("Contributor linked to its organisation"),
            "fund:decision_file:ask": lazy_gettext("Decision file of a deal asked for"),
            "fund:index:enter": lazy_gettext("Values of an index entered"),
            "fund:contributor:update": lazy_gettext("Contributor of the fund described anew"),
            "fund:fund:move": lazy_gettext("Fund entered another stage"),
            "fund:breach:notify": lazy_gettext("Contributors notified of an exceeded ceiling"),
            "fund:breach:plan": lazy_gettext("Plan for the cure of an exceeded ceiling filed"),
            "fund:ledger:post": lazy_gettext("Entry added to the fund’s ledger"),
        }
    )
