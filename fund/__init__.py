"""The venture fund: capital under its ceilings, deals, results."""

from foundation.register import Domain, register_domain
from fund import api, refusals

refusals.register_sentences()

FUND = register_domain(Domain("fund", api_blueprints=[api.blueprint]))
