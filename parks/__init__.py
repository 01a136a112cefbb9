"""The technology parks: space, admission, tenancy."""

from pathlib import Path

from foundation.register import Domain, register_domain
from parks import api, rentrefusals
from parks.calculators import PUBLIC

rentrefusals.register_sentences()

PARKS = register_domain(
    Domain(
        "parks",
        packs_folder=Path(__file__).parent / "procedures",
        api_blueprints=api.BLUEPRINTS,
        calculators=PUBLIC,
    )
)
