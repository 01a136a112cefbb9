"""``docs/performance.md`` in parts: what each measurement wrote stays until that one is made again."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
PARTS = ("bench", "full", "soak", "findings")
"""In the order in which they stand; the findings are written by hand."""


def write_part(name: str, content: str) -> None:
    """Put this in the place of what the part said before."""
    parts = {**dict.fromkeys(PARTS, ""), **_parts(PAGE.read_text(encoding="utf-8")), name: content.strip()}
    text = "\n\n".join(f"<!-- begin {part} -->\n\n{parts[part]}\n\n<!-- end {part} -->" for part in PARTS)
    PAGE.write_text(f"# Performance\n\n{text}\n", encoding="utf-8")


def _parts(text: str) -> dict[str, str]:
    found = re.findall(r"<!-- begin (\w+) -->(.*?)<!-- end \1 -->", text, re.DOTALL)
    return {name: content.strip() for name, content in found} or {"bench": text.partition("\n")[2].strip()}
