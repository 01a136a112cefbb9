"""Clients on slow lines, each sending a document of 50 MB piece by piece."""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import pikepdf

BYTES = 50 * 1024 * 1024
PIECE = 64 * 1024
BOUNDARY = "bound-of-a-slow-upload"
LONGEST_ANSWER = 60


@cache
def large_pdf() -> bytes:
    """A sound document of one page and not quite 50 MB."""
    document, stream = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Ballast = document.make_indirect(document.make_stream(bytes(BYTES - 100_000)))
    document.save(stream, compress_streams=False)
    return stream.getvalue()


@dataclass
class SlowUpload:
    """One upload to an address of the API: evenly over some seconds, or until told that it is slow no longer."""

    url: str
    path: str
    bearer: str
    slot: str
    seconds: float
    hurry: threading.Event = field(default_factory=threading.Event)
    status: int = 0
    sent: int = 0

    def run(self) -> None:
        """Send all of it; ``status`` is the status of the answer then."""
        body = self._body()
        target = urlsplit(self.url)
        with socket.create_connection((target.hostname, target.port), timeout=LONGEST_ANSWER) as line:
            line.sendall(self._head(len(body)))
            self._trickle(line, body)
            self.status = int(line.recv(64).split()[1])

    def _head(self, length: int) -> bytes:
        lines = (
            f"POST {self.path} HTTP/1.1",
            f"Host: {urlsplit(self.url).netloc}",
            f"Authorization: Bearer {self.bearer}",
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
            f"Content-Length: {length}",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode()

    def _body(self) -> bytes:
        slot = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="slot"\r\n\r\n{self.slot}\r\n'
        file = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="de-an.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        return b"".join((slot.encode(), file.encode(), large_pdf(), f"\r\n--{BOUNDARY}--\r\n".encode()))

    def _trickle(self, line: socket.socket, body: bytes) -> None:
        begun = time.monotonic()
        for start in range(0, len(body), PIECE):
            line.sendall(body[start : start + PIECE])
            self.sent = start + PIECE
            ahead = self.seconds * self.sent / len(body) - (time.monotonic() - begun)
            if ahead > 0 and not self.hurry.is_set():
                self.hurry.wait(ahead)


@contextmanager
def under_way(uploads: list[SlowUpload]) -> Iterator[Callable[[], bool]]:
    """Let them run while the block runs; it is handed a way to ask whether all are still sending.

    Afterwards they hurry, and each must have been answered with 201. Raises RuntimeError when one was not.
    """
    threads = [threading.Thread(target=upload.run, daemon=True) for upload in uploads]
    for thread in threads:
        thread.start()
    while not all(upload.sent for upload in uploads):
        time.sleep(0.01)
    yield lambda: all(
        thread.is_alive() and upload.sent < BYTES for thread, upload in zip(threads, uploads, strict=True)
    )
    for upload, thread in zip(uploads, threads, strict=True):
        upload.hurry.set()
        thread.join(LONGEST_ANSWER)
    statuses = [upload.status for upload in uploads]
    if statuses != [201] * len(uploads):
        raise RuntimeError(f"uploads were answered with {statuses}")
