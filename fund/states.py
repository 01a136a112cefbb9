"""The states of a fund, of what somebody undertook, and of a capital call; their packs say which step leads where."""

CAP_BREACH = "cap_breach"

IN_WORK = ("chartered", "raising", "active", "review_5y")
FUND_STATES = ("preparing", *IN_WORK, CAP_BREACH, "wind_down", "closed")
STAGES = ("review", "go_on", "wind_down", "close")
"""The steps of a fund that the general meeting decides."""

COMMITMENT_STATES = ("proposed", "signed", "active", "reduced", "withdrawn", "transferred", "defaulted", "closed")
STANDING = ("active", "reduced")

OPEN_CALLS = ("issued", "partly_paid", "overdue")
CALL_STATES = ("draft", "cap_checked", *OPEN_CALLS, "paid", "cured", "defaulted", "dropped")
