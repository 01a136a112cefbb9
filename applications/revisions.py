"""Who changed which answer last, and what a writer had seen of it, so that nobody overwrites another unawares."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.packs.conditions import is_answered

SEEN = re.compile(r"([a-z][a-z0-9_]{0,119}):([0-9]{1,18}):([0-9a-f]{0,16})")


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change of one answer: the dossier's revision that it made, by whom, when.

    ``origin`` says from where it was taken over: the key of an earlier dossier, or ``profile``. ``before`` holds
    the rows of a table that was filled from a spreadsheet, so that this can be undone until somebody changes it.
    """

    revision: int
    person_id: int | None
    at: datetime
    origin: str = ""
    before: list[Any] | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Edit":
        at = datetime.fromisoformat(stored["at"])
        return cls(stored["revision"], stored["person"], at, stored.get("origin", ""), stored.get("before"))

    def stored(self) -> dict[str, Any]:
        facts = {"revision": self.revision, "person": self.person_id, "at": self.at.isoformat()}
        facts |= {"origin": self.origin} if self.origin else {}
        return facts | ({"before": self.before} if self.before is not None else {})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a writer had before their eyes: the answer's revision and its digest, empty when it is not known."""

    revision: int = 0
    digest: str = ""


def edits_of(stored: Mapping[str, Any]) -> dict[str, Edit]:
    """The edits of a dossier, by question."""
    return {key: Edit.of(facts) for key, facts in stored.items()}


def settled(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The edits as they are kept once the answers are sent: nothing is undone any more, so no earlier rows remain."""
    return {key: {name: fact for name, fact in facts.items() if name != "before"} for key, facts in stored.items()}


def latest(edits: Iterable[Edit]) -> Edit | None:
    """The last of these changes, if there is any."""
    return max(edits, key=lambda edit: edit.revision, default=None)


def digest_of(value: Any) -> str:
    """Short, and the same for answers that are the same; for all that is no answer, too."""
    content = json.dumps(value if is_answered(value) else None, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def seen_text(key: str, edit: Edit | None, value: Any) -> str:
    """What a form carries along with a question: ``key:revision:digest``."""
    return f"{key}:{edit.revision if edit else 0}:{digest_of(value)}"


def read_seen(texts: Iterable[str]) -> dict[str, Seen]:
    """What a form brings back; what is not of its shape was not seen."""
    found = (SEEN.fullmatch(text) for text in texts)
    return {match[1]: Seen(int(match[2]), match[3]) for match in found if match}


def is_conflict(value: Any, stored: Any, edit: Edit, seen: Seen) -> bool:
    """Whether saving ``value`` would undo a change that its writer has not seen."""
    return edit.revision > seen.revision and digest_of(stored) not in (seen.digest, digest_of(value))


def is_change(value: Any, stored: Any, seen: Seen) -> bool:
    """Whether the writer changed the answer: it is neither what they were shown nor what stands there."""
    return digest_of(value) not in (seen.digest, digest_of(stored))
