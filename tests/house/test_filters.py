"""A filter of templates has one meaning: a second of the same name would silently take the first one's place."""

import re
from collections import Counter

from portal.settings import ROOT

ROOMS = ("portal", "sandbox", "fund", "parks", "applications", "accounts")
NAMED = re.compile(r"add_app_template_(?:filter|global)\(\w+, \"(\w+)\"\)|app_template_(?:filter|global)\(\"(\w+)\"\)")


def test_no_two_filters_share_a_name() -> None:
    sources = [file.read_text(encoding="utf-8") for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    given = [line for source in sources for line in source.splitlines() if "template_filter(" in line]
    names = Counter("".join(found) for line in given for found in NAMED.findall(line))

    assert names, "filters are registered in another way by now: look for them there"
    assert [name for name, times in names.items() if times > 1] == []
