"""A page as a browser without scripts sees it: its words, its links, and its forms to fill in and send."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Node:
    """An element: its tag, attributes and what stands in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterable["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node) and child.tag != "template":
                yield from child.walk()

    def all(self, tag: str, **wanted: str) -> list["Node"]:
        """The elements below with this tag and these attributes (``class_`` and ``for_`` lose the underscore)."""
        return [node for node in self.walk() if node.tag == tag and _matches(node, wanted)]

    def one(self, tag: str, **wanted: str) -> "Node":
        (found,) = self.all(tag, **wanted)
        return found

    @property
    def text(self) -> str:
        """All words, with single spaces."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())


def _matches(node: Node, wanted: dict[str, str]) -> bool:
    return all(node.attributes.get(name.rstrip("_").replace("_", "-")) == value for name, value in wanted.items())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("page", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


class Page:
    """What a request answered, read as a page."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.address = response.request.path
        reader = _Reader()
        reader.feed(response.text)
        self.root = reader.root

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def heading(self) -> str:
        return self.root.one("h1").text

    @property
    def links(self) -> dict[str, str]:
        """The addresses of links by their words."""
        return {link.text: link.attributes.get("href", "") for link in self.root.all("a")}

    @property
    def errors(self) -> dict[str, str]:
        """What is said beside each input, by its id."""
        ending = "-error"
        return {
            node.attributes["id"].removesuffix(ending): node.text
            for node in self.root.walk()
            if node.attributes.get("id", "").endswith(ending)
        }

    def form(self, number: int = -1) -> "FilledForm":
        """One of the forms that are sent by POST; the last unless said otherwise."""
        forms = [node for node in self.root.all("form") if node.attributes.get("method") == "post"]
        return FilledForm(forms[number], self.address)

    def form_to(self, ending: str) -> "FilledForm":
        """The form whose address ends so."""
        return next(
            FilledForm(node, self.address)
            for node in self.root.all("form")
            if node.attributes.get("action", "").endswith(ending)
        )


class FilledForm:
    """A form with what stands in it; ``values`` may be changed before it is sent."""

    def __init__(self, node: Node, address: str) -> None:
        self.action = node.attributes.get("action") or address
        self.values: MultiDict[str, Any] = MultiDict(_present(node))
        self.buttons = [
            (button.attributes.get("name", ""), button.attributes.get("value", "")) for button in node.all("button")
        ]

    def send(self, client: FlaskClient, *, press: tuple[str, str] | None = None, **changes: Any) -> TestResponse:
        """Send it, with these inputs changed and this button pressed; redirects are not followed."""
        for name, value in changes.items():
            self.values.setlist(name, value if isinstance(value, list) else [value])
        if press is not None:
            assert press in self.buttons
            self.values.add(*press)
        return client.post(self.action, data=self.values)


def _present(form: Node) -> Iterable[tuple[str, str]]:
    for node in form.walk():
        name, kind = node.attributes.get("name", ""), node.attributes.get("type", "text")
        if not name or "disabled" in node.attributes:
            continue
        if node.tag == "textarea":
            yield name, "".join(child for child in node.children if isinstance(child, str)).removeprefix("\n")
        elif node.tag == "select":
            yield name, _selected(node)
        elif node.tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in node.attributes:
                yield name, node.attributes.get("value", "on")
        elif node.tag == "input" and kind != "file":
            yield name, node.attributes.get("value", "")


def _selected(select: Node) -> str:
    options = select.all("option")
    chosen = [option for option in options if "selected" in option.attributes] or options[:1]
    return chosen[0].attributes.get("value", chosen[0].text)


def open_page(client: FlaskClient, address: str) -> Page:
    """The page at an address, after redirects."""
    return Page(client.get(address, follow_redirects=True))


def follow(client: FlaskClient, response: TestResponse) -> Page:
    """The page to which an answer leads."""
    assert response.status_code == 303, response.text
    return open_page(client, response.location)
