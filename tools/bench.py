"""Measure every engine against the script's algorithm; `make bench` calls this.

    python -m tools.bench                 the ladder: about three minutes at most
    python -m tools.bench --seconds 60    the same with fewer rounds
    python -m tools.bench --growth        how cost grows with width, depth and length
    python -m tools.bench --store         keep the last figures of both in assets/efficiency.json

Every engine has a process of its own, but only one works at a time: they take turns, each between
two turns of `plain`, and what counts is the ratio. The tables and pictures go to build/bench/.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from classroom.lab.timing import compare, first_losses, reference_start
from microgpt.autograd import topological_sort
from microgpt.engines import available, find, plain
from microgpt.training import Settings, document_loss
from tools import ROOT
from tools.measure.growth import measure_growth
from tools.measure.processes import measure_two_processes
from tools.measure.report import Row, core_table, say, store, write_growth, write_ladder
from tools.measure.worker import ONE_THREAD, RemoteRunner, peak_megabytes, sample_names

LOSSES = 12  # how many losses of the reference run are compared
OUT = ROOT / "build" / "bench"


def main() -> int:
    """Read the command line; measure; write."""
    parser = argparse.ArgumentParser(description="Measure every engine.")
    parser.add_argument("--seconds", type=float, default=150, help="time to spend (default 150)")
    parser.add_argument("--growth", action="store_true", help="cost by width, depth and length")
    parser.add_argument("--store", action="store_true", help="keep the last figures of both")
    options = parser.parse_args()
    if options.store:
        print(f"written: {store(OUT, ROOT / 'assets').relative_to(ROOT)}")
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    if options.growth:
        os.environ.update(ONE_THREAD)
        written = write_growth(measure_growth(options.seconds), OUT)
    else:
        written = measure_ladder(options.seconds)
    for path in written:
        print(f"written: {path.relative_to(ROOT)}")
    return 0


def measure_ladder(seconds: float) -> list[Path]:
    """All rungs and the core's own figures, in one run."""
    end = time.monotonic() + seconds
    names = [e.name for e in available() if e.can_run and e.name not in ("plain", "ddp")]
    baseline, runners = RemoteRunner("plain"), [RemoteRunner(name) for name in names]
    try:
        rows = measure_rungs(baseline, runners, end)
        core = measure_core(baseline, runners, rows)
    finally:
        for runner in (baseline, *runners):
            runner.close()
    return write_ladder(rows, core, OUT)


def measure_rungs(baseline: RemoteRunner, runners: list[RemoteRunner], end: float) -> list[Row]:
    """A row for each rung; those that cannot run here say why."""
    say(f"first {LOSSES} losses of each engine")
    reference = baseline.ask(first_losses, LOSSES)
    differences = {"plain": 0.0}
    for runner in runners:
        losses = runner.ask(first_losses, LOSSES)
        differences[runner.name] = max(abs(a - b) for a, b in zip(losses, reference))
    say("two processes")
    together = measure_two_processes() if find("ddp").can_run else None
    say("turns")
    speeds = {speed.name: speed for speed in compare(baseline, runners, until(end))}
    peaks = {runner.name: runner.ask(peak_megabytes) for runner in (baseline, *runners)}
    rows = []
    for engine in available():
        if engine.name in speeds:
            name = engine.name
            rows.append(Row.of_speed(engine, speeds[name], peaks[name], differences[name]))
        elif engine.name == "ddp" and together:
            rows.append(Row.of_pace(engine, together, speeds["plain"].tokens_per_second))
        else:
            rows.append(Row.missing(engine))
    return rows


def until(end: float) -> Callable[[int], bool]:
    """Whether there is time for another round before the end, given the number of rounds made."""
    last, lasted = time.monotonic(), 0.0

    def go_on(rounds: int) -> bool:
        nonlocal last, lasted
        now = time.monotonic()
        last, lasted = now, max(lasted, now - last)
        say(f"round {rounds}: {max(0, end - now):.0f} seconds left")
        return rounds < 40 and now + lasted + 8 < end  # 8 seconds for sampling and pictures

    return go_on


def measure_core(
    baseline: RemoteRunner, runners: list[RemoteRunner], rows: list[Row]
) -> list[tuple[str, str, str]]:
    """What the core promises: training, sampling, nodes and memory against the script's way."""
    say("sampling")
    scalar = next(runner for runner in runners if runner.name == "scalar")
    ratios, same = [], True
    for seed in range(3):
        slow, slow_names = baseline.ask(sample_names, seed)
        fast, fast_names = scalar.ask(sample_names, seed)
        ratios.append(slow / fast)
        same = same and slow_names == fast_names
    docs, tokenizer, config, state_dict = reference_start()
    ids = tokenizer.document_ids(docs[0])
    matrices = plain.PlainLearner(state_dict, config, Settings()).matrices
    many = len(topological_sort(plain.document_loss(ids, matrices, config)))  # type: ignore
    few = len(topological_sort(document_loss(ids, state_dict, config)))
    row = next(row for row in rows if row.name == "scalar")
    return core_table(row, statistics.median(ratios), same, many, few, len(ids) - 1)


if __name__ == "__main__":
    sys.exit(main())
