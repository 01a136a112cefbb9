"""Who else is competent: the pack says by conditions on the answers which authority must decide instead."""

from collections.abc import Mapping
from typing import Any

from applications.packs.conditions import Condition
from applications.packs.model import Pack

PARAMETER = "other_authorities"
"""Parameter of a pack: a list of ``{when: condition, authority: {vi, en, fr}}``."""


def other_authorities(pack: Pack, answers: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The trilingual names of the authorities that are competent in place of the pack's unit."""
    return [
        rule["authority"] for rule in pack.parameters.get(PARAMETER, []) if Condition.parse(rule["when"]).holds(answers)
    ]
