"""Hands that answer the questions of a pack in a browser, whatever their type."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from applications.packs.model import FieldSpec
from foundation.database import now
from foundation.workdays import local_date

WORDS = "Nội dung này đã được đối chiếu với hồ sơ và ý kiến thẩm định."


def fill_what_is_required(page: Page) -> None:
    """Give every open question some sound answer: the first choice, the first day of the period, a sentence."""
    first = page.locator("[name=period-from]")
    day = first.input_value() if first.count() else local_date(now()).isoformat()
    for group in page.locator("main fieldset.question-group:visible:has(input[type=radio])").all():
        if not group.locator("input:checked").count():
            group.locator("input[type=radio]").first.check()
    for field in page.locator("main :is([aria-required=true], .question-period input):visible").all():
        kind = field.get_attribute("type") or field.evaluate("input => input.tagName.toLowerCase()")
        if kind == "file" or field.input_value():
            continue
        if kind == "select":
            field.select_option(index=1)
        else:
            field.fill({"date": day, "text": "12"}.get(kind, WORDS))


def answer(page: Page, spec: FieldSpec, value: Any, name: str = "") -> None:
    """Answer one question by its inputs; ``name`` is theirs where it is not the key of the question."""
    name = name or spec.key
    match spec.type:
        case "table":
            _rows(page, spec, value, name)
        case "period":
            for end in ("from", "to"):
                page.fill(f"[name='{name}-{end}']", value[end])
        case "declaration":
            page.check(f"[name='{name}']")
        case "choice" | "choices" | "yes_no" | "ward" | "person" | "part":
            for choice in value if isinstance(value, list) else [value]:
                _choose(page, name, {True: "yes", False: "no"}.get(choice, choice))
        case _:
            page.fill(f"[name='{name}']", str(value))


def _choose(page: Page, name: str, value: Any) -> None:
    menu = page.locator(f"select[name='{name}']")
    if menu.count():
        menu.select_option(str(value))
    else:
        page.check(f"[name='{name}'][value='{value}']")


def _rows(page: Page, spec: FieldSpec, rows: list[Mapping[str, Any]], name: str) -> None:
    table = page.locator(f"[data-question='{spec.key}']")
    for number, row in enumerate(rows):
        if table.locator("[data-row]").count() <= number:
            table.locator("button[name=add_row]").click()
        for column in spec.columns:
            if column.key in row:
                answer(page, column, row[column.key], f"{name}-{number}-{column.key}")


def choose_language(page: Page, language: str) -> None:
    """Choose the language at the top of the page, in the menu where there is no room for it."""
    menu = page.locator(".top-fold > summary")
    if menu.is_visible():
        menu.click()
    page.locator(f".languages button[value={language}]").click()
