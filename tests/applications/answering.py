"""Sound answers to any pack's questions, made from the questions alone."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from applications.fields import visible_fields
from applications.packs.model import FieldSpec, Pack

WARD = "00004"
LAST_DAY = "2200-12-31"


def answer_to(spec: FieldSpec) -> Any:
    """A sound, complete answer to one question; people and files cannot be guessed."""
    limits = spec.limits
    match spec.type:
        case "text" | "long_text":
            return _text(spec)
        case "number":
            number = max(limits.get("minimum", 1), min(5, limits.get("maximum", 5)))
            return number if not limits.get("decimals") else str(number)
        case "money":
            return max(int(limits.get("minimum", 0)), min(50_000_000, int(limits.get("maximum", 50_000_000))))
        case "date":
            return _day(limits)
        case "period":
            return {"from": _day(limits), "to": _day(limits)}
        case "choice" | "part":
            return spec.choices[0].value
        case "choices":
            return [spec.choices[0].value]
        case "yes_no":
            return bool(limits.get("must_accept", False))
        case "declaration":
            return True
        case "ward":
            return WARD
        case "table":
            return [complete(spec.columns) for _ in range(max(1, limits.get("min_rows", 1)))]
        case other:
            raise ValueError(f"no answer can be made up for {other}")


def _text(spec: FieldSpec) -> str:
    pattern = spec.limits.get("pattern")
    if pattern is not None:
        return next(text for text in KNOWN_FORMS if _fits(pattern, text))
    words = "Thử nghiệm giao hàng bằng máy bay không người lái trong khuôn viên. "
    least: int = spec.limits.get("min_length", 1)
    text = (words * (least // len(words) + 1)).strip()
    longest: int = spec.limits.get("max_length", 400)
    return text[:longest].strip()


KNOWN_FORMS = (
    "0912345678",
    "001099012345",
    "0101234567",
    "an.nguyen@vi-du.example",
    "512/QĐ-UBND",
    "https://vi-du.example",
)


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _day(limits: Mapping[str, Any]) -> str:
    latest = limits.get("latest")
    if latest not in (None, "today"):
        return str(latest)
    return date.today().isoformat() if latest == "today" else "2027-06-30"  # noqa: DTZ011 - any zone will do


def complete(specs: Iterable[FieldSpec], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Answers to all questions that apply, with some of them given."""
    answers = dict(given or {})
    for spec in specs:
        if spec.type in ("person", "file") or spec.calculated or spec.key in answers:
            continue
        if spec.when is None or spec.when.holds(answers):
            answers[spec.key] = answer_to(spec)
    return answers


def complete_dossier(pack: Pack, **given: Any) -> dict[str, Any]:
    """Answers that make a dossier of this pack complete."""
    answers = dict(given)
    for _ in range(5):
        applying = [spec for _, spec in visible_fields(pack.sections, answers)]
        answers = complete(applying, answers)
    return answers
