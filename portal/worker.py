"""``python -m portal.worker``: runs jobs until it is told to stop."""

import logging
import os

from foundation.database import db
from foundation.givingway import BEHIND_PAGES, all_give_way
from foundation.jobs import run_worker
from portal.factory import create_app

if __name__ == "__main__":
    os.nice(BEHIND_PAGES)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s worker %(levelname)s %(message)s")
    app = create_app()
    with app.app_context():
        all_give_way(db.engine)
    run_worker(app)
