"""The folded solution of a notebook and the exercise's solution are one text."""

import nbformat
import pytest
from support import NOTEBOOKS

from tools.solutions import fold_in, renewed


def double(x):
    return x + x  # the number twice


def test_a_definition_is_renewed_and_what_stands_around_it_stays():
    code = "import math\n\n\ndef double(x):\n    return 3 * x\n\n\ncheck(double)\n"
    new = renewed(code, double)
    assert new.startswith("import math\n\n\ndef double(x):\n    return x + x  # the number twice\n")
    assert new.endswith("\n\n\ncheck(double)\n")
    assert renewed(new, double) == new


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_folded_solution_is_the_exercise_s(path):
    stored = nbformat.read(path, 4)
    fresh = nbformat.read(path, 4)
    fold_in(fresh)
    differ = [new.source for old, new in zip(stored.cells, fresh.cells) if old.source != new.source]
    assert not differ, f"run python -m tools.notebooks {path.name[:2]}"
