"""Virus scanners for tests: the real clamd where it is installed, else a small server that speaks its protocol."""

import shutil
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INFECTION = b"khuevan-test-infection"
"""Harmless words that the scanners of tests take for a virus."""
SECONDS_TO_START = 30


@contextmanager
def scanner(folder: Path) -> Iterator[str]:
    """The address of a scanner that knows :data:`INFECTION`."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    with _real(program, folder) if program else speaking() as address:
        yield address


@contextmanager
def _real(program: str, folder: Path) -> Iterator[str]:
    """clamd with one signature made by hand."""
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Khuevan.Test-1:0:*:{INFECTION.hex()}\n")
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}/signatures\nLocalSocket {folder}/socket\nForeground yes\nStreamMaxLength 60M\n"
    )
    process = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not (folder / "socket").exists():
            assert process.poll() is None, "clamd did not start"
            assert time.monotonic() < deadline, "clamd did not start in time"
            time.sleep(0.1)
        yield f"unix://{folder}/socket"
    finally:
        process.terminate()
        process.wait()


class _Conversation(socketserver.StreamRequestHandler):
    """One INSTREAM: pieces of announced length until one of none, then the verdict."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        seen = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            seen += self.rfile.read(size)
        assert isinstance(self.server, _Server)
        self.wfile.write(self.server.answer or _verdict(seen))


def _verdict(seen: bytes) -> bytes:
    return b"stream: Khuevan.Test-1.UNOFFICIAL FOUND\0" if INFECTION in seen else b"stream: OK\0"


class _Server(socketserver.ThreadingTCPServer):
    """``answer`` is what it says to every file; without one it looks."""

    allow_reuse_address = True
    daemon_threads = True
    answer: bytes = b""


@contextmanager
def speaking(answer: bytes = b"") -> Iterator[str]:
    """The address of a small scanner, which may be told what to answer."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.answer = answer
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
