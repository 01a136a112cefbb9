"""The technology parks: space, admission, tenancy."""

from pathlib import Path

from foundation.register import Domain, register_domain
from parks import api, jobs, refusals, rentrefusals, roles, trail
from parks.calculators import PUBLIC

refusals.register_sentences()
rentrefusals.register_sentences()
roles.register_roles()
trail.register_actions()

PARKS = register_domain(
    Domain(
        "parks",
        packs_folder=Path(__file__).parent / "procedures",
        api_blueprints=api.BLUEPRINTS,
        calculators=PUBLIC,
    )
)

__all__ = ["PARKS", "jobs"]
