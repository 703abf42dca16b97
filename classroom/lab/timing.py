"""How fast is each rung, compared with the lowest one? Chapter 11 and `make bench`.

Times differ from machine to machine, and on one machine from minute to minute. So nothing here is
timed alone: an engine's turn stands between two turns of the baseline, and only their ratio counts.
The clock is the processor's own (`classroom.lab.clock`): what other programs do in between does not
show.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from classroom.lab.clock import process_time
from classroom.lab.runs import Start, run_start
from microgpt.engines import get

DOCUMENTS = 4  # the first four of the shuffled names: seven tokens on average, as in all of them
TURN_SECONDS = 0.2  # long enough for the clock, short enough for the machine to stay as it is


@dataclass(frozen=True)
class Turn:
    """What one engine did in its turn: seconds of processor time, tokens trained on."""

    seconds: float
    tokens: int


@dataclass(frozen=True)
class Speed:
    """The measured speed of one rung.

    Attributes
    ----------
    name : str
        The rung.
    ratio, low, high : float
        Times as fast per token as the baseline: median, and the quartiles around it.
    tokens_per_second : float
        Median.
    rounds : int
        Pairs of turns that were compared.
    """

    name: str
    ratio: float
    low: float
    high: float
    tokens_per_second: float
    rounds: int


class Runner(Protocol):
    """Something that can take a turn."""

    name: str

    def turn(self, steps: int) -> Turn:
        """Make some steps of training."""


def reference_start(documents: int | None = DOCUMENTS) -> Start:
    """The start of the reference run, with so many of its documents."""
    docs, tokenizer, config, state_dict = run_start()
    return docs[:documents], tokenizer, config, state_dict


class LocalRunner:
    """An engine in this process, in the middle of a long training run.

    Parameters
    ----------
    name : str
        The engine.
    """

    def __init__(self, name: str) -> None:
        self.name, engine = name, get(name)
        start = reference_start(DOCUMENTS if engine.batch == 1 else None)
        docs, tokenizer, config, _ = start
        # a rate so small that no run diverges, however many steps the time allows
        self.steps = engine.train(*start, num_steps=100_000_000, learning_rate=1e-6)
        stream = tokenizer.stream(docs, config.block_size)
        batches = self.steps.learner.batches(stream, engine.batch)
        self.tokens = (sum(len(ids) - 1 for ids in batch) for batch in batches)
        self.turn(1)  # whatever is done only once is done now

    def turn(self, steps: int) -> Turn:
        """Make some steps of training."""
        tokens = sum(next(self.tokens) for _ in range(steps))
        started = process_time()
        for _ in range(steps):
            next(self.steps)
        return Turn(process_time() - started, tokens)

    def close(self) -> None:
        """Stop training."""
        self.steps.close()


def first_losses(name: str, count: int) -> list[float]:
    """The first losses of the reference run by this engine, a document a step."""
    steps = get(name).train(*reference_start(None), num_steps=1000, batch_size=1)
    losses = [next(steps).loss for _ in range(count)]
    steps.close()
    return losses


def steps_for(runner: Runner, seconds: float = TURN_SECONDS) -> int:
    """How many steps make a turn of about this length: whole rounds of the documents."""
    steps = DOCUMENTS
    while (taken := runner.turn(steps).seconds) < seconds / 4 and steps < 100_000:
        steps *= 4
    return max(1, round(steps * seconds / max(taken, 1e-6) / DOCUMENTS)) * DOCUMENTS


def compare(
    baseline: Runner, runners: Sequence[Runner], go_on: Callable[[int], bool]
) -> list[Speed]:
    """Let all take turns, and compare each with the baseline's turns before and after.

    Parameters
    ----------
    baseline : Runner
        What the others are compared with.
    runners : sequence of Runner
        The others.
    go_on : function of int
        Whether to begin another round, given the number of rounds made. At least one is made.

    Returns
    -------
    list of Speed
        The baseline's own first, at ratio 1.
    """
    steps = {runner.name: steps_for(runner) for runner in runners}
    pace: dict[str, list[float]] = {runner.name: [] for runner in (baseline, *runners)}
    ratios: dict[str, list[float]] = {runner.name: [] for runner in runners}
    before = baseline.turn(DOCUMENTS)
    rounds = 0
    while rounds == 0 or go_on(rounds):
        for runner in runners:
            turn = runner.turn(steps[runner.name])
            pace[runner.name].append(turn.tokens / turn.seconds)
        after = baseline.turn(DOCUMENTS)
        base = (before.tokens + after.tokens) / (before.seconds + after.seconds)
        pace[baseline.name].append(base)
        for name, found in ratios.items():
            found.append(pace[name][-1] / base)
        before = after
        rounds += 1
    ratios = {baseline.name: [1.0] * rounds} | ratios
    return [speed(name, ratios[name], pace[name]) for name in ratios]


def speed(name: str, ratios: Sequence[float], pace: Sequence[float]) -> Speed:
    """Summarise the rounds of one engine."""
    quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else [ratios[0]] * 3
    low, _, high = quartiles
    middle = statistics.median
    return Speed(name, middle(ratios), low, high, middle(pace), len(ratios))


def measure(names: Sequence[str], rounds: int = 3) -> list[Speed]:
    """Compare engines with `plain`, all in this process: some seconds a round.

    Parameters
    ----------
    names : sequence of str
        Engines that can run here (`available`), without ``plain``.
    rounds : int
        How often each takes its turn.
    """
    baseline, runners = LocalRunner("plain"), [LocalRunner(name) for name in names]
    gc.freeze()  # what was there before is none of the collector's business now
    try:
        return compare(baseline, runners, lambda made: made < rounds)
    finally:
        gc.unfreeze()
        for runner in (baseline, *runners):
            runner.close()
