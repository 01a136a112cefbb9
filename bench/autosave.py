"""People who type: the page's script saves one answer of a draft, with its cookie and its token."""

import re
import urllib.request
from collections.abc import Sequence
from urllib.parse import urlencode

from bench.load import Journey

NAME = "autosave of one answer"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
QUESTION = "title"


def typing(url: str, cookie: str, keys: Sequence[str]) -> Journey:
    """Each of these drafts is changed twice over, so that every request writes."""
    page = urllib.request.Request(f"{url}/dossiers/{keys[0]}/draft/subject", headers={"Cookie": cookie})  # noqa: S310 - our own address
    with urllib.request.urlopen(page) as answer:  # noqa: S310 - our own address
        token = TOKEN.search(answer.read().decode())
    if token is None:
        raise RuntimeError("the page of the draft carries no token")
    bodies = [_body(token[1], f"Giao thuốc bằng máy bay, lần {number}") for number in (1, 2)]
    targets = [f"POST\t/dossiers/{key}/answers\t{body}" for body in bodies for key in keys]
    return Journey(NAME, targets, cookie=cookie)


def _body(token: str, title: str) -> str:
    """What the script sends; its writer has seen every change so far."""
    seen = f"{QUESTION}:999999999:"
    return urlencode({"csrf_token": token, "question": QUESTION, "seen": seen, QUESTION: title})
