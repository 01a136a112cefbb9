"""The check of translations finds every kind of gap."""

from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog

from portal.catalogues import compile_catalogues, faults_of, merged_catalogue


def words(*messages: str) -> Catalog:
    catalogue = Catalog()
    for message in messages:
        catalogue.add(message, locations=[("page.html", 1)])
    return catalogue


def write_part(folder: Path, name: str, body: str) -> None:
    part = folder / "parts" / f"{name}.vi.po"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + body, encoding="utf-8")


def test_complete_words_have_no_faults(tmp_path: Path) -> None:
    write_part(tmp_path, "home", 'msgid "Welcome"\nmsgstr "Chào mừng"\n')

    assert faults_of("vi", words("Welcome"), tmp_path) == []


def test_each_gap_is_named(tmp_path: Path) -> None:
    write_part(
        tmp_path,
        "home",
        'msgid "Empty"\nmsgstr ""\n\n#, fuzzy\nmsgid "Unsure"\nmsgstr "Chắc là"\n\nmsgid "Old"\nmsgstr "Cũ"\n\n'
        '#, python-format\nmsgid "%(count)s files"\nmsgstr "%(number)s tệp"\n',
    )

    faults = faults_of("vi", words("Missing", "Empty", "Unsure", "%(count)s files"), tmp_path)

    assert faults == [
        "vi: no translation of 'Missing' (page.html)",
        "vi: no translation of 'Empty' (page.html)",
        "vi: unsure translation of 'Unsure'",
        "vi: nobody says 'Old' any more",
        "vi: '%(count)s files': unknown named placeholder 'number'",
    ]


def test_two_parts_may_not_disagree(tmp_path: Path) -> None:
    write_part(tmp_path, "home", 'msgid "Fund"\nmsgstr "Quỹ"\n')
    write_part(tmp_path, "park", 'msgid "Fund"\nmsgstr "Cấp vốn"\n')

    _, faults = merged_catalogue("vi", tmp_path)

    assert faults == ["vi: park.vi.po translates 'Fund' differently from another part"]


def test_compiled_words_are_found_by_the_product(tmp_path: Path) -> None:
    compile_catalogues(tmp_path)

    assert sorted(path.parent.parent.name for path in tmp_path.rglob("*.mo")) == ["fr", "vi"]


def test_french_marks_never_begin_a_line(tmp_path: Path) -> None:
    write_part(tmp_path, "home", 'msgid "Why?"\nmsgstr "Pourquoi « non » ?"\n')
    (tmp_path / "parts" / "home.vi.po").rename(tmp_path / "parts" / "home.fr.po")

    compile_catalogues(tmp_path / "compiled", tmp_path)
    with (tmp_path / "compiled" / "fr" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)

    assert compiled.gettext("Why?") == "Pourquoi «\N{NO-BREAK SPACE}non\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}?"
