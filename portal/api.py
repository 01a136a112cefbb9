"""The JSON API: one OpenAPI 3.1 document over what the domains registered."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app, render_template
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from marshmallow import fields

from foundation.access import EVERYONE, access, for_people
from foundation.api import PREFIX
from foundation.register import DOMAINS
from foundation.speech import current_language
from portal.apidocument import COMPONENT_HEADERS, DESCRIPTION, PARAMETERS, ProblemShape, complete
from portal.apireference import reference_of
from portal.settings import Settings

PROBLEM = "application/problem+json"

blueprint = Blueprint("api_document", __name__, url_prefix=PREFIX)


class ProductApi(Api):
    """flask-smorest's walk over blueprints, with what it does differently from us set right."""

    ERROR_SCHEMA = ProblemShape
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._undescribed: list[Callable[[], None]] = []
        self._describing = Lock()
        super().__init__(*arguments, **options)

    def _register_error_handlers(self) -> None:
        """Errors are answered by :mod:`portal.problems` alone."""

    def _register_doc_blueprint(self) -> None:
        """The document has a view of our own."""

    def _register_responses(self) -> None:
        """Every refusal is a problem document (RFC 9457)."""
        reference = {"schema": self.ERROR_SCHEMA}
        for status in HTTPStatus:
            if status >= HTTPStatus.BAD_REQUEST:
                told = {"description": status.phrase, "content": {PROBLEM: dict(reference)}}
                self.spec.components.response(status.name, told, lazy=True)

    def _register_pagination_header(self) -> None:
        """Lists are read by cursor: there is no header on pages."""

    def register_blueprint(self, blp: Any, *, parameters: Any = None, **options: Any) -> None:
        """Like the original, but a blueprint's tag is not its internal name."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(partial(self._write_up, blp, parameters))

    def _write_up(self, blp: Any, parameters: Any) -> None:
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=parameters)
        self.spec.tag({"name": blp.tag, "description": blp.description})

    def described(self) -> dict[str, Any]:
        """The document: composed when the first one asks, since a start takes long enough."""
        with self._describing:
            while self._undescribed:
                self._undescribed.pop(0)()
            return complete(self.spec.to_dict())


@blueprint.get("/")
@access(EVERYONE)
@for_people
def reference() -> str:
    """The document as a page."""
    bodies: dict[str, Markup] = current_app.extensions.setdefault("api_reference", {})
    language = current_language()
    if language not in bodies:
        bodies[language] = _reference_body()
    return render_template("portal/api_reference.html", body=bodies[language])


def _reference_body() -> Markup:
    """What the page says, the same for everybody who reads the language; long, hence made once."""
    settings: Settings = current_app.config["KHUEVAN"]
    told = reference_of(document_of(current_app))
    address = settings.public_url + PREFIX
    return Markup(render_template("portal/api_reference_body.html", reference=told, address=address))  # noqa: S704 - our own template


@blueprint.get("/openapi.json")
@access(EVERYONE)
def openapi() -> Response:
    """The OpenAPI document."""
    return current_app.response_class(current_app.json.dumps(document_of(current_app)), mimetype="application/json")


def document_of(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    api: ProductApi = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return api.described()


def install(app: Flask, csrf: CSRFProtect) -> ProductApi:
    """Register the API blueprints of every domain; they take bearer tokens, hence no CSRF token."""
    app.config.update(
        API_TITLE="Khuê Văn",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
    )
    words = MarshmallowPlugin(schema_name_resolver=_shape_name)
    spec = {"info": {"description": DESCRIPTION}, "servers": [{"url": "/"}], "marshmallow_plugin": words}
    api = ProductApi(app, spec_kwargs=spec)
    _describe(api)
    for domain in DOMAINS.values():
        for endpoints in domain.api_blueprints:
            api.register_blueprint(endpoints)
            csrf.exempt(endpoints)
    app.register_blueprint(blueprint)
    return api


def _shape_name(schema: Any) -> str:
    """What a shape is called in the document."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Shape")


def _describe(api: ProductApi) -> None:
    """Tell the document what all operations share."""
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, parameter in PARAMETERS.items():
        components.parameter(name, "header", parameter, lazy=True)
    for name, header in COMPONENT_HEADERS.items():
        components.header(name, header)
    api.register_field(fields.Decimal, "string", "decimal")
