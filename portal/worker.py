"""``python -m portal.worker``: runs jobs until it is told to stop."""

import logging

from foundation.jobs import run_worker
from portal.factory import create_app

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s worker %(levelname)s %(message)s")
    run_worker(create_app())
