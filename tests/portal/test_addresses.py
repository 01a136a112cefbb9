"""Addresses built quickly are those that Flask builds."""

from typing import Any

import pytest
from flask import Flask, url_for

from portal.addresses import address_of

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("portal.home", {}),
    ("applications.dossier", {"key": "TN-1"}),
    ("applications.dossier", {"key": "TN-1", "_anchor": "messages"}),
    ("applications.document_page", {"key": "TN-1", "document_id": 7, "number": 1, "width": 240}),
    ("applications.queue", {"q": "đổi mới & hơn", "cursor": None}),
    ("applications.queue", {"holder": "me", "sort": "due"}),
    ("applications.dossier", {"key": "a b/ç?#"}),
    ("applications.queue", {"state": ["a", "b"]}),
]


@pytest.mark.parametrize(("endpoint", "values"), CALLS)
def test_an_address_is_the_one_flask_builds(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    with app.test_request_context():
        assert [address_of(endpoint, **values) for _ in range(2)] == [url_for(endpoint, **values)] * 2


def test_the_next_values_take_the_place_of_the_first(app: Flask) -> None:
    with app.test_request_context():
        for key, number in (("TN-1", 1), ("TN-22", 900_000_000_001), ("place900000000000", 3)):
            built = address_of("applications.document_pages", key=key, document_id=number)
            assert built == url_for("applications.document_pages", key=key, document_id=number)


def test_a_product_that_is_mounted_below_a_path_keeps_it(app: Flask) -> None:
    address_of_root = {}
    for root in ("", "/khuevan"):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            address_of_root[root] = address_of("applications.dossier", key="TN-1")

    assert address_of_root["/khuevan"] == f"/khuevan{address_of_root['']}"
