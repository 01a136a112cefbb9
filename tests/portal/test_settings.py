"""Settings that cannot be used are refused in words, before anything starts."""

from pathlib import Path

import pytest

from portal.settings import Settings, WrongSetting


@pytest.mark.parametrize("url", ["mysql://city@db.example/khuevan", "postgresql://db.example:port/khuevan", "khuevan"])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(WrongSetting, match="DATABASE_URL is no address of a PostgreSQL database"):
        Settings.from_environment({"DATABASE_URL": url})


def test_what_has_to_be_a_number_is_one() -> None:
    with pytest.raises(WrongSetting, match="DIGEST_HOUR=seven is no number"):
        Settings.from_environment({"DATABASE_URL": "postgresql:///khuevan", "DIGEST_HOUR": "seven"})


def test_an_empty_number_stands_for_the_usual_one() -> None:
    settings = Settings.from_environment({"DATABASE_URL": "postgresql:///khuevan", "WEB_THREADS": ""})

    assert settings.web_threads == 4


def test_a_key_that_is_named_is_there(tmp_path: Path) -> None:
    named = {"DATABASE_URL": "postgresql:///khuevan", "ANCHOR_KEY_FILE": str(tmp_path / "anchor")}

    with pytest.raises(WrongSetting, match=r"ANCHOR_KEY_FILE=.*/anchor is no file"):
        Settings.from_environment(named)
