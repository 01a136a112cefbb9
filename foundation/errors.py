"""The ways in which the product says no; raised once, where the fact is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something cannot happen now: a code for programs, facts for the sentence shown to a person.

    ``code`` is looked up in :mod:`foundation.reasons` for its sentence in the reader's language.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Base of every answer that is a no."""

    status = 400
    code = "refused"


class NotAllowed(Refusal):
    """The actor may not do this at all (403); sometimes there is a reason worth telling."""

    status = 403
    code = "not_allowed"

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason.code for reason in reasons))


class NotFound(Refusal):
    """There is no such thing, or the actor may not know that there is (404)."""

    status = 404
    code = "not_found"


class Blocked(Refusal):
    """The actor may, but it cannot happen now (409)."""

    status = 409
    code = "blocked"

    def __init__(self, *reasons: Reason | str) -> None:
        self.reasons: tuple[Reason, ...] = tuple(Reason(r) if isinstance(r, str) else r for r in reasons)
        super().__init__(", ".join(reason.code for reason in self.reasons))


class TooMany(Refusal):
    """Tried too often (429): ``retry_after`` seconds have to pass."""

    status = 429
    code = "too_many_requests_now"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"{retry_after} s")


class Stale(Blocked):
    """Somebody changed it since the actor read it (412)."""

    status = 412
    code = "changed_meanwhile"


class Invalid(Refusal):
    """What was sent is wrong (422): per field path, the reasons why."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, Sequence[Reason | str]]) -> None:
        self.fields: dict[str, list[Reason]] = {
            path: [Reason(r) if isinstance(r, str) else r for r in reasons] for path, reasons in fields.items()
        }
        super().__init__(", ".join(sorted(self.fields)))
