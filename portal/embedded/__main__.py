"""``python -m portal.embedded ARGUMENTS``: run Python with ARGUMENTS beside the installation's database.

The server that ``make run`` keeps is used where it runs; else one is started for as long as this lasts.
"""

import signal
import subprocess
import sys

from portal.embedded.server import EMBEDDED_HOME, EmbeddedServer, running_url
from portal.keys import key_files
from portal.statefolder import environment_for, open_state_folder


def main(arguments: list[str]) -> int:
    """Run the program; its exit status."""
    state = open_state_folder()
    environment = environment_for(state)
    environment |= key_files(state)
    command = [sys.executable, *arguments]
    if environment.get("DATABASE_URL"):
        return _run(command, environment)
    if url := running_url(state / EMBEDDED_HOME):
        return _run(command, environment | {"DATABASE_URL": url})
    server = EmbeddedServer(state / EMBEDDED_HOME)
    try:
        server.start()
        server.ensure_database()
        return _run(command, environment | {"DATABASE_URL": server.url()})
    finally:
        server.stop()


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Leave Ctrl-C to the program itself, and end when it has."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(command, check=False, env=environment, preexec_fn=_listen_to_interrupts).returncode


def _listen_to_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
