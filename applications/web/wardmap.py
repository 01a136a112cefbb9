"""The boundaries of the wards, for choosing one on a map."""

import gzip

from flask import make_response, request, url_for
from werkzeug.wrappers import Response

from accounts.boundaries import boundaries_version, ward_boundaries
from applications.web.blueprint import blueprint
from foundation.access import EVERYONE, access

FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"


@blueprint.get("/wards.json")
@access(EVERYONE)
def ward_map() -> Response:
    """Packed where the browser takes it; kept for ever under the address that names its digest."""
    packed, is_packed = ward_boundaries(), request.accept_encodings.quality("gzip") > 0
    answer = make_response(packed if is_packed else gzip.decompress(packed))
    answer.mimetype = "application/json"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOREVER if request.args.get("v") == boundaries_version() else A_DAY
    if is_packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def ward_map_url() -> str:
    """Where the boundaries lie as they are now."""
    return url_for("applications.ward_map", v=boundaries_version())


blueprint.add_app_template_global(ward_map_url, "ward_map_url")
