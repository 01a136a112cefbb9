"""Price frames and accounts of the demonstration's operators: registered twice, as the decree asks, and invented."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of
from foundation.workdays import start_of_day
from parks.models import ParkOperator
from parks.operations.frames import StatedFrame, register_frame, set_account
from parks.terms import add_months

BANK = ("970999", "Ngân hàng Minh Họa")
LAND_PRICE, ROOM_PRICE, HIGHEST, SERVICE = Decimal(9_000), Decimal(240_000), Decimal(320_000), Decimal(35_000)
"""Đồng for a square metre and month: of land, of rooms, and the most that may be asked, with the service charge."""

USES = ("research", "incubator", "production", "training", "service")
REGISTERED_MONTHS_AGO = (10, 5)


def set_prices(session: Session, operator: ParkOperator, today: date) -> None:
    """A frame for each of the uses, from land to rooms, and an account to pay to."""
    set_account(session, operator, BANK, f"19{operator.id:08d}", operator.name["vi"][:60], actor=SYSTEM)
    for months in REGISTERED_MONTHS_AGO:
        begins = add_months(today, -months)
        for use in USES:
            frame = StatedFrame(use, LAND_PRICE, HIGHEST, SERVICE, begins, f"{months:02d}/ĐK-KG (minh họa)")
            with as_of(start_of_day(begins)):
                register_frame(session, operator, frame, actor=SYSTEM)
