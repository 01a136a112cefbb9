"""How a request to the API is carried out: within its token's scope, in one transaction, once per key."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from werkzeug.exceptions import PreconditionRequired
from werkzeug.wrappers import Response

from foundation import idempotency
from foundation.access import current_actor
from foundation.actors import Actor
from foundation.database import db, transaction
from foundation.errors import Invalid, NotAllowed, NotFound, Reason
from foundation.idempotency import StoredAnswer
from foundation.reasons import register_reasons
from foundation.schemas import UNSTORABLE

KEPT_HEADERS = ("Content-Type", "Location", "ETag")
REPLAYED = "Idempotency-Replayed"

View = Callable[..., ResponseReturnValue]


class TokenScope(NotAllowed):
    """The token was not made for this: it lacks the scope "read" or "write"."""

    code = "token_scope"


class Replay(Exception):  # noqa: N818 - an answer, not an error
    """The request was executed before: this is its answer."""

    def __init__(self, answer: StoredAnswer) -> None:
        self.answer = answer
        super().__init__()


def carefully(view: View, *, is_reading: bool) -> View:
    """The view within the common behaviour of the API."""

    @wraps(view)
    def answer(*args: Any, **keys: Any) -> Response:
        _require_scope("read" if is_reading else "write")
        _refuse_impossible(keys)
        if is_reading:
            return _finished(view(*args, **keys))
        return _executed(lambda: view(*args, **keys), begins_itself=getattr(view, "__begins_itself__", False))

    return answer


def begins_itself(view: View) -> View:
    """Decorator of a view with slow work before its transaction; it calls :func:`begin_execution` when ready."""
    view.__begins_itself__ = True  # type: ignore[attr-defined]  # functions accept attributes
    return view


def _require_scope(scope: str) -> None:
    if not current_actor().can_use(scope):
        raise TokenScope(Reason("scope_missing", {"scope": scope}))


def _refuse_impossible(keys: Mapping[str, Any]) -> None:
    """A key that no row can have names nothing."""
    for value in keys.values():
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise NotFound
        if isinstance(value, int) and value >= 2**63:
            raise NotFound


def _executed(execute: Callable[[], ResponseReturnValue], *, begins_itself: bool) -> Response:
    """The answer of a write, committed with it; of a repeated one, the answer that it was given."""
    g.execution = None
    if begins_itself:
        db.session().rollback()  # slow work comes first: no connection is held meanwhile
    try:
        with transaction(db.session()) as session:
            if not begins_itself:
                begin_execution()
            response = _finished(execute())
            if g.execution is not None:
                g.execution.end(session, _to_store(response))
            return response
    except Replay as replay:
        return _replayed(replay.answer)


def begin_execution() -> None:
    """Claim the request's ``Idempotency-Key``, if it has one, in the transaction that begins.

    Raises:
        Replay: a request with this key was executed already.
        Refusal: see :func:`foundation.idempotency.begin`.
    """
    key = request.headers.get(idempotency.HEADER)
    if key is None or request.method != "POST":
        return
    operation = f"{request.method} {request.path}"
    begun = idempotency.begin(db.session(), _scope(current_actor()), key, operation=operation, body=_essence())
    if begun.answer is not None:
        raise Replay(begun.answer)
    g.execution = begun


def commit_early() -> None:
    """Commit before the answer is put into words, so that nobody waits for those; not where both are kept together."""
    if g.execution is None:
        db.session().commit()


def _scope(actor: Actor) -> str:
    return f"token:{actor.token_id}" if actor.token_id is not None else f"person:{actor.person_id}"


def _essence() -> bytes:
    """What makes two bodies the same: its bytes, or of an upload the fields and the digests of the files."""
    if not request.files:
        return request.get_data(cache=True)
    parts = [f"{name}={value}" for name, value in request.form.items(multi=True)]
    for name, file in request.files.items(multi=True):
        file.stream.seek(0)
        digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a binary stream
        file.stream.seek(0)
        parts.append(f"{name}={file.filename}={digest}")
    return "\n".join(sorted(parts)).encode("utf-8", "surrogatepass")


def _finished(answered: ResponseReturnValue) -> Response:
    response = make_response(answered)
    response.vary.update(["Accept-Language", "Authorization"])
    return response


def _to_store(response: Response) -> StoredAnswer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return StoredAnswer(response.status_code, response.get_data(), headers)


def _replayed(answer: StoredAnswer) -> Response:
    response = current_app.response_class(answer.body, status=answer.status, headers=dict(answer.headers))
    response.headers[REPLAYED] = "true"
    return _finished(response)


def named_version(current: int) -> int | None:
    """The version that ``If-Match`` names; ``None`` when it is absent or any will do.

    ``current`` is the version now, which counts when several are named.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    return current if request.if_match.contains(str(current)) else -1


def require_version() -> None:
    """Raise (428) when the request does not say which version it changes."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired


@contextmanager
def faults_below(path: str) -> Iterator[None]:
    """Tell faults of what stands below ``path`` in the body by their whole path."""
    try:
        yield
    except Invalid as refusal:
        raise type(refusal)({f"{path}.{field}": reasons for field, reasons in refusal.fields.items()}) from refusal


register_reasons(
    {
        "token_scope": lazy_gettext("This token was not made for that."),
        "scope_missing": lazy_gettext("The token lacks the scope “%(scope)s”."),
    }
)
