"""A small chart of what was measured: a line for each journey, from few dossiers to many."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

CHART = Path(__file__).resolve().parents[1] / "docs" / "img" / "performance.svg"
WIDTH, ROW, LEFT, TOP = 760, 22, 250, 34
SHADES = ("#9ec5e8", "#3f86c6", "#123f6d")


def draw(p95: Mapping[str, Sequence[float]], sizes: Sequence[int], target: float) -> None:
    """Bars of milliseconds by journey, one for each number of dossiers, and the line of the target."""
    most = max([target * 1.5, *(value for values in p95.values() for value in values)])
    scale = (WIDTH - LEFT - 60) / most
    group = ROW * len(sizes) // 2 + 10
    parts = [_legend(sizes)]
    for place, (name, values) in enumerate(p95.items()):
        top = TOP + place * group
        parts.append(_text(LEFT - 8, top + group // 2 - 2, name, anchor="end"))
        for number, value in enumerate(values):
            y = top + number * ROW // 2
            size = f'width="{value * scale:.1f}" height="9"'
            parts.append(f'<rect x="{LEFT}" y="{y}" {size} fill="{SHADES[number % 3]}"/>')
            parts.append(_text(int(LEFT + value * scale + 4), y + 8, f"{value:.0f}", size=9))
    height = TOP + len(p95) * group + 10
    line = LEFT + target * scale
    parts.append(f'<path d="M{line:.1f} {TOP - 6}V{height - 8}" stroke="#b42318" stroke-dasharray="4 3"/>')
    box = f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    title = f"<title>p95 in milliseconds; the dashed line is {target:.0f} ms</title>"
    background = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    CHART.parent.mkdir(exist_ok=True)
    CHART.write_text("\n".join([head, title, background, *parts, "</svg>", ""]), encoding="utf-8")


def _legend(sizes: Sequence[int]) -> str:
    shown = [_text(LEFT, 14, "p95 in ms, 8 connections", size=11)]
    for place, size in enumerate(sizes):
        x = LEFT + 170 + place * 110
        shown.append(f'<rect x="{x}" y="6" width="10" height="10" fill="{SHADES[place % 3]}"/>')
        shown.append(_text(x + 14, 15, f"{size:,}", size=11))
    return "\n".join(shown)


def _text(x: int, y: int, words: str, *, anchor: str = "start", size: int = 11) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="#1f2937">{escape(words)}</text>'
