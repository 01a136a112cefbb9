"""Style sheets, scripts and icons: found in the product or among the installed front-end packages."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, send_from_directory, url_for
from markupsafe import Markup

from foundation.access import EVERYONE, access
from portal.settings import Settings

VENDOR = "vendor/"
SERVED_SUFFIXES = {".css", ".js", ".map", ".svg", ".png", ".woff2"}
FOREVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__)


def _file_of(name: str) -> Path:
    settings: Settings = current_app.config["KHUEVAN"]
    if name.startswith(VENDOR):
        return settings.vendor_folder / name.removeprefix(VENDOR)
    return Path(current_app.static_folder or "") / name


@lru_cache(maxsize=512)
def _fingerprint(path: Path, modified_ns: int) -> str:
    """A short hash of a file's content; ``modified_ns`` makes an edited file a new question."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file with a hash of its content, so that browsers may keep it for ever.

    ``vendor/<package>/<path>`` names a file of an installed front-end package.
    """
    path = _file_of(name)
    version = _fingerprint(path, path.stat().st_mtime_ns) if path.is_file() else None
    if name.startswith(VENDOR):
        return url_for("assets.vendor", filename=name.removeprefix(VENDOR), v=version)
    return url_for("static", filename=name, v=version)


@blueprint.get("/static/vendor/<path:filename>")
@access(EVERYONE)
def vendor(filename: str) -> Response:
    """A file of an installed front-end package."""
    if Path(filename).suffix not in SERVED_SUFFIXES:
        abort(404)
    settings: Settings = current_app.config["KHUEVAN"]
    return send_from_directory(settings.vendor_folder.resolve(), filename)


def keep_long(response: Response) -> Response:
    """Static files asked for by their hash never change."""
    if request.endpoint in {"static", "assets.vendor"} and response.status_code in {200, 206, 304}:
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") else "public, max-age=300"
    return response


@lru_cache(maxsize=512)
def _drawing(path: Path) -> str:
    svg = path.read_text(encoding="utf-8")
    return svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)


def icon(name: str) -> Markup:
    """The Tabler icon ``name`` as an inline drawing, hidden from screen readers; empty if there is none."""
    path = _file_of(f"{VENDOR}@tabler/icons/icons/outline/{name}.svg")
    if not path.is_file():
        current_app.logger.warning("no icon is called %s", name)
        return Markup("")
    return Markup(_drawing(path))  # noqa: S704 - a drawing of an installed package, not of a user


def install(app: Flask) -> None:
    """Serve the files and offer their addresses to every template."""
    app.register_blueprint(blueprint)
    app.after_request(keep_long)
    app.jinja_env.globals.update(static_url=static_url, icon=icon)
