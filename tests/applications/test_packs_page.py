"""The page that teaches packs is true: its example is sound, and it names every rule, key and template."""

import json
import re
from pathlib import Path

import yaml

from applications.letters import TEMPLATES
from applications.packs.catalogue import check_content
from applications.packs.reading import SCHEMA_FILE
from applications.registry import EFFECTS, GUARDS, WHO
from foundation.register import ROLES

PAGE = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")


def test_the_example_is_sound() -> None:
    example = next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "code: hall-loan" in block)

    pack = check_content(yaml.safe_load(example))

    assert pack.code == "hall-loan"


def test_every_registered_rule_is_explained() -> None:
    missing = [name for name in [*WHO, *GUARDS, *EFFECTS, *ROLES] if f"`{name}`" not in PAGE]

    assert missing == []


def test_every_key_of_the_schema_is_explained() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    field = schema["$defs"]["field"]
    parts = [
        schema,
        field,
        *(schema["properties"][name]["items"] for name in ("steps", "states", "clocks", "documents")),
    ]
    keys = {key for part in parts for key in part["properties"]} | set(field["properties"]["type"]["enum"])

    assert sorted(key for key in keys if f"`{key}`" not in PAGE) == []


def test_every_template_is_named() -> None:
    shipped = {path.name for path in (TEMPLATES / "1").glob("*.typ")} - {"layout.typ", "parts.typ", "words.typ"}

    assert sorted(name for name in shipped if f"`{name}`" not in PAGE) == []


def test_its_own_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^##+ (.+)$", PAGE, re.M)
    }

    assert set(re.findall(r"\]\(#([a-z-]+)\)", PAGE)) <= headings
