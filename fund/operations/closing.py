"""The closing of a deal: payment and position, in the transaction of the second signature."""

from datetime import date

from applications.firing import AnyEvent, Firing
from applications.registry import effect, needs
from foundation.errors import Blocked
from fund.books import books_of
from fund.dealroom import deal_of, require_limits
from fund.models import Deal, Fund, Position
from fund.operations.ledger import Voucher, invest


@effect
@needs(payment="file", paid_on="date")
def pay_and_hold(firing: Firing) -> None:
    """The second signature: the payment goes into the ledger and the position begins, or neither does.

    Raises Blocked when the limits or the money no longer allow it.
    """
    require_limits(firing)
    deal, prepared = deal_of(firing), firing.last("prepare_closing")
    if prepared is None or deal.amount_vnd is None or deal.pre_money_vnd is None or deal.instrument is None:
        raise Blocked("deal_closing_not_prepared")
    books = books_of(firing.session, firing.session.get_one(Fund, deal.fund_id))
    voucher = Voucher("investment", date.fromisoformat(firing.data["paid_on"]), firing.case.code or firing.case.key)
    entry = invest(firing.session, books, deal.amount_vnd, voucher=voucher, actor=firing.actor)
    firing.session.add(_position(firing, deal, prepared, entry.id))
    firing.facts |= {"entry": entry.id, "amount": deal.amount_vnd}


def _position(firing: Firing, deal: Deal, prepared: AnyEvent, entry_id: int) -> Position:
    return Position(
        fund_id=deal.fund_id,
        deal_id=deal.id,
        entry_id=entry_id,
        organisation_id=deal.organisation_id,
        instrument=deal.instrument,
        paid_vnd=deal.amount_vnd,
        pre_money_vnd=deal.pre_money_vnd,
        invested_on=date.fromisoformat(firing.data["paid_on"]),
        holder_of_record=prepared.data["holder_of_record"],
        title_document_id=prepared.data["title_evidence"],
        payment_document_id=firing.data["payment"],
        prepared_by_id=prepared.person_id,
        released_by_id=firing.actor.person_id,
        recorded_at=firing.at,
    )
