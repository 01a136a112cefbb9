"""The look for viruses: files are shown to a clamd, where one is configured, by its INSTREAM command."""

import socket
import struct
from contextlib import closing
from typing import BinaryIO
from urllib.parse import urlsplit

from flask import current_app

CHUNK = 1 << 18
SECONDS = 120
"""For each sending and for the answer: unpacking a large file takes a scanner a while."""
LONGEST_ANSWER = 4096
DEFAULT_PORT = 3310


class ScannerAway(Exception):  # noqa: N818 - says what happened
    """The scanner did not answer, or could not look at the file."""


def is_configured() -> bool:
    """Whether this installation names a scanner."""
    return bool(current_app.config["KHUEVAN"].clamd_url)


def infection_in(stream: BinaryIO) -> str | None:
    """The name of what was found in the file; ``None`` when nothing was.

    Raises:
        ScannerAway: see there; the file may still be looked at later.
    """
    try:
        with closing(_connected(current_app.config["KHUEVAN"].clamd_url)) as connection:
            return _verdict(_asked(connection, stream))
    except (OSError, ValueError) as error:
        raise ScannerAway(str(error)) from error


def _connected(url: str) -> socket.socket:
    """A connection to ``tcp://host:port`` or ``unix:///path``."""
    address = urlsplit(url)
    if address.scheme == "unix":
        return _connected_here(address.path)
    if address.scheme != "tcp" or not address.hostname:
        raise ValueError("the address of clamd is neither tcp://host:port nor unix:///path")
    return socket.create_connection((address.hostname, address.port or DEFAULT_PORT), SECONDS)


def _connected_here(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _asked(connection: socket.socket, stream: BinaryIO) -> str:
    """What the scanner says of the file; it may say so, and hang up, before it has seen all."""
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := stream.read(CHUNK):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return _answer(connection)
    return _answer(connection)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        received = connection.recv(LONGEST_ANSWER)
        if not received:
            break
        answer += received
    return answer.decode(errors="replace").rstrip("\0\n")


def _verdict(answer: str) -> str | None:
    words = answer.removeprefix("stream: ")
    if words == "OK":
        return None
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise ScannerAway(words or "the scanner hung up")
