"""``python -m portal.worker``: runs jobs until it is told to stop."""

import logging
import os

from foundation.jobs import run_worker
from portal.factory import create_app

GIVES_WAY = 10
"""Niceness: who waits for a page comes before what can wait."""

if __name__ == "__main__":
    os.nice(GIVES_WAY)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s worker %(levelname)s %(message)s")
    run_worker(create_app())
