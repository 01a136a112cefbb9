"""Where state lies, for owners, guests and the homeless."""

import os
import stat
from pathlib import Path

import pytest

from portal.statefolder import environment_for, open_state_folder, state_folder, user_name

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root creates folders in the name of others")


def test_a_writable_checkout_keeps_its_own_state(tmp_path: Path) -> None:
    folder = open_state_folder({}, checkout=tmp_path)

    assert folder == tmp_path / "instance" / user_name()
    assert folder.is_dir()


def test_another_folder_can_be_named(tmp_path: Path) -> None:
    named = tmp_path / "elsewhere"

    assert open_state_folder({"KHUEVAN_INSTANCE": str(named)}, checkout=tmp_path) == named


def test_a_checkout_that_is_not_ours_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_ours(path: Path, mode: int) -> bool:
        return not str(path).startswith(str(tmp_path / "checkout"))

    monkeypatch.setattr(os, "access", is_ours)
    environment = {"HOME": str(tmp_path / "home")}

    folder = state_folder(environment, checkout=tmp_path / "checkout")

    assert folder.parent == tmp_path / "home" / ".local" / "state" / "khuevan"


def test_two_checkouts_never_share_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: "theirs" not in str(path))
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}

    folders = {state_folder(environment, checkout=tmp_path / name) for name in ("theirs-1", "theirs-2")}

    assert len(folders) == 2
    assert {folder.parent for folder in folders} == {tmp_path / "state" / "khuevan"}


@AS_ROOT
def test_root_leaves_the_instance_folder_to_the_owner_of_the_checkout(tmp_path: Path) -> None:
    os.chown(tmp_path, 4321, 4321)

    open_state_folder({}, checkout=tmp_path)

    instance = (tmp_path / "instance").stat()
    assert (instance.st_uid, instance.st_gid) == (4321, 4321)


def test_other_users_may_pass_but_not_list(tmp_path: Path) -> None:
    folder = open_state_folder({}, checkout=tmp_path)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o711


@pytest.mark.parametrize("home", ["", "/nowhere/at/all"])
def test_programs_get_a_home_where_there_is_none(home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != "/" and really(path, mode))

    environment = environment_for(tmp_path, {"HOME": home})

    assert environment["HOME"] == str(tmp_path / "home")
    assert environment["PYTHONPYCACHEPREFIX"].startswith(str(tmp_path))
