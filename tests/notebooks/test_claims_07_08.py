"""What chapters 07 and 08 say in words and no cell computes; figures that hold on any processor."""

import json
import os
import random
import subprocess
import sys

import pytest

import microgpt
from classroom import NumpyRun

DOCS = microgpt.load_docs()
RNG = random.Random(42)
RNG.shuffle(DOCS)
TOKENIZER = microgpt.CharTokenizer.from_docs(DOCS)
CONFIG = microgpt.Config(vocab_size=TOKENIZER.vocab_size)
WEIGHTS = microgpt.init_params(CONFIG, RNG)


def last_fifty(optimizer, rate, decay=True):
    """Mean loss of steps 951 to 1,000 of the slider's run; infinity and the step if it diverges."""
    run, losses = NumpyRun(DOCS, TOKENIZER, CONFIG, WEIGHTS, 1000, rate, optimizer, decay), []
    try:
        while not run.done:
            losses.append(run.step().loss)
    except microgpt.TrainingDiverged:
        return "diverged at step", len(losses) + 1
    return round(sum(losses[-50:]) / 50, 4)


@pytest.mark.parametrize(
    ("run", "end"),
    [
        (("Adam", 0.02), 2.3494),
        (("SGD", 0.5), 2.3655),
        (("SGD", 1.5), ("diverged at step", 10)),
    ],
)
def test_the_answers_below_the_slider(run, end):
    assert last_fifty(*run) == end


def test_without_decay_a_larger_rate_costs_more():
    assert 2.49 < last_fifty("Adam", 0.02, decay=False) < 2.51


RATE_OF_A_TENTH = """
import json
from tests.notebooks.test_claims_07_08 import last_fifty
print(json.dumps([last_fifty("Adam", 0.1), last_fifty("Adam", 0.01)]))
"""


@pytest.mark.parametrize("processor", ["Prescott", "Haswell"])
def test_what_is_printed_holds_on_other_processors_and_a_rate_of_a_tenth_within_its_range(
    processor, pytestconfig
):
    root = str(pytestconfig.rootpath)
    paths = os.pathsep.join([root, os.path.join(root, "tests"), os.environ.get("PYTHONPATH", "")])
    told = subprocess.run(
        [sys.executable, "-c", RATE_OF_A_TENTH],
        env={**os.environ, "OPENBLAS_CORETYPE": processor, "PYTHONPATH": paths},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    large, right = json.loads(told)
    assert 2.3 < large < 2.6
    assert right == 2.3659


def test_the_share_that_a_running_mean_has_seen():
    m = v = 0.0
    for t in range(1, 201):
        m, v = 0.85 * m + 0.15, 0.99 * v + 0.01
        assert m == pytest.approx(1 - 0.85**t) and v == pytest.approx(1 - 0.99**t)
