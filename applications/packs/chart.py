"""The workflow of a pack as a chart: each state a line from top to bottom, each step an arrow across.

No layout has to be searched for, whatever the pack says: columns are states and rows are steps, in its order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from applications.packs.model import Pack, StateKind, Step
from foundation.wording import in_language

COLUMN, ROW, LABELS, HEAD = 50, 32, 236, 168
"""Width of a state, height of a step, width of the steps' names, height of the states' names, in pixels."""
LETTERS_A_LINE, LINES = 20, 3
LONGEST_NAME = 34


@dataclass(frozen=True, slots=True)
class Column:
    """A state: its name in short lines, and where its line stands."""

    key: str
    kind: StateKind
    x: int
    lines: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A step: dots where it may begin, an arrow to where it leads; ``to_x`` is none when it stays in place."""

    key: str
    title: str
    name: str
    style: str
    y: int
    from_xs: tuple[int, ...]
    to_x: int | None

    @property
    def left(self) -> int:
        return min(self._ends)

    @property
    def right(self) -> int:
        return max(self._ends)

    @property
    def _ends(self) -> tuple[int, ...]:
        return self.from_xs if self.to_x is None else (*self.from_xs, self.to_x)

    @property
    def points_left(self) -> bool:
        """Whether the arrow's head looks left: nothing begins on its left side."""
        return self.to_x is not None and self.to_x < min(self.from_xs)

    @property
    def head(self) -> str:
        """The corners of the arrow's head, as an SVG path."""
        if self.to_x is None:
            return ""
        back = 8 if self.points_left else -8
        return f"M{self.to_x} {self.y}l{back} -5v10z"


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing."""

    width: int
    height: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    head: int = HEAD
    labels: int = LABELS


def chart(pack: Pack, language: str) -> Chart:
    """The chart of a workflow with names in a language."""
    places = {state.key: LABELS + COLUMN // 2 + number * COLUMN for number, state in enumerate(pack.states)}
    columns = tuple(
        Column(
            state.key,
            state.kind,
            places[state.key],
            tuple(_lines(in_language(state.title, language))),
            in_language(state.title, language),
        )
        for state in pack.states
    )
    rows = tuple(_row(step, number, places, language) for number, step in enumerate(pack.steps))
    return Chart(LABELS + COLUMN * len(columns), HEAD + ROW * len(rows) + ROW // 2, columns, rows)


def _row(step: Step, number: int, places: dict[str, int], language: str) -> Row:
    title = in_language(step.title, language)
    return Row(
        key=step.key,
        title=title,
        name=title if len(title) <= LONGEST_NAME else title[: LONGEST_NAME - 1].rstrip() + "…",
        style=step.style,
        y=HEAD + ROW * number + ROW // 2,
        from_xs=tuple(places[key] for key in step.sources),
        to_x=places[step.to] if step.to else None,
    )


def _lines(title: str) -> Iterator[str]:
    """The words of a name in lines that fit a column; the last one ends in dots when there is more."""
    lines: list[str] = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LETTERS_A_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1].rstrip(",;") + "…"]
    yield from lines
