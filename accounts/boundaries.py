"""The boundaries of the wards as a browser draws them: small, because each point is told from the one before."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache

from accounts.places import WARDS_FILE

SCALE = 100_000
"""Steps to a degree: about a metre, as in the file; the same for neighbours, so that they still share their borders."""
NOTICE = (
    "Boundaries derived from https://github.com/thanglequoc/vietnamese-provinces-database,"
    " Copyright (c) 2021 Thang Le Quoc, MIT License"
)


@cache
def ward_boundaries() -> bytes:
    """JSON, packed by gzip: by code the polygons of each ward, of each its rings as ``[x, y, dx, dy, …]``."""
    features = json.loads(WARDS_FILE.read_text(encoding="utf-8"))["features"]
    wards = {
        feature["properties"]["code"]: [[_told(ring) for ring in part] for part in feature["geometry"]["coordinates"]]
        for feature in features
    }
    content = json.dumps({"notice": NOTICE, "scale": SCALE, "wards": wards}, separators=(",", ":"))
    return gzip.compress(content.encode(), mtime=0)


@cache
def boundaries_version() -> str:
    """A short digest of the boundaries, so that browsers may keep them for ever."""
    return hashlib.sha256(ward_boundaries()).hexdigest()[:12]


def _told(ring: Sequence[Sequence[float]]) -> list[int]:
    return list(_steps(ring))


def _steps(ring: Sequence[Sequence[float]]) -> Iterator[int]:
    """The first point and then each step; points that fall together are told once."""
    before = (0, 0)
    for number, (east, north) in enumerate(ring):
        point = (round(east * SCALE), round(north * SCALE))
        if number and point == before:
            continue
        yield point[0] - before[0]
        yield point[1] - before[1]
        before = point
