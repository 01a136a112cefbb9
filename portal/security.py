"""What every answer carries to protect its reader, and what every request may weigh."""

import secrets
import uuid

import flask_babel
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from foundation.access import current_actor, takes_files
from portal.settings import Settings

MEGABYTE = 1024 * 1024
ORDINARY_LIMIT = 1 * MEGABYTE
DOCUMENT_LIMIT = 55 * MEGABYTE
PASTED_LIMIT = 4 * MEGABYTE
"""Of text that is sent where documents are: a whole sheet may be pasted there."""

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


def csp_nonce() -> str:
    """The word of this request that lets a script or style of ours run."""
    nonce: str = g.csp_nonce
    return nonce


def page_token() -> str:
    """The word that forms of this page send back; made once, however many forms there are."""
    return str(g.get("csrf_token") or generate_csrf())


def content_policy(nonce: str) -> str:
    """The content security policy of a page."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        ]
    )


def _begin() -> None:
    """Start each request afresh, even where a test keeps one application context over several requests."""
    g.csp_nonce = secrets.token_urlsafe(18)
    g.request_id = uuid.uuid4().hex
    g.pop("actor", None)
    g.pop("csrf_token", None)
    flask_babel.refresh()


def _limit_size() -> None:
    """Large bodies only where documents are expected."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_large = view is not None and takes_files(view)
    request.max_content_length = DOCUMENT_LIMIT if is_large else ORDINARY_LIMIT
    request.max_form_memory_size = PASTED_LIMIT if is_large else ORDINARY_LIMIT


def _protect(response: Response) -> Response:
    settings: Settings = current_app.config["KHUEVAN"]
    headers = response.headers
    present = {name.lower() for name, _ in headers}
    wanted = {**FIXED_HEADERS, "Content-Security-Policy": content_policy(csp_nonce())}
    if settings.is_https:
        wanted["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "cache-control" not in present:
        wanted["Cache-Control"] = "private, no-store" if current_actor().is_signed_in else "no-cache"
    for name, value in wanted.items():
        if name.lower() not in present:
            headers.add(name, value)
    headers["X-Request-ID"] = g.request_id
    return response


def install(app: Flask, settings: Settings) -> None:
    """Guard the application: proxy, cookies, size of requests, headers of answers."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    app.config.update(
        SESSION_COOKIE_NAME="__Host-khuevan" if settings.is_https else "khuevan",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=DOCUMENT_LIMIT,
        MAX_FORM_MEMORY_SIZE=ORDINARY_LIMIT,
        MAX_FORM_PARTS=5000,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: a draft may stay open all day
    )
    app.before_request(_begin)
    app.before_request(_limit_size)
    app.after_request(_protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
