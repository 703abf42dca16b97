"""What authors run, and what sets the course up and starts it: `python -m tools.NAME`.

Any Python comes through here first, so this file is one that even an old Python can read.
"""

import sys

if sys.version_info < (3, 10):
    sys.exit(
        "error: the course needs Python 3.10 or newer, and this is %d.%d (%s): run it with another"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from pathlib import Path  # noqa: E402, which an old Python has not

ROOT = Path(__file__).resolve().parent.parent
