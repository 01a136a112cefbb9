"""Turns every refusal and fault into an answer: a page for people, a problem document for programs."""

from dataclasses import dataclass, field
from typing import Any

import psycopg
from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from foundation.access import current_actor, is_api_request
from foundation.database import db
from foundation.errors import Blocked, Invalid, NotAllowed, Reason, Refusal
from foundation.reasons import register_reasons, sentence_of

TITLES = {
    400: lazy_gettext("The request could not be understood"),
    401: lazy_gettext("Sign in first"),
    403: lazy_gettext("You may not do this"),
    404: lazy_gettext("Page not found"),
    405: lazy_gettext("This address does not take that kind of request"),
    406: lazy_gettext("This form of answer is not available"),
    409: lazy_gettext("This cannot be done now"),
    412: lazy_gettext("Somebody changed this in the meantime"),
    413: lazy_gettext("What you sent is too large"),
    415: lazy_gettext("This kind of content is not accepted"),
    422: lazy_gettext("Some answers need correction"),
    428: lazy_gettext("Say which version you are changing"),
    429: lazy_gettext("Too many attempts"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("The service is unavailable for a moment"),
}

CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "blocked",
    412: "changed_meanwhile",
    413: "body_too_large",
    415: "unsupported_content",
    422: "invalid",
    428: "version_required",
    429: "too_many_requests_now",
    503: "unavailable",
}

register_reasons(
    {
        "bad_request": lazy_gettext("Check what was sent and try again."),
        "form_expired": lazy_gettext(
            "This form was open for too long or in another window. Go back, reload the page and send it again."
        ),
        "not_signed_in": lazy_gettext("You need to be signed in for this."),
        "method_not_allowed": lazy_gettext("Open the page again from its link."),
        "not_acceptable": lazy_gettext("Ask for one of the forms that are offered."),
        "changed_meanwhile": lazy_gettext("Load it again, then repeat your change."),
        "body_too_large": lazy_gettext("A single document may have up to 50 MB, everything else up to 1 MB."),
        "unsupported_content": lazy_gettext("Send one of the accepted kinds of content."),
        "version_required": lazy_gettext("Send the version that you read in the If-Match header."),
        "too_many_requests_now": lazy_gettext("Wait a little, then try again."),
        "unavailable": lazy_gettext("Nothing that you saved is lost. Try again in a moment."),
        "fault": lazy_gettext(
            "Nothing that you saved is lost. If it happens again, tell the help desk the number below."
        ),
    }
)

RETRY_AFTER_SECONDS = "5"
PROBLEM_DOCUMENT = "application/problem+json"


@dataclass(slots=True)
class Problem:
    """A no, or a fault, as it is told to the outside."""

    status: int
    code: str
    detail: str
    reasons: list[Reason] = field(default_factory=list)
    errors: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(TITLES.get(self.status, TITLES[400 if self.status < 500 else 500]))


def _sentence(code: str) -> str:
    return sentence_of(Reason(code))


def _told(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "detail": sentence_of(reason), "facts": dict(reason.facts)}


def of_refusal(refusal: Refusal) -> Problem:
    """The problem behind a refusal of the product."""
    if isinstance(refusal, NotAllowed) and is_api_request() and not current_actor().is_signed_in:
        return Problem(401, "not_signed_in", _sentence("not_signed_in"), headers={"WWW-Authenticate": "Bearer"})
    problem = Problem(refusal.status, refusal.code, _sentence(refusal.code))
    if isinstance(refusal, Blocked | NotAllowed):
        problem.reasons = list(refusal.reasons)
    if isinstance(refusal, Invalid):
        problem.errors = {
            path: [{"code": reason.code, "detail": sentence_of(reason)} for reason in reasons]
            for path, reasons in refusal.fields.items()
        }
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        problem.headers["Retry-After"] = str(retry_after)
    return problem


def of_http_error(error: HTTPException) -> Problem:
    """The problem behind an error of the protocol; texts of the libraries are not passed on."""
    status = error.code or 500
    code = CODES.get(status, "bad_request" if status < 500 else "fault")
    if isinstance(error, CSRFError):
        code = "form_expired"
    return Problem(status, code, _sentence(code), headers=_safe_headers(error))


def _safe_headers(error: HTTPException) -> dict[str, str]:
    kept = {"Allow", "Retry-After", "WWW-Authenticate", "ETag"}
    return {name: value for name, value in error.get_headers() if name in kept}


def as_document(problem: Problem) -> Response:
    """The RFC 9457 document of a problem."""
    body: dict[str, Any] = {
        "type": f"urn:khuevan:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "instance": f"urn:uuid:{g.request_id}",
    }
    if problem.reasons:
        body["reasons"] = [_told(reason) for reason in problem.reasons]
    if problem.errors:
        body["errors"] = problem.errors
    return current_app.response_class(current_app.json.dumps(body), status=problem.status, mimetype=PROBLEM_DOCUMENT)


def as_page(problem: Problem) -> Response:
    """The page of a problem; only its message when a part of a page was asked for."""
    is_part = request.headers.get("HX-Request-Type") == "partial"
    html = render_template(
        "portal/problem_part.html" if is_part else "portal/problem.html",
        problem=problem,
        sentences=[sentence_of(reason) for reason in problem.reasons],
        request_id=g.request_id,
    )
    return current_app.response_class(html, status=problem.status)


def answer(problem: Problem) -> Response:
    """What is sent to the caller, in the form that suits it; a page on a fault asks the database for nothing."""
    if problem.status >= 500:
        db.session.rollback()
        g.is_faulty = True
    response = as_document(problem) if is_api_request() or _asks_for_document() else as_page(problem)
    response.headers.update(problem.headers)
    return response


def busy() -> Response:
    """What is sent to whoever came while enough others wait already: quick to make, as there are many of them."""
    g.is_faulty = True
    headers = {"Retry-After": RETRY_AFTER_SECONDS}
    if is_api_request() or _asks_for_document() or request.headers.get("HX-Request-Type") == "partial":
        return answer(Problem(503, "unavailable", _sentence("unavailable"), headers=headers))
    is_read = request.method in {"GET", "HEAD"}
    address = "/" + request.full_path.lstrip("/").removesuffix("?")
    html = render_template("portal/busy.html", is_read=is_read, seconds=RETRY_AFTER_SECONDS, address=address)
    return current_app.response_class(html, status=503, headers=headers)


def _asks_for_document() -> bool:
    """Whether a script of a page asks, which shows the sentences itself."""
    return request.accept_mimetypes.best == PROBLEM_DOCUMENT


def _on_refusal(refusal: Refusal) -> Response:
    db.session.rollback()
    return answer(of_refusal(refusal))


def _on_http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400 and error.response is None:
        return current_app.make_response(error.get_response())
    return answer(of_http_error(error))


def _on_database_error(error: Exception) -> Response:
    """A lost connection passes; any other error of the database is a fault of ours."""
    is_lost = isinstance(error, PoolTimeoutError | OperationalError | InterfaceError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
    if not is_lost:
        raise error
    current_app.logger.warning("the database did not answer: %s", type(error).__name__)
    headers = {"Retry-After": RETRY_AFTER_SECONDS}
    return answer(Problem(503, "unavailable", _sentence("unavailable"), headers=headers))


def _on_unsendable_value(error: DataError) -> Response:
    """Text with a NUL cannot be sent to the database at all, so nothing there can be meant; the rest is our fault."""
    if not isinstance(error.orig, psycopg.DataError) or error.orig.sqlstate is not None:
        raise error
    current_app.logger.warning("a value could not be sent to the database: %s", error.orig)
    return answer(Problem(400, "bad_request", _sentence("bad_request")))


def install(app: Flask) -> None:
    """Answer for everything that can go wrong."""
    app.register_error_handler(DataError, _on_unsendable_value)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(DBAPIError, _on_database_error)
    app.register_error_handler(PoolTimeoutError, _on_database_error)
