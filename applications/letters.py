"""Letters as PDF: a Typst template, frozen facts, a language; pure, and the same bytes each time.

``facts`` is what :func:`applications.letterfacts.letter_facts` froze when the step was made. A text may be given in
the three languages (``{vi, en, fr}``); the letter takes its own. Days are ISO text, instants ISO text with an offset.

==================  ================================================================================
key, code           readable key of the dossier; its code, none before acceptance
receipt_number      number of the acknowledgement, none before submission
title, procedure    what the dossier is about; the procedure's title
organisation        who applies
unit, agency        the unit in charge; the body above it (either may stand alone)
place               where letters are dated
channel             direct, national_portal, counter or post; ``external_code`` beside it
issued_on           the day of the step
submitted_at        when it was sent; ``received_at`` when it was complete and received
due_on              the date that this step sets; ``original_due_on`` the first date promised
term, term_source   ``{amount, unit}`` of the main deadline and the rule it rests on
documents           list of ``{label, filename, sha256}``
officer             the officer who made the step, none when an applicant or the clock made it
basis               title of the rule on which the step rests
step                title of the step
answers             the step's own answers: ``{key, label, text}`` or ``{key, label, columns, rows}``
data                the same as stored, by question
decision            ``{number, decided_on, signatory, signatory_title, reasons}`` once it is made
==================  ================================================================================

The product's own font carries Latin, Greek and Cyrillic; any other character is shown as an empty square.
"""

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst

from foundation.wording import LANGUAGES, in_language

TEMPLATES = Path(__file__).parents[1] / "templates" / "letters"
STANDARDS: Any = ["a-2a", "ua-1"]
"""Kept for ever (PDF/A-2a, with its structure) and readable by everybody (PDF/UA-1)."""

SHOWN = re.compile(
    "[\n\u0020-\u007e\u00a0-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u202f-\u2040\u20a0-\u20c0\u2190-\u2193\u2200-\u22ff\u25a0-\u25ff]"
)
NOT_SHOWN = "□"
LONGEST_WORD = 48

_compilers: dict[str, typst.Compiler] = {}
_lock = Lock()


def render(template: str, facts: Mapping[str, Any], language: str) -> bytes:
    """The letter as PDF/A-2a. Raises KeyError for a template that is not shipped."""
    prepared = _prepared(facts, language) | {"language": language, "qr": _qr(facts)}
    with _lock:
        pdf = _compiler(template).compile(
            format="pdf", pdf_standards=STANDARDS, sys_inputs={"facts": json.dumps(prepared)}
        )
    assert isinstance(pdf, bytes)  # noqa: S101 - one PDF, not pages
    return pdf


def _compiler(template: str) -> typst.Compiler:
    if template not in _compilers:
        path = TEMPLATES / template
        if path.parent != TEMPLATES or not path.is_file():
            raise KeyError(template)
        _compilers[template] = typst.Compiler(str(path), root=str(TEMPLATES), ignore_system_fonts=True)
    return _compilers[template]


def _prepared(value: Any, language: str) -> Any:
    """The facts in one language, with text that can be set in type."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES):
            return _prepared(in_language(value, language), language)
        return {key: _prepared(part, language) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(part, language) for part in value]
    return printable(value) if isinstance(value, str) else value


def printable(text: str) -> str:
    """Text in NFC whose every character the font has, with places to break in words too long for a line."""
    composed = unicodedata.normalize("NFC", re.sub("\r\n|\u2028|\u2029", "\n", text.replace("\t", " ")))
    shown = (char if SHOWN.match(char) else _substitute(char) for char in composed)
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", "\\g<0>\u200b", "".join(shown))


def _substitute(char: str) -> str:
    """Nothing for what is invisible anyway (controls, joiners, directions), a square for the rest."""
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Mn", "Cs"} else NOT_SHOWN


def _qr(facts: Mapping[str, Any]) -> str:
    """A QR code of the dossier's code, or of its key before it has one, as SVG."""
    out = io.BytesIO()
    segno.make(str(facts.get("code") or facts["key"]), error="m").save(out, kind="svg", xmldecl=False, border=0)
    return out.getvalue().decode()
