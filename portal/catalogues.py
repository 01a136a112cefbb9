"""Translations of the product's own words: merged from their parts, checked for completeness, compiled.

``python -m portal.catalogues compile FOLDER`` or ``… check``.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from foundation.wording import LANGUAGES
from portal.statefolder import CHECKOUT

SOURCE_LANGUAGE = "en"
TRANSLATED = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)

SOURCES = ("portal", "sandbox", "fund", "parks", "applications", "accounts", "foundation", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}

SPACE_OF_A_MARK = re.compile(r"(?<=\S) (?=[:;?!»])|(?<=«) ")
FIXED_SPACE = "\N{NO-BREAK SPACE}"

MessageId = str | tuple[str, ...]


def catalogue_files(language: str, translations: Path) -> list[Path]:
    """The catalogue of a language and its parts."""
    whole = translations / language / "LC_MESSAGES" / "messages.po"
    return [path for path in (whole, *sorted((translations / "parts").glob(f"*.{language}.po"))) if path.exists()]


def merged_catalogue(language: str, translations: Path) -> tuple[Catalog, list[str]]:
    """All words of a language, and what is contradictory in its files."""
    merged = Catalog(locale=language)
    faults = []
    for path in catalogue_files(language, translations):
        with path.open("rb") as file:
            part = read_po(file, locale=language)
        for message in _entries(part):
            known = merged.get(message.id)
            if known is not None and known.string != message.string:
                faults.append(f"{language}: {path.name} translates {message.id!r} differently from another part")
            merged[message.id] = message
    return merged, faults


def _entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def compile_catalogues(target: Path, translations: Path = CHECKOUT / "translations") -> None:
    """Write each language's compiled catalogue below ``target``."""
    for language in TRANSLATED:
        catalogue, _ = merged_catalogue(language, translations)
        if language == "fr":
            _keep_marks_with_words(catalogue)
        folder = target / language / "LC_MESSAGES"
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = folder / "messages.half"
        with half.open("wb") as file:
            write_mo(file, catalogue)
        half.replace(folder / "messages.mo")


def _keep_marks_with_words(catalogue: Catalog) -> None:
    """French sets a space before some marks; no line may end there."""
    for message in _entries(catalogue):
        said = message.string
        message.string = (
            _with_fixed_spaces(said) if isinstance(said, str) else tuple(map(_with_fixed_spaces, said or ()))
        )


def _with_fixed_spaces(text: str) -> str:
    return SPACE_OF_A_MARK.sub(FIXED_SPACE, text)


def words_in_use(checkout: Path = CHECKOUT) -> Catalog:
    """Every message that code and templates ask for."""
    words = Catalog()
    for source in SOURCES:
        if not (checkout / source).is_dir():
            continue
        found = extract_from_dir(checkout / source, method_map=METHODS, keywords=KEYWORDS)
        for name, line, message, _comments, _context in found:
            words.add(message, locations=[(f"{source}/{name}", line)])
    return words


def faults_of(language: str, words: Catalog, translations: Path) -> list[str]:
    """What is missing, unsure, contradictory, unused or wrongly filled in within one language."""
    catalogue, faults = merged_catalogue(language, translations)
    for word in _entries(words):
        message = catalogue.get(word.id)
        if message is None or not _is_translated(message):
            faults.append(f"{language}: no translation of {word.id!r} ({word.locations[0][0]})")
    for message in _entries(catalogue):
        if message.fuzzy:
            faults.append(f"{language}: unsure translation of {message.id!r}")
        if words.get(message.id) is None:
            faults.append(f"{language}: nobody says {message.id!r} any more")
        faults += [f"{language}: {message.id!r}: {error}" for error in message.check(catalogue)]
    return faults


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings)


def main(arguments: Sequence[str]) -> int:
    """The command line of this module; the exit status."""
    match arguments:
        case ["compile", folder]:
            compile_catalogues(Path(folder))
            return 0
        case ["check"]:
            words = words_in_use()
            faults = [fault for lang in TRANSLATED for fault in faults_of(lang, words, CHECKOUT / "translations")]
            sys.stdout.write("".join(f"{fault}\n" for fault in faults))
            return 1 if faults else 0
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
