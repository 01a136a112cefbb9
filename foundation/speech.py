"""The language in which the present text is written, as Babel settled it for this request, mail or job."""

from flask.globals import _cv_app
from flask_babel import get_locale

from foundation.wording import DEFAULT_LANGUAGE


def current_language() -> str:
    """The language of the present text: "vi", "en" or "fr"."""
    return _settled() or _ask_babel()


def _settled() -> str | None:
    """What Babel has settled on for this context, read where it keeps it: pages ask a thousand times."""
    context = _cv_app.get(None)
    if context is None:
        return None
    settled = getattr(getattr(context.g, "_flask_babel", None), "babel_locale", None)
    return settled.language if settled is not None else None


def _ask_babel() -> str:
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT_LANGUAGE
