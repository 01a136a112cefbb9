"""Hands that choose dossiers, try a step on them and make it, over HTTP."""

from typing import Any

from flask.testing import FlaskClient

from applications.models import Application, Case
from tests.applications.small_pack import World
from tests.pages import Page, follow


def choosing(client: FlaskClient, *cases: Application) -> Page:
    return Page(client.get("/queue/batches/new?" + "&".join(f"case={case.key}" for case in cases)))


def step_form(page: Page, step: str) -> Any:
    """The form that leads to the preview of this step."""
    forms = [page.form(number) for number in range(len([f for f in page.root.all("form") if _posts(f)]))]
    return next(form for form in forms if form.values.get("step") == step)


def _posts(form: Any) -> bool:
    return bool(form.attributes.get("method") == "post")


def previewed(client: FlaskClient, step: str, *cases: Application, **values: str) -> Page:
    return Page(step_form(choosing(client, *cases), step).send(client, **values))


def made(client: FlaskClient, page: Page) -> Page:
    return follow(client, page.form_to("/queue/batches").send(client))


def states(world: World, *cases: Application) -> list[str]:
    world.session.expire_all()
    return [world.session.get_one(Case, case.id).state for case in cases]
