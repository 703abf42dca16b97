"""The race: how large must a GPT be to pass the table of chapter 4? Chapter 11.

    python -m classroom.lab.race     run it again (some ten minutes) and store assets/race.json

For each seed the list is shuffled, 28,000 names are read, and what remains and is not among them is
what both are judged on. The table leans, as in chapter 4, each length on the next shorter one. The
GPTs read the names ten times on the engine ``numpy_batched``; the wider one is, the smaller its
rate, 0.16 by the width, falling to 0. A model's size is how many numbers it keeps: weights, or
counts that are not 0.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from classroom.lab.stepwise import mean_loss
from microgpt.data import asset_path, load_docs
from microgpt.model import Config, init_params
from microgpt.tokenizer import CharTokenizer
from microgpt.training import train

STORED = Path(__file__).resolve().parents[2] / "assets" / "race.json"
SEEDS = (0, 1)
NAMES, PASSES, BATCH, RATE = 28_000, 10, 32, 0.16  # the rate is that of a width of 1
MEMORIES, LEAN = (1, 2, 3, 4, 5, 6), 30
SIZES = ((8, 1), (16, 1), (32, 1), (64, 1), (64, 2))  # width, layers
ABOUT = (
    "Loss in nats a token on names never read, after 28,000 names, and how many numbers the model "
    "keeps; one figure for each seed. Tables lean on shorter ones (a = 30) and read the names "
    "once; GPTs read them ten times (numpy_batched, rate 0.16 / width); seconds of processor "
    "time, one thread. Made by classroom/lab/race.py."
)


def stored_race() -> dict[str, Any]:
    """Load ``assets/race.json``: rows of tables and of GPTs, and the seeds."""
    race: dict[str, Any] = json.loads(asset_path("race.json").read_text(encoding="utf-8"))
    return race


@cache
def split(seed: int) -> tuple[list[str], list[str]]:
    """The names that are read, and those judged: the remaining ones that are not among them."""
    docs = load_docs()
    random.Random(seed).shuffle(docs)
    read = set(docs[:NAMES])
    return docs[:NAMES], [name for name in docs[NAMES:] if name not in read]


def table_entry(memory: int, seed: int) -> tuple[int, float]:
    """How many numbers the leaning table keeps, and its loss on the names judged."""
    names, judged = split(seed)
    rows: Counter[str] = Counter()
    came: Counter[tuple[str, str]] = Counter()
    for before, char in _guesses(names, memory):
        for start in range(memory + 1):
            rows[before[start:]] += 1
            came[before[start:], char] += 1

    def p(before: str, char: str) -> float:
        shorter = p(before[1:], char) if before else 1 / 27
        return (came[before, char] + LEAN * shorter) / (rows[before] + LEAN)

    surprises = [-math.log(p(*guess)) for guess in _guesses(judged, memory)]
    return len(came), sum(surprises) / len(surprises)


def _guesses(names: Sequence[str], memory: int) -> list[tuple[str, str]]:
    """Each guess in the names: the characters before it, and what came."""
    marked = ("·" * memory + name + "·" for name in names)
    return [(m[i - memory : i], m[i]) for m in marked for i in range(memory, len(m))]


def gpt_entry(width: int, layers: int, seed: int) -> tuple[int, float]:
    """Train a GPT on the 28,000 names: how many weights it has, and its loss on those judged."""
    names, judged = split(seed)
    tokenizer = CharTokenizer.from_docs(names)
    config = Config(tokenizer.vocab_size, n_embd=width, n_layer=layers)
    state_dict = init_params(config, random.Random(seed))
    steps, rate = PASSES * NAMES // BATCH, RATE / width
    run = train(names, tokenizer, config, state_dict, steps, rate, engine="numpy_batched")
    for _ in run:
        pass
    model: Any = run.learner.model  # type: ignore[union-attr]
    return len(model.flat), mean_loss(judged, model, config, tokenizer)


def _row(
    name: str, entry: Callable[..., tuple[int, float]], *sizes: int, timed: bool = False
) -> dict[str, Any]:
    """One runner, with every seed."""
    began = time.process_time()
    numbers, losses = zip(*(entry(*sizes, seed) for seed in SEEDS))
    row: dict[str, Any] = {"name": name, "numbers": numbers[0]}
    row["losses"] = [round(loss, 4) for loss in losses]
    if timed:
        row["seconds"] = round((time.process_time() - began) / len(SEEDS))
    print(row, flush=True)
    return row


def main() -> int:
    """Run the race and store it."""
    layers = {1: "", 2: ", two layers"}
    race = {
        "about": ABOUT,
        "seeds": SEEDS,
        "tables": [_row(f"{n} letter" + "s" * (n > 1), table_entry, n) for n in MEMORIES],
        "GPTs": [
            _row(f"{w} wide{layers[deep]}", gpt_entry, w, deep, timed=True) for w, deep in SIZES
        ],
    }
    STORED.write_text(json.dumps(race, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
