"""The page that shows a letter before it is issued."""

from flask import render_template

from applications.letters import render
from applications.models import Letter
from applications.packs.model import Pack, Step
from applications.pageimages import sheets_of
from foundation.wording import LANGUAGES


def preview_page(key: str, pack: Pack, step: Step, letter: Letter) -> str:
    """The letter in each language, marked as not issued on every sheet."""
    return render_template(
        "applications/letter_preview.html",
        key=key,
        step=step,
        title=pack.letter_by_key[letter.letter].title,
        readings=[(spoken, sheets_of(_previewed(letter, spoken))) for spoken in LANGUAGES],
    )


def _previewed(letter: Letter, spoken: str) -> bytes:
    return render(letter.template, letter.facts, spoken, is_preview=True)
