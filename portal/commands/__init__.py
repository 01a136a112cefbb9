"""The product's own command line: every module here brings one command or group of commands as ``cli``."""

import importlib
import pkgutil

from foundation.register import Domain, register_domain
from portal.refusals import in_words

register_domain(
    Domain(
        "commands",
        commands=[
            in_words(importlib.import_module(module.name).cli)
            for module in pkgutil.iter_modules(__path__, f"{__name__}.")
        ],
    )
)
