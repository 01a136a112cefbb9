"""The technology parks: space, admission, tenancy."""

from pathlib import Path

from foundation.register import Domain, register_domain

PARKS = register_domain(Domain("parks", packs_folder=Path(__file__).parent / "procedures"))
