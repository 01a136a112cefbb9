"""The supervisor's parts: a port of its own, children that come back, nothing left behind."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from portal.supervisor.address import DEFAULT_PORT, CannotAnswerThere, PortTaken, choose_address
from portal.supervisor.children import Child
from tests.databases import free_port

PARENT_OF_A_SLEEPER = (
    "import subprocess, sys, pathlib, time\n"
    "sleeper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "pathlib.Path(sys.argv[1]).write_text(str(sleeper.pid))\n"
    "time.sleep(600)\n"
)


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_an_explicit_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match=f"Port {port} is taken"):
            choose_address({"PORT": str(port)})


@pytest.mark.parametrize("wrong", [{"PORT": "80x"}, {"PORT": "0"}, {"PORT": "65536"}, {"HOST": "192.0.2.1"}])
def test_what_no_program_can_answer_at_is_said(wrong: dict[str, str]) -> None:
    ((name, value),) = wrong.items()

    with pytest.raises(CannotAnswerThere, match=f"{name}={value} is no "):
        choose_address(wrong)


def test_without_a_port_the_next_free_one_is_reserved() -> None:
    first = choose_address({})
    second = choose_address({})

    first.release()
    second.release()

    assert DEFAULT_PORT <= first.port < second.port


def test_a_reserved_port_lets_our_own_server_listen() -> None:
    address = choose_address({"PORT": str(free_port())})
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind((address.host, address.port))
        server.listen()
        with socket.create_connection((address.host, address.port), timeout=5) as client:
            assert client.getpeername()[1] == address.port
    address.release()


def test_a_killed_child_comes_back() -> None:
    child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], os.environ)
    child.start()
    killed = child.pid
    assert killed is not None

    os.kill(killed, 9)
    assert until(lambda: not child.is_running())
    news = child.watch()
    child.watch()

    assert news == "sleeper ended (SIGKILL), starting it again"
    assert child.is_running()
    assert child.pid != killed
    child.end()


def test_who_dies_at_once_again_and_again_waits_longer() -> None:
    child = Child("hopeless", [sys.executable, "-c", "raise SystemExit(3)"], os.environ)
    starts = []
    child.start()
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        if child.watch():
            starts.append(time.monotonic())
        time.sleep(0.01)

    child.end()

    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(starts) < 6
    assert gaps[-1] > gaps[0]


def test_what_a_killed_child_started_is_killed_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = Child("parent", [sys.executable, "-c", PARENT_OF_A_SLEEPER, str(note)], os.environ)
    child.start()
    assert until(lambda: note.exists() and note.read_text(encoding="ascii") != "")
    sleeper = int(note.read_text(encoding="ascii"))
    assert child.pid is not None

    os.kill(child.pid, 9)
    assert until(lambda: not child.is_running())
    child.watch()

    assert until(lambda: is_gone(sleeper))
    child.end()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children of our death")
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (
        "import os, sys, pathlib, time\n"
        "from portal.supervisor.children import Child\n"
        "child = Child('sleeper', [sys.executable, '-c', 'import time; time.sleep(600)'], os.environ)\n"
        "child.start()\n"
        "pathlib.Path(sys.argv[1]).write_text(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script, str(note)])
    assert until(lambda: note.exists() and note.read_text(encoding="ascii") != "")

    supervisor.kill()
    supervisor.wait()

    assert until(lambda: is_gone(int(note.read_text(encoding="ascii"))))
