"""``python3 -m portal.bootstrap TASK``: what the Makefile calls."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well be the one that runs this
    sys.exit(
        "Khuê Văn needs Python 3.11 or newer; this is %d.%d. Name another: make PYTHON=python3.12 run"  # noqa: UP031 - old syntax
        % sys.version_info[:2]
    )

from portal.bootstrap.tasks import main

sys.exit(main(sys.argv[1:]))
