"""How long the jobs take that look at everything: each is run once, in its own transactions, as the worker does."""

import json
import time
from collections.abc import Callable

from applications.jobs import fire_expired_steps, list_stuck_dossiers
from foundation.anchors import write_daily_anchor
from foundation.dailydigest import mail_digests
from foundation.database import db, transaction
from parks.jobs import remind_of_requests
from portal.factory import create_app

JOBS: dict[str, Callable[..., None]] = {
    "steps of the clock": fire_expired_steps.work,
    "dossiers that stand still": list_stuck_dossiers.work,
    "digests": mail_digests.work,
    "anchor of the audit trail": write_daily_anchor.work,
    "reminders of tenants": remind_of_requests.work,
}


def main() -> None:
    app = create_app()
    found = {}
    with app.app_context():
        for name, job in JOBS.items():
            begun = time.monotonic()
            with transaction(db.session()) as session:
                job(session)
            found[name] = time.monotonic() - begun
    print(json.dumps(found))


if __name__ == "__main__":
    main()
