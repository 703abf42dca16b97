"""Set up `.venv` and run every check and test: `make test`, and on Windows the same.

python -m tools.test                     words that follow go to pytest: tests/microgpt -x
"""

from __future__ import annotations

import subprocess
import sys

from tools import ROOT
from tools.environment import venv_python
from tools.setup_env import set_up

CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",))
USUAL = ("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder")


def main(arguments: list[str]) -> int:
    """Run one check after the other; the code of the first that finds fault."""
    if code := set_up({"lab", "test"}):
        return code
    for check in (*CHECKS, ("pytest", *(arguments or USUAL))):
        print("python -m", *check, flush=True)
        try:
            done = subprocess.run([venv_python(), "-m", *check], cwd=ROOT)
        except KeyboardInterrupt:
            return 130
        if done.returncode != 0:
            return done.returncode if done.returncode > 0 else 128 - done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
