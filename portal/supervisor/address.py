"""Where the product answers: the port asked for, or the next free one."""

import socket
from collections.abc import Mapping

DEFAULT_PORT = 8000
PORTS_TRIED = 100
LAST_PORT = 65535


class CannotAnswerThere(Exception):  # noqa: N818 - named after what happened
    """``HOST`` or ``PORT`` names what no program can answer at; the message says why."""


class PortTaken(CannotAnswerThere):
    """The port that was asked for belongs to another program."""


class Address:
    """A host and port, reserved for this user until :meth:`release`."""

    def __init__(self, host: str, port: int, reservation: socket.socket) -> None:
        self.host = host
        self.port = port
        self._reservation = reservation

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - what is asked for
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def release(self) -> None:
        self._reservation.close()


def choose_address(environment: Mapping[str, str]) -> Address:
    """Reserve ``HOST`` and ``PORT``. Without ``PORT`` the first free port from 8000 on is taken.

    Raises:
        PortTaken: ``PORT`` names one that is not free.
        CannotAnswerThere: ``PORT`` is no port, or ``HOST`` no address of this machine.
    """
    host = environment.get("HOST") or "127.0.0.1"
    _check_host(host)
    if asked := environment.get("PORT"):
        port = _port(asked)
        reserved = _reserve(host, port)
        if reserved is None:
            raise PortTaken(f"Port {port} is taken by another program: choose another, for example PORT=8080")
        return Address(host, port, reserved)
    for port in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        if reserved := _reserve(host, port):
            return Address(host, port, reserved)
    raise PortTaken(f"No port between {DEFAULT_PORT} and {DEFAULT_PORT + PORTS_TRIED} is free: name one in PORT")


def _port(asked: str) -> int:
    if not asked.isascii() or not asked.isdigit() or not 0 < int(asked) <= LAST_PORT:
        raise CannotAnswerThere(f"PORT={asked} is no port: name a number from 1 to {LAST_PORT}, for example PORT=8080")
    return int(asked)


def _check_host(host: str) -> None:
    """Any port would do: it is the address that has to be one of this machine."""
    with socket.socket(_family(host)) as probe:
        try:
            probe.bind((host, 0))
        except OSError as refusal:
            raise CannotAnswerThere(f"HOST={host} is no address of this machine: {refusal.strerror}") from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _reserve(host: str, port: int) -> socket.socket | None:
    """Bind the port without listening, so that only our own web server can listen there.

    The probe finds listeners and reservations but not connections that linger after an earlier run.
    """
    family = _family(host)
    with socket.socket(family) as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
        except OSError:
            return None
    held = socket.socket(family)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind((host, port))
    except OSError:
        held.close()
        return None
    return held
