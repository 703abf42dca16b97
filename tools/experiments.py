"""What a part of the model or optimiser is worth: many runs, kept in assets/experiments.json.

    python -m tools.experiments            repeat all of it (about two minutes) and store it

Each variant is trained for 1,000 steps on the shipped names, once for each seed (of the shuffle and
of the first weights), by the NumPy engine. Kept are the mean loss of the last 50 steps and the loss
of 1,000 names that were held out. Chapters 06, 07, 08 and 10 quote these numbers; a test
recomputes a part of them. Where Adam's rate is so large that the last bit of a weight decides how
a run ends, each seed is tried with several last bits, and two digits are kept.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from classroom.lab.ablated import MODELS
from classroom.lab.descent import make_optimizer
from classroom.lab.runs import run_start
from classroom.lab.stepwise import NumpyRun, mean_loss
from microgpt.engines.arrays import Array, ArrayAdam, ArrayGPT
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer
from microgpt.training import TrainingDiverged
from tools import ROOT

STORED = ROOT / "assets" / "experiments.json"
SEEDS = (0, 1, 2, 3, 4)
NUM_STEPS, HELD_OUT = 1000, 1000
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
LUCK, LAST_BITS = ("Adam", 0.1), 13


def uncorrected(flat: Array) -> ArrayAdam:
    """Adam whose bias corrections are 1, as they are after a million steps."""
    made = ArrayAdam(flat, 0.85, 0.99, 1e-8)
    made.num_steps = 1_000_000
    return made


OPTIMIZERS = {name: partial(make_optimizer, name) for name in ("SGD", "momentum", "Adam")}
SGD, MOMENTUM, ADAM = OPTIMIZERS.values()
# name: (model, optimiser, learning rate)
EFFECTS: dict[str, tuple[type[ArrayGPT], Callable[[Array], Any], float]] = {
    "full": (ArrayGPT, ADAM, 0.01),
    "no residual": (MODELS["residual"], ADAM, 0.01),
    "no norm": (MODELS["norm"], ADAM, 0.01),
    "no positions": (MODELS["positions"], ADAM, 0.01),
    "SGD, same rate": (ArrayGPT, SGD, 0.01),
    "SGD, its best rate": (ArrayGPT, SGD, 0.3),
    "momentum, its best rate": (ArrayGPT, MOMENTUM, 0.3),
    "no bias correction": (ArrayGPT, uncorrected, 0.01),
}


def start(seed: int) -> tuple[list[str], list[str], CharTokenizer, Config, StateDict]:
    """Names to train on, names held out (none of them trained on), sizes, first weights."""
    docs, tokenizer, config, state_dict = run_start(seed=seed)
    trained_on = set(docs[:NUM_STEPS])
    held_out = [doc for doc in docs[NUM_STEPS:] if doc not in trained_on][-HELD_OUT:]
    return docs, held_out, tokenizer, config, state_dict


def one_run(
    seed: int,
    kind: type[ArrayGPT],
    optimizer: Callable[[Array], Any],
    rate: float,
    decay: bool = True,
    last_bits: int = 0,
) -> tuple[float, float]:
    """Train once; each number of `last_bits` but 0 changes the last bits of the first weights.

    The mean loss of the last 50 steps, and that of the names held out; infinite if it diverged.
    """
    docs, held_out, tokenizer, config, first = start(seed)
    run = NumpyRun(docs, tokenizer, config, first, NUM_STEPS, rate, optimizer, decay, kind)
    if last_bits:
        noise = np.random.default_rng(last_bits).standard_normal(run.model.flat.shape)
        run.model.flat *= 1 + 2e-16 * noise
    try:
        losses = [step.loss for step in run]
    except TrainingDiverged:
        return math.inf, math.inf
    return sum(losses[-50:]) / 50, mean_loss(held_out, run.model, config, tokenizer)


def rounded(loss: float) -> float | None:
    """Six decimals; None, which JSON can hold, for a run that diverged."""
    return round(loss, 6) if math.isfinite(loss) else None


def measure_effects() -> dict[str, dict[str, list[float | None]]]:
    """All variants and seeds: training and held-out loss."""
    table = {}
    for name, setting in {**EFFECTS, "no decay": (*EFFECTS["full"], False)}.items():
        last, held_out = zip(*(one_run(seed, *setting) for seed in SEEDS))
        table[name] = {"train": [*map(rounded, last)], "held_out": [*map(rounded, held_out)]}
        print(name, table[name], flush=True)
    return table


def measure_luck() -> dict[str, Any]:
    """What can be said of Adam at a rate of 0.1: every seed, begun with several last bits."""
    seeds = [
        [one_run(seed, ArrayGPT, ADAM, LUCK[1], last_bits=bits)[0] for bits in range(LAST_BITS)]
        for seed in SEEDS
    ]
    ends = [end for row in seeds for end in row if math.isfinite(end)]
    return {
        "runs": len(SEEDS) * LAST_BITS,
        "diverged": len(SEEDS) * LAST_BITS - len(ends),
        "lowest": round(min(ends), 1),
        "highest": round(max(ends), 1),
        "medians": [round(statistics.median(row), 1) for row in seeds],
    }


def measure_rates(luck: dict[str, Any]) -> dict[str, dict[str, list[float | None]]]:
    """Last training loss of each optimiser at each learning rate, a number for each seed."""
    table: dict[str, dict[str, list[float | None]]] = {}
    for name, optimizer in OPTIMIZERS.items():
        table[name] = {}
        for rate in RATES:
            if (name, rate) == LUCK:
                table[name][str(rate)] = luck["medians"]
                continue
            runs = [one_run(seed, ArrayGPT, optimizer, rate) for seed in SEEDS]
            table[name][str(rate)] = [rounded(last) for last, _ in runs]
            print(name, rate, table[name][str(rate)], flush=True)
    return table


def main() -> int:
    """Measure and store."""
    luck = measure_luck()
    stored = {
        "about": "Mean loss of steps 951-1000 and loss of 1,000 held-out names, nats a token, "
        "for each seed; null: diverged. Adam at 0.1 hangs on the last bit of the first weights: "
        "'luck' tells of runs with other last bits. Made by tools/experiments.py.",
        "seeds": SEEDS,
        "effects": measure_effects(),
        "rates": measure_rates(luck),
        "luck": luck,
    }
    text = json.dumps(stored, indent=1) + "\n"
    STORED.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
