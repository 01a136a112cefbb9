"""Words of a page that nobody translated: messages left in English, and English sentences that are no message."""

import re
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from os import environ
from pathlib import Path

from playwright.sync_api import Page

TEXTS = """() => {
  const own = document.documentElement.lang, texts = [document.title];
  const isOurs = element => element && element.closest("[lang]").lang === own
    && !element.closest("script, style, code, pre, textarea, [translate=no]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (isOurs(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (isOurs(element)) texts.push(element.getAttribute(name));
  return [...new Set(texts.map(text => text.replace(/\\s+/g, " ").trim()))];
}"""
"""What a page says in its own language, to the eye and to a screen reader."""
ENGLISH = frozenset(
    {
        *("the", "of", "and", "with", "this", "that", "your", "from", "by", "has", "have", "was", "were", "been"),
        *("are", "which", "when", "will", "it", "its", "not", "is"),
    }
)
"""Words that stand in nearly every English sentence and in none of the two other languages."""
OWN_NAMES = {"English", "Tiếng Việt", "Français"}
"""Languages where one is chosen, each by its own name."""
SAME = {("fr", "Condition")}
"""Words of a procedure that another part of the product says otherwise."""
WORD = re.compile(r"[^\W\d_]+")


def untranslated(page: Page, language: str) -> Iterator[str]:
    """The texts of a page in Vietnamese or French that are still English."""
    if language == "en":
        return
    known = translations(language)
    for text in page.evaluate(TEXTS):
        words = set(WORD.findall(text.lower()))
        if text in OWN_NAMES or (language, text) in SAME:
            continue
        if (text and known.get(text, text) != text) or len(words & ENGLISH) > 1:
            yield text


@cache
def translations(language: str) -> dict[str, str]:
    """The product's messages and what stands for them; a short message may be a word of that language, too."""
    compiled = Path(environ["TRANSLATIONS_FOLDER"], language, "LC_MESSAGES", "messages.mo")
    with compiled.open("rb") as file:
        known: dict[str, str] = vars(GNUTranslations(file))["_catalog"]
    spoken = set(known.values())
    return {message: said for message, said in known.items() if isinstance(message, str) and message not in spoken}
