"""Style sheets, scripts and icons: found in the product or among the installed front-end packages."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, current_app, request, send_from_directory
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


def _fingerprint(path: Path) -> str | None:
    """A short hash of a file's content; ``None`` when there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None


def static_url(name: str) -> str:
    """The address of a static file with a hash of its content, so that browsers may keep it for ever.

    ``vendor/<package>/<path>`` names a file of an installed front-end package.
    """
    known: dict[str, str] = current_app.extensions["khuevan.addresses"]
    if name not in known:
        version = _fingerprint(_file_of(name))
        known[name] = f"/static/{quote(name)}" + (f"?v={version}" if version else "")
    return known[name]


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


def _drawing(path: Path) -> Markup | None:
    if not path.is_file():
        return None
    svg = path.read_text(encoding="utf-8")
    drawing = svg[svg.index("<svg") :].replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    return Markup(drawing)  # noqa: S704 - a drawing of an installed package, not of a user


def icon(name: str) -> Markup:
    """The Tabler icon ``name`` as an inline drawing, hidden from screen readers; empty if there is none."""
    known: dict[str, Markup] = current_app.extensions["khuevan.icons"]
    if name not in known:
        drawing = _drawing(_file_of(f"{VENDOR}@tabler/icons/icons/outline/{name}.svg"))
        if drawing is None:
            current_app.logger.warning("no icon is called %s", name)
        known[name] = drawing or Markup("")
    return known[name]


def install(app: Flask) -> None:
    """Serve the files and offer their addresses to every template."""
    app.register_blueprint(blueprint)
    app.extensions.update({"khuevan.addresses": {}, "khuevan.icons": {}})
    app.after_request(keep_long)
    app.jinja_env.globals.update(static_url=static_url, icon=icon)
