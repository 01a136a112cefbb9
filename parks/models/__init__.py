"""Parks with their operators, the tree of their spaces, and who holds which space from when to when."""

from parks.models import admissionguards, leaseguards, precedence, roundguards, spaceguards
from parks.models.admissions import ParkAdmission
from parks.models.allocations import SpaceAllocation
from parks.models.changes import SpaceChange, SpaceChangePart
from parks.models.corrections import PriceIndexValue, RequestCorrection
from parks.models.leases import (
    DepositEntry,
    Lease,
    LeasePayment,
    LeaseRelief,
    OperatorAccount,
    PaymentRequest,
    PriceFrame,
)
from parks.models.parks import AnnouncedArea, Park, ParkOperator
from parks.models.plans import SpacePlan
from parks.models.rounds import AllocationRound, RoundApplicant, RoundOffer, RoundOverride, RoundSpace
from parks.models.spaces import Space
from parks.models.waiting import SpaceWaiter

__all__ = [
    "AllocationRound",
    "AnnouncedArea",
    "DepositEntry",
    "Lease",
    "LeasePayment",
    "LeaseRelief",
    "OperatorAccount",
    "Park",
    "ParkAdmission",
    "ParkOperator",
    "PaymentRequest",
    "PriceFrame",
    "PriceIndexValue",
    "RequestCorrection",
    "RoundApplicant",
    "RoundOffer",
    "RoundOverride",
    "RoundSpace",
    "Space",
    "SpaceAllocation",
    "SpaceChange",
    "SpaceChangePart",
    "SpacePlan",
    "SpaceWaiter",
    "admissionguards",
    "leaseguards",
    "precedence",
    "roundguards",
    "spaceguards",
]
