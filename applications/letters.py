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
number              the letter's own number
signature           ``{lines: [{authority, office}], name, signed}``: in whose place, in which office, who
recipients          who gets the letter, one text each
findings            list of ``{criterion, outcome}`` on which a decision rests
remedies            list of ``{title, term, until, source}``: how to seek review, and until when
==================  ================================================================================

The product's own font carries Latin, Greek and Cyrillic; any other character is shown as an empty square.
"""

import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno

from foundation.typesetting import typesetter
from foundation.wording import LANGUAGES, in_language

TEMPLATES = Path(__file__).parents[1] / "templates" / "letters"
"""One folder per edition. A published edition never changes: what changes is a new folder, named by new packs."""
FIRST_EDITION = "1"
STANDARDS = ["a-2a", "ua-1"]
"""Kept for ever (PDF/A-2a, with its structure) and readable by everybody (PDF/UA-1)."""

SHOWN = re.compile(
    "[\n\u0020-\u007e\u00a0-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u202f-\u2040\u20a0-\u20c0\u2190-\u2193\u2200-\u22ff\u25a0-\u25ff]"
)
TEMPLATE_NAME = re.compile(r"(?:[0-9]+/)?[a-z0-9_]+\.typ")
NOT_SHOWN = "□"
LONGEST_WORD = 48


@dataclass(frozen=True, slots=True)
class Check:
    """Where anybody can check a letter: the address of its page, and its code, which stands in the address."""

    code: str
    address: str


def template_path(template: str) -> Path | None:
    """The file of a template named ``edition/name.typ``; a bare name means the first edition."""
    path = TEMPLATES / template if "/" in template else TEMPLATES / FIRST_EDITION / template
    return path if TEMPLATE_NAME.fullmatch(template) and path.is_file() else None


def render(
    template: str, facts: Mapping[str, Any], language: str, *, check: Check | None = None, is_preview: bool = False
) -> bytes:
    """The letter as PDF/A-2a. Raises KeyError for a template that is not shipped."""
    path = template_path(template)
    if path is None:
        raise KeyError(template)
    prepared = _prepared(facts, language) | {
        "language": language,
        "check": _shown_check(check) if check else None,
        "is_preview": is_preview,
    }
    return typesetter.set(str(path), prepared, root=str(TEMPLATES), standards=STANDARDS)


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


def _shown_check(check: Check) -> dict[str, str]:
    """The address as people type it, and as a QR code (SVG) that is always the same for the same address."""
    out = io.BytesIO()
    segno.make(check.address, error="m").save(out, kind="svg", xmldecl=False, border=0)
    return {
        "code": check.code,
        "address": check.address,
        "shown": check.address.partition("://")[2],
        "qr": out.getvalue().decode(),
    }
