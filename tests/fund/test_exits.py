"""Positions that end: what is told of them then, what is refused, and how an exit is taken back."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import now
from foundation.errors import Invalid
from foundation.workdays import local_date
from fund.books import Moment, books_of
from fund.capital import GIVEN_UP, PROCEEDS
from fund.models import PositionExit
from fund.operations.exits import StatedExit, exit_position
from fund.operations.ledger import open_books, reverse_entry
from fund.queries.positions import Held, positions_of
from fund.queries.results import fund_results
from fund.standing import losses_of
from tests.accounts.factories import make_person, sign_in
from tests.fund.dealplay import DealPlay, make_deal_play
from tests.fund.funds import BILLION

PAID = 8 * BILLION


@pytest.fixture
def play(session: Session) -> DealPlay:
    """A deal that was closed today."""
    play = make_deal_play(session)
    play.until_prepared(PAID)
    play.close()
    return play


def leave(play: DealPlay, **changes: Any) -> PositionExit:
    stated: dict[str, Any] = {
        "kind": "exit",
        "way": "competitive_sale",
        "exited_on": today(),
        "proceeds_vnd": 20 * BILLION,
        "decision": "NQ 7/QĐT",
        "justification": "Ba người trả giá",
    } | changes
    books = open_books(play.session, play.fund.code, actor=SYSTEM)
    return exit_position(play.session, books, code(play), StatedExit(**stated), actor=SYSTEM)


def code(play: DealPlay) -> str:
    return play.application.code or play.application.key


def held(play: DealPlay, moment: Moment | None = None) -> Held:
    return positions_of(play.session, play.fund, moment or Moment())[0]


def today() -> date:
    return local_date(now())


def test_an_exit_closes_the_position_and_realises_a_gain(play: DealPlay) -> None:
    leave(play)

    book = books_of(play.session, play.fund).book
    assert (held(play).closed_on, held(play).realised_gain, held(play).cost_left) == (today(), 12 * BILLION, 0)
    assert sum(book.total(PROCEEDS, is_city=one) for one in (True, False)) == 20 * BILLION
    assert sum(book.total(GIVEN_UP, is_city=one) for one in (True, False)) == PAID
    [results] = fund_results(play.session, play.fund, today()).positions
    assert (results.results.worth.amount, str(results.results.multiples.tvpi)) == (0, "2.5000000000")


def test_parts_end_one_after_the_other(play: DealPlay) -> None:
    leave(play, kind="partial_exit", cost_vnd=3 * BILLION, proceeds_vnd=BILLION)
    part = held(play)
    leave(play, kind="write_off", way="liquidation", proceeds_vnd=0)

    assert (part.cost_left, part.realised_gain, part.closed_on) == (5 * BILLION, -2 * BILLION, None)
    assert (held(play).realised_gain, held(play).closed_on) == (-7 * BILLION, today())
    assert losses_of(play.session, another(play)) == 7 * BILLION


def another(play: DealPlay) -> Any:
    """Any other deal, for which what was lost on this one counts."""
    other = type(play.deal)(fund_id=play.fund.id)
    other.id = 0
    return other


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "write_off"}, "proceeds"),
        ({"proceeds_vnd": 0}, "proceeds"),
        ({"kind": "partial_exit", "cost_vnd": PAID}, "cost"),
        ({"kind": "partial_exit"}, "cost"),
        ({"exited_on": date(2020, 1, 1)}, "exited_on"),
        ({"justification": " "}, "justification"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(play: DealPlay, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        leave(play, **changes)

    assert list(refused.value.fields) == [field]


def test_an_exit_taken_back_leaves_the_position_as_it_was(play: DealPlay) -> None:
    ended = leave(play)
    books = open_books(play.session, play.fund.code, actor=SYSTEM)
    reverse_entry(play.session, books, ended.entry_id, effective_on=today(), reference="Nhầm", actor=SYSTEM)

    assert (held(play).cost_left, held(play).closed_on) == (PAID, None)

    leave(play, proceeds_vnd=BILLION)
    assert held(play).realised_gain == -7 * BILLION


def test_a_manager_records_an_exit_on_its_page(play: DealPlay, client: FlaskClient) -> None:
    session, address = play.session, f"/funds/{play.fund.code}/positions/{play.application.key}/exit"
    sign_in(client, session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": play.fund.code}]))
    session.commit()
    sent = {"kind": "exit", "way": "buy_back", "exited_on": today().isoformat(), "proceeds": "", "decision": "NQ 7"}

    refused = client.post(address, data=sent | {"justification": "Giá theo hợp đồng"})
    done = client.post(address, data=sent | {"justification": "Giá theo hợp đồng", "proceeds": "9.000.000.000"})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert session.scalars(select(PositionExit.proceeds_vnd)).all() == [9 * BILLION]
    assert "1.000.000.000" in client.get(f"/funds/{play.fund.code}/results").text
    assert client.get(f"/funds/{play.fund.code}/positions/none/exit").status_code == 404
