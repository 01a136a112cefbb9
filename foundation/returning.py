"""Where a form leads back to: only to pages of ours, whatever an address in a link claims."""

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException


def page_to_return_to(address: str) -> str:
    """``address`` when it is a page of ours that can be read, else home."""
    parts = urlsplit(address)
    is_odd = any(letter == "\\" or ord(letter) <= 32 for letter in address)
    if is_odd or parts.scheme or parts.netloc or not parts.path.startswith("/") or address.startswith("//"):
        return url_for("portal.home")
    try:
        current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]  # there is one in a request
    except HTTPException:
        return url_for("portal.home")
    return address
