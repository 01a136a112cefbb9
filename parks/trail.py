"""What the audit trail says of parks and their spaces."""

from flask_babel import lazy_gettext

from foundation.audit import register_actions as register

ACTIONS = {
    "parks:operator:add": lazy_gettext("Operator of parks added"),
    "parks:park:add": lazy_gettext("Park added"),
    "parks:queue:join": lazy_gettext("Somebody waits for a space"),
    "parks:queue:leave": lazy_gettext("Somebody no longer waits for a space"),
    "parks:plan:apply": lazy_gettext("Plan taken into the park"),
    "parks:space:add": lazy_gettext("Spaces added to the park"),
    "parks:space:change": lazy_gettext("Space changed"),
    "parks:space:merge": lazy_gettext("Spaces merged"),
    "parks:space:split": lazy_gettext("Space split"),
    "parks:allocation:hold": lazy_gettext("Space held"),
    "parks:allocation:reservation": lazy_gettext("Space reserved"),
    "parks:allocation:lease": lazy_gettext("Space let"),
    "parks:allocation:change": lazy_gettext("End of an allocation moved"),
    "parks:allocation:release": lazy_gettext("Space released"),
    "parks:round:publish": lazy_gettext("Round of allocation published"),
    "parks:round:enter": lazy_gettext("Firm entered in the round"),
    "parks:round:score": lazy_gettext("Points given in the round"),
    "parks:round:compare": lazy_gettext("Other outcomes of the round asked for"),
    "parks:round:decide": lazy_gettext("Round decided"),
    "parks:round:apply": lazy_gettext("Application to the round"),
    "parks:round:override": lazy_gettext("Placement decided otherwise than proposed"),
    "parks:round:override_back": lazy_gettext("Placement left to the ranking again"),
    "parks:offer:forfeited": lazy_gettext("Accepted space lost without a contract"),
    "parks:offer:accepted": lazy_gettext("Offer of a space accepted"),
    "parks:offer:declined": lazy_gettext("Offer of a space declined"),
    "parks:offer:lapsed": lazy_gettext("Offer of a space lapsed"),
    "parks:offer:moved_up": lazy_gettext("Offer replaced by one that the firm wanted more"),
    "parks:offer:move_on": lazy_gettext("Space offered to the next in line"),
    "parks:admission:place": lazy_gettext("Space held on an admission"),
    "parks:admission:end": lazy_gettext("Admission ended"),
    "parks:park:admission": lazy_gettext("Whether places follow an admission changed"),
    "parks:frame:register": lazy_gettext("Price frame registered"),
    "parks:account:set": lazy_gettext("Account for payments set"),
    "parks:lease:draft": lazy_gettext("Lease drafted"),
    "parks:lease:sign": lazy_gettext("Lease signed"),
    "parks:lease:relieve": lazy_gettext("Relief of rent granted"),
    "parks:lease:terminate": lazy_gettext("Lease ended early"),
    "parks:lease:hand_back": lazy_gettext("Space handed back"),
    "parks:request:issue": lazy_gettext("Payment requests issued"),
    "parks:request:remind": lazy_gettext("Tenant reminded of an overdue request"),
    "parks:request:einvoice": lazy_gettext("Number of the e-invoice noted"),
    "parks:request:correct": lazy_gettext("Payment request corrected"),
    "parks:index:enter": lazy_gettext("Value of the price index entered"),
    "parks:renewal:notify": lazy_gettext("Renewal of the lease brought to mind"),
    "parks:payment:record": lazy_gettext("Payment recorded"),
    "parks:deposit:enter": lazy_gettext("Entry of the deposit"),
}


def register_actions() -> None:
    """Add this domain's actions to the vocabulary of the trail."""
    register(ACTIONS)
