"""The house style as far as programs can check it; ``make lint`` runs the same checks alone."""

import subprocess
import sys

import pytest

from portal.bootstrap.checks import CHECKS, Check
from portal.statefolder import CHECKOUT


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_check_passes(check: Check) -> None:
    run = subprocess.run(check.command(sys.executable), check=False, capture_output=True, text=True, cwd=CHECKOUT)

    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
