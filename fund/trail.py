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
            "fund:index:enter": lazy_gettext("Values of an index entered"),
            "fund:ledger:post": lazy_gettext("Entry added to the fund’s ledger"),
        }
    )
