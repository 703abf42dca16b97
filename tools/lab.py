"""Set up `.venv` and open JupyterLab on the first notebook: `make lab`, and on Windows the same.

    python -m tools.lab                      words that follow go on to JupyterLab: --port=9000

Any Python from 3.10 on runs this; JupyterLab is run by the Python of `.venv`. What was there and
works is started even where it could not be renewed, without a network for example.
"""

from __future__ import annotations

import sys

from tools.environment import venv_python
from tools.setup_env import set_up
from tools.start_lab import hand_over


def main(arguments: list[str]) -> int:
    """Set up, then be JupyterLab; another code than 0 if the course could not be set up."""
    code = set_up({"lab"}, writes=False)
    return code or hand_over([str(venv_python()), "-m", "tools.start_lab", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
