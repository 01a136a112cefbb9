"""The public's figures: every dossier that was sent counts once, a draft not at all, folded or not."""

import re

from flask.testing import FlaskClient

from applications.counting import fold_some
from applications.queries.figures import Figures, public_figures, together
from foundation.wording import LANGUAGE_COOKIE
from tests.applications.small_pack import World
from tests.applications.visits import accepted, queries_of, submitted


def test_figures_tell_what_is_at_work_and_what_came_to_its_end(world: World) -> None:
    procedure = submitted(world).procedure_id
    fold_some(world.session)
    accepted(world)
    over = submitted(world)
    over.state_kind, over.state = "final", "withdrawn"
    world.draft()
    world.session.flush()

    found = public_figures(world.session, [procedure, 0])

    assert found == {procedure: Figures(at_work=2, concluded=1), 0: Figures()}
    assert together(found.values()).received == 3
    assert queries_of(world.session, lambda: public_figures(world.session, [procedure])) == 1


def test_the_welcome_page_shows_the_figures_of_procedures_that_are_open(client: FlaskClient, world: World) -> None:
    submitted(world)
    accepted(world)
    world.draft()
    world.session.commit()

    client.set_cookie(LANGUAGE_COOKIE, "en")
    page = client.get("/").text

    assert re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", page) == [
        ("Dossiers received", "2"),
        ("Being handled now", "2"),
        ("Brought to an end", "0"),
        ('<a href="/tests?status=running">Tests running now</a>', "0"),
    ]
    assert "2 dossiers received" in page
