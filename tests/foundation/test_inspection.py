"""Files on arrival: each kind is known by its content, and each fault by its code."""

import io
import resource
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from foundation import apart, inspection
from foundation.apart import pdflook
from foundation.errors import Invalid
from foundation.inspection import KINDS, MEDIA_TYPES, Inspection, fitting_name, inspect
from foundation.reasons import registered_reasons

TYPE_OF = {kind: media_type for media_type, kind in MEDIA_TYPES.items()}


def _pdf(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **options: Any) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(2):
            document.add_blank_page()
        change(document)
        document.save(target, **options)
    return target.getvalue()


def _docx() -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


def _xlsx() -> bytes:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    return target.getvalue()


def _image(kind: str, size: tuple[int, int] = (600, 400)) -> bytes:
    target = io.BytesIO()
    Image.effect_noise(size, 50).save(target, kind)
    return target.getvalue()


def _zip(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def _word(**entries: bytes) -> bytes:
    return _zip(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, **entries)


GOOD = {"pdf": _pdf(), "docx": _docx(), "xlsx": _xlsx(), "png": _image("png"), "jpeg": _image("jpeg")}


def look(content: bytes, kind: str = "pdf") -> Inspection:
    return inspect(io.BytesIO(content), TYPE_OF[kind])


def codes(content: bytes, kind: str = "pdf") -> list[str]:
    return [fault.code for fault in look(content, kind).faults]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sound_file_has_no_fault(kind: str) -> None:
    assert look(GOOD[kind], kind) == Inspection(kind, 2 if kind == "pdf" else None)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_file_is_what_it_holds_and_not_what_it_says(kind: str) -> None:
    other = "png" if kind == "pdf" else "pdf"
    assert codes(GOOD[kind], other) == ["file_type_differs"]


def test_an_unspecific_type_is_judged_by_content() -> None:
    assert inspect(io.BytesIO(GOOD["pdf"]), "application/octet-stream") == Inspection("pdf", 2)


def test_only_wanted_kinds_are_taken() -> None:
    found = inspect(io.BytesIO(GOOD["png"]), "image/png", accept=frozenset({"pdf"}))
    assert [(fault.code, dict(fault.facts)) for fault in found.faults] == [("file_type_unwanted", {"kind": "PNG"})]


def _open_action(**action: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(**action)

    return change


def _named_script(document: pikepdf.Pdf) -> None:
    script = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    names = pikepdf.Dictionary(Names=pikepdf.Array(["x", script]))
    document.Root.Names = pikepdf.Dictionary(JavaScript=names)


def _indirect_launch(document: pikepdf.Pdf) -> None:
    kind = document.make_indirect(pikepdf.Name.Launch)
    document.Root.OpenAction = pikepdf.Dictionary(S=kind, F="calc.exe")


def _script_on_a_page(document: pikepdf.Pdf) -> None:
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=launch)
    document.pages[1].Annots = pikepdf.Array([link])


@pytest.mark.parametrize(
    "content",
    [
        _pdf(_open_action(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
        _pdf(_open_action(S=pikepdf.Name.Launch, F="calc.exe")),
        _pdf(_named_script),
        _pdf(_indirect_launch),
        _pdf(_script_on_a_page),
        _pdf(_named_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    ],
    ids=[
        "open script",
        "open launch",
        "named script",
        "launch by reference",
        "launch on a page",
        "in an object stream",
    ],
)
def test_a_pdf_that_acts_is_refused(content: bytes) -> None:
    assert look(content).pages == 2
    assert codes(content) == ["pdf_active_content"]


def _attach(name: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, b"content", filename=name)

    return change


def _form_of_one_program(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=pikepdf.Array())
    document.Root.NeedsRendering = True


def _flat_form(document: pikepdf.Pdf) -> None:
    _form_of_one_program(document)
    del document.Root.NeedsRendering


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_attach("hoa-don.xml"), []),
        (_attach("cai-dat.exe"), ["pdf_carries_program"]),
        (_attach("bao-cao.pdf.JS "), ["pdf_carries_program"]),
        (_form_of_one_program, ["pdf_drawn_by_program"]),
        (_flat_form, []),
    ],
    ids=["attached invoice", "attached program", "attached script", "dynamic form", "flat form"],
)
def test_what_a_pdf_carries_decides(change: Callable[[pikepdf.Pdf], None], expected: list[str]) -> None:
    assert codes(_pdf(change)) == expected
    assert set(expected) <= registered_reasons()


def test_a_pdf_with_more_pages_than_can_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdflook, "MOST_PAGES", 1)

    assert codes(GOOD["pdf"]) == ["pdf_too_many_pages"]


def _relations(kind: str, target_mode: str = "External") -> bytes:
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="r1" Type="{schema}/{kind}" Target="http://a.example/x" TargetMode="{target_mode}"/>'
    opening = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return opening + relation.encode() + b"</Relationships>"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"word/_rels/settings.xml.rels": _relations("attachedTemplate")}, ["office_active_content"]),
        ({"word/_rels/document.xml.rels": _relations("oleObject")}, ["office_active_content"]),
        ({"word/_rels/document.xml.rels": _relations("oleObject", "Internal")}, []),
        ({"word/_rels/document.xml.rels": _relations("hyperlink")}, []),
        ({"word/_rels/document.xml.rels": b"<broken"}, ["file_broken"]),
        ({"word/activeX/activeX1.bin": b"x"}, ["office_active_content"]),
        ({"word/embeddings/oleObject1.bin": b"a formula"}, []),
    ],
    ids=["remote template", "remote object", "own object", "link", "broken list", "active control", "formula"],
)
def test_an_office_file_that_acts_when_opened_is_refused(parts: dict[str, bytes], expected: list[str]) -> None:
    assert codes(_word(**parts), "docx") == expected
    assert set(expected) <= registered_reasons()


def test_macros_under_another_name_are_macros() -> None:
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    content = _zip(**{"[Content_Types].xml": types, "word/document.xml": b"<x/>"})

    assert codes(content, "docx") == ["office_macros"]


@pytest.mark.parametrize(
    ("name", "kind", "fitting"),
    [
        ("Kế hoạch.PDF", "pdf", "Kế hoạch.PDF"),
        ("anh.jpeg", "jpeg", "anh.jpeg"),
        ("Kế hoạch v1.2", "pdf", "Kế hoạch v1.2.pdf"),
        ("cai-dat.exe", "pdf", "cai-dat.exe.pdf"),
        ("tep", "docx", "tep.docx"),
    ],
)
def test_a_name_ends_as_its_kind_does(name: str, kind: str, fitting: str) -> None:
    assert fitting_name(name, kind) == fitting


def _bomb(megabytes: int) -> bytes:
    """A sound PDF whose catalogue lies in a part that is huge once unpacked."""
    packing = zlib.compressobj(9)
    packed = packing.compress(b"1 0 << /Type /Catalog /Pages 3 0 R >>")
    packed += b"".join(packing.compress(b" " * 1_000_000) for _ in range(megabytes)) + packing.flush()
    out, places = io.BytesIO(b"%PDF-1.5\n"), {}
    out.seek(0, io.SEEK_END)
    for number, body in (
        (3, b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"),
        (4, b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 10 10] >>"),
        (2, _stream(b"/Type /ObjStm /N 1 /First 4", packed)),
    ):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    places[5] = out.tell()
    rows = [
        b"\0" * 7,
        b"\2\0\0\0\2\0\0",
        *(b"\1" + places[number].to_bytes(4, "big") + b"\0\0" for number in (2, 3, 4, 5)),
    ]
    table = _stream(b"/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R", zlib.compress(b"".join(rows)))
    out.write(b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (table, places[5]))
    return out.getvalue()


def _stream(entries: bytes, packed: bytes) -> bytes:
    head = b"<< %s /Filter /FlateDecode /Length %d >>" % (entries, len(packed))
    return head + b"\nstream\n" + packed + b"\nendstream"


def test_a_pdf_that_swells_when_opened_is_refused_at_little_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LIMITS", ((resource.RLIMIT_AS, 500_000_000),))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = look(_bomb(megabytes=500))

    assert found.faults
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert look(_bomb(megabytes=1)) == Inspection("pdf", 1)


def test_a_look_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.01)

    assert [fault.code for fault in look(_bomb(megabytes=1)).faults] == ["file_unpacks_too_large"]


def test_a_name_that_promises_another_kind_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        fitting_name("anh.png", "pdf")

    assert [reason.code for reason in refusal.value.fields["file"]] == ["file_type_differs"]


def test_a_locked_pdf_is_refused() -> None:
    assert codes(_pdf(encryption=pikepdf.Encryption(user="secret", owner="owner"))) == ["pdf_encrypted"]


def test_a_pdf_that_only_forbids_copying_can_be_read() -> None:
    assert look(_pdf(encryption=pikepdf.Encryption(user="", owner="owner"))) == Inspection("pdf", 2)


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "pdf", "file_empty"),
        (b"MZ just a program", "pdf", "file_type_unknown"),
        (b"%PDF-1.7\nnothing more", "pdf", "file_broken"),
        (_zip(**{"a.txt": b"a"}), "docx", "file_type_unknown"),
        (GOOD["docx"][:-300], "docx", "file_type_unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "docx", "office_old_or_locked"),
        (_word(**{"word/vbaProject.bin": b"macro"}), "docx", "office_macros"),
        (GOOD["png"][:-200], "png", "file_broken"),
        (GOOD["jpeg"][:3000], "jpeg", "file_broken"),
    ],
)
def test_each_fault_has_its_code(content: bytes, kind: str, code: str) -> None:
    assert codes(content, kind) == [code]
    assert code in registered_reasons()


def test_who_sends_something_unknown_is_told_what_is_taken_here() -> None:
    found = inspect(io.BytesIO(b"MZ just a program"), "", accept=frozenset({"pdf", "docx"}))

    assert [(fault.code, fault.facts) for fault in found.faults] == [("file_type_not_taken", {"kinds": "DOCX, PDF"})]


def test_a_package_that_unpacks_endlessly_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MOST_UNPACKED", 1_000_000)
    assert codes(_word(**{"word/bomb.xml": bytes(1_000_001)}), "docx") == ["file_unpacks_too_large"]


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_picture_with_too_many_pixels_is_refused(kind: str) -> None:
    target = io.BytesIO()
    Image.new("L", (8000, 8000)).save(target, kind)
    assert codes(target.getvalue(), kind) == ["image_too_large"]


def test_a_package_with_a_torn_part_is_refused() -> None:
    content = bytearray(_word(**{"word/styles.xml": bytes(range(256)) * 40}))
    middle = content.index(b"word/styles.xml") + 40
    content[middle] ^= 0xFF
    assert codes(bytes(content), "docx") == ["file_broken"]


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 4000), st.binary(max_size=40))
def test_damaged_files_never_break_the_look(kind: str, position: int, noise: bytes) -> None:
    content = GOOD[kind]
    damaged = content[:position] + noise + content[position + len(noise) :]
    found = look(damaged, kind)
    assert found.kind in {*KINDS, None}
    assert {fault.code for fault in found.faults} <= registered_reasons()
