"""`tools.processors --noise`: last bits are changed, and what hangs on them is named."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytest.importorskip("numpy")
from tools import processors  # noqa: E402
from tools.noise import last_bit  # noqa: E402

pytestmark = pytest.mark.any_processor

BITS = """
import math, random
exps = [math.exp(x / 7).hex() for x in range(1, 60)]
logs = [math.log(x / 7).hex() for x in range(1, 60)]
rng = random.Random(1)
draws = [rng.gauss(0, 0.08).hex() for _ in range(60)]
from microgpt import Config
from microgpt.engines.arrays import ArrayGPT
made = ArrayGPT(Config(5, n_embd=4, n_head=2), [0.1] * 380)
exact = math.exp(0) == 1 and math.log(1) == 0
print(exact, *map(hash, map(str, (exps, logs, draws, made.flat.tolist(), made.mean.tolist()))))
"""


def bits(kinds: str, seed: int) -> list[str]:
    """Whether what is exact is exact, and what stands for the bits of five lists of numbers."""
    noise = processors.Disguise("noise", last_bit.VARIABLE, f"{kinds}:{seed}")
    environment = {**processors.with_noise(noise), "PYTHONHASHSEED": "0"}
    told = subprocess.run(
        [sys.executable, "-c", BITS], env=environment, capture_output=True, text=True, check=True
    )
    return told.stdout.split()


def test_each_kind_changes_its_own_bits_and_each_seed_others():
    plain = bits("", 0)
    changed = {
        kind: [old != new for old, new in zip(plain, bits(kind, 1))] for kind in last_bit.KINDS
    }
    assert changed == {
        "exp": [False, True, True, False, False, False],
        "weights": [False, False, False, True, True, False],
        "norm": [False, False, False, False, False, True],
    }
    every = ",".join(last_bit.KINDS)
    assert bits(every, 1) == bits(every, 1) != bits(every, 2)
    assert plain[0] == bits(every, 2)[0] == "True"


def test_a_bit_is_the_last_one():
    numbers = [0.1 * number for number in range(1, 200)]
    moved = [last_bit.moved(x, seed=3, one_in=8) for x in numbers]
    assert 10 < sum(x != y for x, y in zip(numbers, moved)) < 50
    assert all(abs(x - y) <= 2**-52 * x for x, y in zip(numbers, moved))
    special = [0.0, 1.0, float("inf"), float("-inf")]
    assert [last_bit.moved(x, seed=3, one_in=1) for x in special] == special


def test_a_cell_and_a_test_that_hang_on_luck_are_errors_and_named(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p xdist.plugin -p nbval.plugin")
    test, cells = "import math\n", []
    for name, digits in (("sound", 9), ("luck", 17)):
        end = " ".join(f"{math.exp(x / 7):.{digits}g}" for x in range(20))
        call = f"' '.join(f'{{math.exp(x / 7):.{digits}g}}' for x in range(20))"
        test += f"\n\ndef test_{name}():\n    assert {call} == '{end}'\n"
        output = new_output("stream", text=f"{end}\n")
        source = f"import math\nprint({call})"
        cells.append(new_code_cell(source, execution_count=len(cells) + 1, outputs=[output]))
    (tmp_path / "test_planted.py").write_text(test, encoding="utf-8")
    nbformat.write(new_notebook(cells=cells), tmp_path / "planted.ipynb")
    files = [str(tmp_path / name) for name in ("planted.ipynb", "test_planted.py")]
    code = processors.main(["--noise", "--seeds", "1", *files])
    told = [line for line in capfd.readouterr().out.splitlines() if line.startswith("hangs on")]
    assert code == 1 and len(told) == 2
    assert "planted.ipynb::Cell 1 (seed-1)" in told[0]
    assert "test_planted.py::test_luck (seed-1)" in told[1]


def test_what_could_not_be_run_is_an_error(tmp_path):
    nothing_collected = [sys.executable, "-c", "raise SystemExit(5)"]
    assert processors.failures(nothing_collected, tmp_path, {**os.environ}) == [
        "pytest ended with code 5"
    ]
    for wrong in (["no_such_test.py"], ["--seeds", "many"]):
        with pytest.raises(SystemExit, match="2"):
            processors.main(["--noise", *wrong])


def test_what_holds_figures_is_found_by_its_name_its_folder_or_its_mark():
    names = {path.name for path in processors.claiming()}
    assert {"00_start_here.ipynb", "11_efficiency.ipynb", "test_experiments.py"} <= names
    assert {"test_claims_02.py", "test_lens.py", "test_teaching.py", "test_training.py"} <= names
    assert not {"test_same_training.py", "test_base.py", "test_imports.py"} & names
    assert processors.seeds_of("7") == [7] and processors.seeds_of("1-3") == [1, 2, 3]
