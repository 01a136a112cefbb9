"""Set-up from a bare Python: only the standard library, only locked packages, nothing twice."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal.bootstrap.chromium import ensure_chromium, find_chromium
from portal.bootstrap.packages import EVERYTHING, NODE, RUNTIME
from portal.bootstrap.progress import SetUpFailed, Stamp, Work, finish
from portal.statefolder import CHECKOUT

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def locked(lock: str) -> dict[str, str]:
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    return {str(canonicalize_name(name)): version for name, version in LOCKED.findall(text)}


def test_the_bootstrap_needs_no_package() -> None:
    script = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); import portal.bootstrap.tasks"

    run = subprocess.run([sys.executable, "-I", "-S", "-c", script], check=False, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        (RUNTIME, PROJECT["dependencies"]),
        (EVERYTHING, PROJECT["dependencies"] + EXTRAS["dev"]),
        (NODE, EXTRAS["node"]),
    ],
)
def test_locks_hold_what_the_project_asks_for(lock: str, asked: list[str]) -> None:
    versions = locked(lock)
    requirements = [Requirement(line) for line in asked]

    wrong = [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(versions.get(str(canonicalize_name(requirement.name)), "0"))
    ]

    assert wrong == [], "run `make lock`"


def test_tests_run_with_the_versions_that_are_in_service() -> None:
    everything = locked(EVERYTHING)

    assert {name: everything[name] for name in locked(RUNTIME)} == locked(RUNTIME)


@pytest.mark.parametrize("lock", [RUNTIME, EVERYTHING, NODE])
def test_every_locked_package_has_digests_and_no_address(lock: str) -> None:
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[A-Za-z0-9])", text.strip())

    assert [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text


def test_front_end_packages_have_digests_and_no_address() -> None:
    lock = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}

    assert [name for name, facts in packages.items() if "integrity" not in facts or "resolved" in facts] == []


def test_a_stamp_is_current_until_an_ingredient_changes(tmp_path: Path) -> None:
    ingredient = tmp_path / "lock"
    ingredient.write_text("one==1", encoding="utf-8")
    Stamp(tmp_path / "stamp", "3.11", ingredient).set()

    before = Stamp(tmp_path / "stamp", "3.11", ingredient).is_current()
    other_python = Stamp(tmp_path / "stamp", "3.12", ingredient).is_current()
    ingredient.write_text("one==2", encoding="utf-8")
    after = Stamp(tmp_path / "stamp", "3.11", ingredient).is_current()

    assert (before, other_python, after) == (True, False, False)


def test_work_that_fails_says_why(tmp_path: Path) -> None:
    script = "print('the disk is full'); raise SystemExit(7)"
    work = Work("Python packages", [sys.executable, "-c", script], log=tmp_path / "log", environment={})

    with pytest.raises(SetUpFailed, match=r"(?s)Python packages failed \(7\).*the disk is full"):
        finish(work)


def test_the_browser_that_is_named_is_used() -> None:
    assert find_chromium({"CHROMIUM": sys.executable, "PATH": ""}) == sys.executable
    assert find_chromium({"PATH": ""}) is None


def test_continuous_integration_is_not_content_without_a_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("portal.bootstrap.chromium.os.geteuid", lambda: 1000)

    ensure_chromium({"PATH": ""}, log=tmp_path / "log")

    assert "all browser tests are SKIPPED" in capsys.readouterr().out
    with pytest.raises(SetUpFailed, match="no Chromium"):
        ensure_chromium({"PATH": "", "CI": "true"}, log=tmp_path / "log")
