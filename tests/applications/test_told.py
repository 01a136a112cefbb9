"""What answers say: every answer, a no and a nought too, and never a sensitive one."""

from dataclasses import replace

from applications.fields.told import Told
from applications.packs.catalogue import check_content
from applications.packs.model import FieldSpec
from tests.applications.small_pack import small_pack, words


def test_a_no_and_a_nought_are_told_and_what_is_sensitive_is_not() -> None:
    pack = check_content(small_pack())
    asked = (
        FieldSpec("agreed", "yes_no", words("Agreed")),
        FieldSpec("left", "number", words("Left")),
        FieldSpec("open", "text", words("Open")),
        FieldSpec("secret", "text", words("Secret"), sensitive=True),
    )
    (section, *_) = pack.sections
    found = Told(replace(pack, sections=(replace(section, fields=asked),)), "en")

    lines = found.lines({"agreed": False, "left": 0, "open": "", "secret": "0912"})

    assert [said for _, said in lines] == ["No", "0"]
