"""The boundaries that a browser draws: all wards, closed, small, kept."""

import gzip
import json
from itertools import accumulate

from flask.testing import FlaskClient

from accounts.boundaries import ward_boundaries
from accounts.places import WARDS_FILE, ward_facts


def test_every_ward_is_drawn_where_it_lies_and_its_rings_are_closed() -> None:
    facts = json.loads(gzip.decompress(ward_boundaries()))
    source = {f["properties"]["code"]: f for f in json.loads(WARDS_FILE.read_text(encoding="utf-8"))["features"]}

    assert set(facts["wards"]) == {row["code"] for row in ward_facts()}
    for code, polygons in facts["wards"].items():
        for polygon, given in zip(polygons, source[code]["geometry"]["coordinates"], strict=True):
            for steps, ring in zip(polygon, given, strict=True):
                east, north = list(accumulate(steps[::2])), list(accumulate(steps[1::2]))
                assert (east[0], north[0]) == (east[-1], north[-1])
                assert len(east) > 3
                assert abs(east[0] / facts["scale"] - ring[0][0]) < 0.0001
                assert abs(max(north) / facts["scale"] - max(point[1] for point in ring)) < 0.0001


def test_the_boundaries_are_light_and_kept_by_browsers(client: FlaskClient) -> None:
    packed = client.get("/wards.json", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/wards.json")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < 40_000
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert "MIT License" in plain.json["notice"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "immutable" not in client.get("/wards.json?v=old").headers["Cache-Control"]
