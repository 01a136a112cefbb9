"""The embedded server: private, durable, alive again after a kill."""

import os
import shutil
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from portal.embedded import EmbeddedServer, running_url
from portal.embedded.cluster import clear_after_sudden_death
from portal.statefolder import open_state_folder


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    home = open_state_folder() / "disposable" / f"server-{uuid4().hex[:8]}"
    server = EmbeddedServer(home)
    server.start()
    yield server
    server.stop()
    for folder in (server.home, home):
        shutil.rmtree(folder, ignore_errors=True)


def test_what_was_committed_survives_a_kill(server: EmbeddedServer) -> None:
    server.ensure_database()
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Khuê Văn' AS word")
    assert server.process is not None

    server.process.kill()
    server.process.wait()
    server.start()

    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("Khuê Văn",)


def test_the_address_stays_the_same_after_a_kill(server: EmbeddedServer) -> None:
    before = server.url()
    assert server.process is not None

    server.process.kill()
    server.process.wait()
    server.start()

    assert server.url() == before


def test_a_home_belongs_to_one_server_at_a_time(server: EmbeddedServer) -> None:
    with pytest.raises(BlockingIOError):
        EmbeddedServer(server.home).start()


def test_a_command_finds_the_running_server(server: EmbeddedServer) -> None:
    assert running_url(server.home) == server.url()
    server.stop()

    assert running_url(server.home) is None


def test_a_database_is_created_once(server: EmbeddedServer) -> None:
    assert [server.ensure_database("one"), server.ensure_database("one")] == [True, False]


def test_the_number_of_a_stranger_in_the_pid_file_is_no_server(server: EmbeddedServer) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n", encoding="ascii")

    clear_after_sudden_death(server.data)
    server.start()

    assert server.is_running()


def test_vietnamese_is_folded_by_unicode(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        row = connection.execute("SELECT lower('ĐỔI MỚI'), current_setting('listen_addresses')").fetchone()

    assert row == ("đổi mới", "")


def test_a_long_path_still_gets_a_short_socket() -> None:
    deep = open_state_folder() / "disposable" / ("d" * 60)
    server = EmbeddedServer(deep / ("e" * 60))

    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        folder = connection.execute("SHOW unix_socket_directories").fetchone()
    server.stop()

    shutil.rmtree(server.home, ignore_errors=True)
    shutil.rmtree(deep, ignore_errors=True)
    assert folder is not None
    assert len(f"{folder[0]}/.s.PGSQL.5432.lock") <= 107
