"""One engine in a process of its own, taking turns when it is told to.

    python -m tools.bench --worker NAME

Every line on standard input is a request in JSON, every line on standard output its answer. A
process of its own gives each engine memory, garbage and caches of its own, and one thread.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from classroom.lab.timing import LocalRunner, Turn, first_losses
from microgpt.checkpoint import load

ROOT = Path(__file__).resolve().parents[2]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")  # to be set before NumPy or PyTorch is imported


class RemoteRunner:
    """A runner whose turns are made by a worker process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.bench", "--worker", name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ONE_THREAD,
        )

    def ask(self, **request: Any) -> Any:
        """Send a request, wait for the answer."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker for engine {self.name!r} ended: see its message above")
        return json.loads(answer)

    def turn(self, steps: int) -> Turn:
        """Make some steps of training, over there."""
        return Turn(*self.ask(turn=steps))

    def close(self) -> None:
        """End the worker."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=20)


def serve(name: str) -> None:
    """Be the worker: answer requests until the input ends."""
    runner = None
    for line in sys.stdin:
        request = json.loads(line)
        answer: Any
        if "turn" in request:
            runner = runner or LocalRunner(name)
            turn = runner.turn(request["turn"])
            answer = [turn.seconds, turn.tokens]
        elif "losses" in request:
            answer = first_losses(name, request["losses"])
        elif "sample" in request:
            answer = sample_names(name, request["sample"])
        else:
            answer = peak_megabytes()
        print(json.dumps(answer), flush=True)


def peak_megabytes() -> float | None:
    """The most memory this process ever had; None where the system does not tell (Windows)."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: getrusage would count the process that started this one as well
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)


def sample_names(name: str, seed: int) -> tuple[float, list[str]]:
    """Sample two names from the shipped weights; the time it took, and the names.

    ``plain`` does it as in training, with a graph that nobody needs; the core uses plain floats.
    """
    from microgpt.sampling import sample

    state_dict, config, tokenizer = load()
    rng = random.Random(seed)
    if name == "plain":
        from tools.measure.sampling import GraphSampler

        draw = GraphSampler(state_dict, config, tokenizer).sample
    else:

        def draw(rng: random.Random) -> str:
            return sample(state_dict, config, tokenizer, rng)

    started = time.process_time()
    names = [draw(rng) for _ in range(2)]
    return time.process_time() - started, names
