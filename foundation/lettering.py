"""The letters of a text that a program wrote: which encoding it used, and whether letters were lost on the way."""

import codecs
import re
import unicodedata

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
TCVN3 = "".join(map(chr, range(128))) + "\ufffe" * 33 + (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)  # fmt: skip
"""What the bytes stand for in the fonts of the 1990s (TCVN 5712:1993); capitals were small letters of another font."""
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = {unicodedata.normalize("NFC", letter + tone) for letter in "aăâeêioôơuưy" for tone in TONES} | {"đ"}
USUAL = SMALL | {letter.upper() for letter in SMALL} | set("äåæçëîïñöøûüßÄÅÆÇËÎÏÑÖØÛÜŒœ–—‘’“”•…€₫™©®«»°·§±×²³½¼\xa0")
"""Letters and signs beyond ASCII that stand in a Vietnamese, English or French table."""
CAPITAL_INSIDE = re.compile(r"(?<=[a-zà-ỹ])[^\W\d_a-zA-Z]")
MANGLED = re.compile("á[»º]|Ä‘|Æ[°¡]|Ã[¡¢£ª©¨²³´µ¹º]|\ufffd")
"""UTF-8 that was read as something else, or the sign for a letter that could not be read."""
MARK_FOR_LETTER = re.compile(r"(?<![/=&?\w])[^\W\d_]+\?[^\W\d_]+(?![/=&])")
MOST_STRANGE = 0.1


class LettersLost(ValueError):  # noqa: N818 - says what happened
    """Letters cannot be read; ``line`` is the first with one, or nothing where the encoding itself is unknown."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__(line)
        self.line = line


def text_of(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, Windows-1258 or TCVN3. Raises LettersLost."""
    marked = [encoding for mark, encoding in MARKS if content.startswith(mark)]
    if not marked and b"\x00" in content[:200]:
        marked = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    try:
        text = content.decode(marked[0] if marked else "utf-8")
    except UnicodeDecodeError as fault:
        if marked:
            raise LettersLost from fault
        text = _older(content)
    refuse_lost_letters(text)
    return text


def refuse_lost_letters(text: str) -> None:
    """Raises LettersLost where another program put signs for letters that it did not know."""
    mangled = MANGLED.search(text)
    marks = [] if any(letter > "\xff" and letter.isalpha() for letter in text) else list(MARK_FOR_LETTER.finditer(text))
    if mangled is not None or len(marks) > 1:
        first = mangled or marks[0]
        raise LettersLost(text.count("\n", 0, first.start()) + 1)


def _older(content: bytes) -> str:
    """What was written by an older Vietnamese program, read in the way that gives the fewest strange letters."""
    readings = [reading for reading in (_windows(content), _tcvn3(content)) if reading is not None]
    if not readings:
        raise LettersLost
    best = min(readings, key=_strange)
    beyond = sum(not letter.isascii() for letter in best)
    if _strange(best) > MOST_STRANGE * beyond:
        raise LettersLost
    return best


def _strange(text: str) -> int:
    return sum(not letter.isascii() and letter not in USUAL for letter in text) + sum(
        match[0].isupper() for match in CAPITAL_INSIDE.finditer(text)
    )


def _windows(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _tcvn3(content: bytes) -> str | None:
    try:
        return unicodedata.normalize("NFC", codecs.charmap_decode(content, "strict", TCVN3)[0])
    except UnicodeDecodeError:
        return None
