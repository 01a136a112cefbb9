"""A story with slots for what differs from dossier to dossier: people, places, numbers, times and digests."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson

from applications.dossier import canonical
from foundation.searchtext import fold
from portal.seeding.slots import Slots
from portal.seeding.stories import Story
from portal.seeding.tables import FACTS, FACTS_OF_PEOPLE, ID, NUMBERED, PEOPLE, REFERENCES
from portal.seeding.times import DAY, INSTANT

ANSWERS = "answers"
REGISTERED = "words"
BEHIND_ALL = 1_000
"""A place in a text behind the titles and names of any dossier."""

SERIES = "1"
"""Begins the numbers of decisions, so that they are none of the demonstration's."""

SHA256 = re.compile("[0-9a-f]{64}")


class Telling:
    """What each value of a story becomes: itself, or a slot."""

    def __init__(self, story: Story, slots: Slots) -> None:
        self.slots = slots
        self.story = story
        self.known = {table: {row[ID] for row in story.rows[table]} for table in NUMBERED}
        self.words = self._words_of_its_own()
        self.pattern = re.compile("|".join(map(re.escape, sorted(self.words, key=len, reverse=True))))
        self.digests = self._digests()

    def _words_of_its_own(self) -> dict[str, str]:
        case, application = self.story.case, self.story.rows["applications"][0]
        words = {case["key"]: self.slots.inside("key")}
        for value, name in ((case["code"], "code"), (application["receipt_number"], "receipt")):
            if value:
                words[value] = self.slots.inside(name)
        for place, letter in enumerate(self.story.rows["letters"]):
            words[letter["code"]] = self.slots.inside("letter", place)
        for decision in self.story.rows["decisions"]:
            number = self.slots.inside("id", "decisions", decision[ID])
            words[decision["number"]] = f"{SERIES}{number}/{decision['number'].partition('/')[2]}"
        for person, (role, place) in self.story.staff.items():
            words[self.story.names[person]] = self.slots.inside("name", role, place)
        words[self.story.names[case["created_by_id"]]] = self.slots.inside("name", "applicant", 0)
        return words

    def _digests(self) -> dict[str, bytes]:
        """What the digests in the audit trail are taken of, with slots, by the digest it had."""
        application = self.story.rows["applications"][0]
        contents = [event["data"] for event in self.story.rows["case_events"]]
        contents += [earlier["content"] for earlier in self.story.rows["earlier_submissions"]]
        contents += [application["submitted"]] if application["submitted"] else []
        return {hashlib.sha256(canonical(content)).hexdigest(): canonical(self.json(content)) for content in contents}

    def column(self, table: str, name: str, value: Any) -> str:
        """A value of a row as COPY takes it."""
        if value is None:
            return "\\N"
        if name == ID or name == "case_id" or name == "subject_id":
            return self.number(table if name == ID else "cases", value)
        if name in REFERENCES:
            return self.number(REFERENCES[name], value)
        if name in PEOPLE:
            return self.person(value)
        if name in ("unit_id", "organisation_id"):
            return self.slots.whole(name)
        if name == REGISTERED:
            return self._registered()
        if name == ANSWERS:
            return escaped(orjson.dumps(self.json(value, ANSWERS)).decode())
        return self._plain(value)

    def _registered(self) -> str:
        """The words by which the register of tests finds a test, each with its place, the decision's number last."""
        (decision,) = self.story.rows["decisions"]
        number = fold(self.text(decision["number"]).partition("/")[2]).split()
        placed = " ".join(f"{word}:{place}" for place, word in enumerate(number, BEHIND_ALL + 1))
        slot = self.slots.inside("id", "decisions", decision[ID])
        return f"{self.slots.inside('words')} {SERIES}{slot}:{BEHIND_ALL} {placed}"

    def _plain(self, value: Any) -> str:
        match value:
            case bool():
                return "t" if value else "f"
            case bytes():
                return "\\N"  # a secret's digest: of another dossier's secret nobody knows
            case datetime():
                return self.slots.inside("instant", value.astimezone(UTC).isoformat(timespec="microseconds"))
            case date():
                return self.slots.inside("text", value.isoformat())
            case str():
                return escaped(self.text(value))
            case dict() | list():
                return escaped(orjson.dumps(self.json(value)).decode())
        return str(value)

    def number(self, table: str, value: int) -> str:
        if table in ("cases", "applications"):
            return self.slots.whole("case")
        return self.slots.whole("id", table, value) if value in self.known[table] else str(value)

    def person(self, value: int) -> str:
        if value == self.story.case["created_by_id"]:
            return self.slots.whole("person", "applicant", 0)
        found = self.story.staff.get(value)
        return self.slots.whole("person", *found) if found else str(value)

    def text(self, value: str) -> str:
        if value and value == self.story.case["title"]:
            return self.slots.inside("title")
        if DAY.fullmatch(value) or INSTANT.fullmatch(value):
            return self.slots.inside("text", value)
        return self.pattern.sub(lambda match: self.words[match[0]], value)

    def answer(self, value: Any) -> Any:
        """A value within answers: what an applicant plans stays as it is, days too, and so do its words."""
        match value:
            case dict():
                return {key: self.answer(inner) for key, inner in value.items()}
            case list():
                return [self.answer(inner) for inner in value]
            case str() if value and value == self.story.case["title"]:
                return self.slots.inside("title")
        return value

    def json(self, value: Any, key: str = "") -> Any:
        """A value within facts, answers or a frozen copy, under this key."""
        if key == ANSWERS:
            return self.answer(value)
        match value:
            case dict():
                return self._object(value)
            case list():
                return [self.json(inner, key) for inner in value]
            case str():
                return self.text(value)
            case bool():
                return value
            case int() if key in FACTS:
                return _as_number(self.number(FACTS[key], value))
            case int() if key in FACTS_OF_PEOPLE:
                return _as_number(self.person(value))
        return value

    def _object(self, value: Mapping[str, Any]) -> Any:
        if value == self.story.unit_name:
            return self.slots.whole("unit_name")
        if value == self.story.organisation_name:
            return self.slots.whole("organisation_name")
        told = {key: self.json(inner, key) for key, inner in value.items()}
        if value.keys() >= {ID, "slot", "sha256"}:
            told[ID] = _as_number(self.number("documents", value[ID]))
        return told

    def facts(self, value: Mapping[str, Any]) -> Any:
        """Facts of the audit trail, in which digests are taken anew."""
        told = self._object(value)
        for key, inner in value.items():
            if isinstance(inner, str) and SHA256.fullmatch(inner) and inner in self.digests:
                told[key] = self.slots.inside("digest", inner)
        return told


def _as_number(told: str) -> Any:
    return int(told) if told.isdecimal() else told


def escaped(value: str) -> str:
    """Text as COPY takes it."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
