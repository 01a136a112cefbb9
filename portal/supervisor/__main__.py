"""``python -m portal.supervisor``: the product, until it is told to end."""

import sys

from portal.supervisor.house import keep_house

sys.exit(keep_house())
