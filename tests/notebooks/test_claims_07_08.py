"""What chapters 07 and 08 say in words and no cell computes; figures that hold on any processor."""

import json
import math
import os
import random
import subprocess
import sys
from collections import Counter

import pytest

import microgpt
from classroom import NumpyRun, mean_loss

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
import math
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


@pytest.fixture(scope="module")
def losses():
    run, found = NumpyRun(DOCS, TOKENIZER, CONFIG, WEIGHTS), []
    while not run.done:
        found.append(run.step().loss)
    return found


def test_from_step_551_on_the_gpt_beats_the_table_on_the_same_names_in_every_window(losses):
    pairs, firsts = Counter(), Counter()
    for doc in DOCS:
        ids = TOKENIZER.document_ids(doc)
        pairs.update(zip(ids, ids[1:]))
        firsts.update(ids[:-1])

    def table(name):
        ids = TOKENIZER.document_ids(name)
        return -sum(math.log(pairs[p] / firsts[p[0]]) for p in zip(ids, ids[1:])) / (len(ids) - 1)

    behind = []
    for start in range(0, 1000, 50):
        window = range(start, start + 50)
        gpt = sum(losses[i] for i in window) / 50
        behind.append(gpt > sum(table(DOCS[i]) for i in window) / 50)
    assert behind[10] and not any(behind[11:])  # 501 to 550 behind, 551 to 600 ahead


def test_after_5000_steps_names_held_out_cost_less():
    held_out = [name for name in DOCS[-1000:] if name not in set(DOCS[:5000])]
    ends = []
    for num_steps in (1000, 5000):
        run = NumpyRun(DOCS, TOKENIZER, CONFIG, WEIGHTS, num_steps)
        while not run.done:
            run.step()
        ends.append(mean_loss(held_out, run.model, CONFIG, TOKENIZER))
    assert 2.36 < ends[0] < 2.40 and 2.27 < ends[1] < 2.32
