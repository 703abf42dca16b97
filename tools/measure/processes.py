"""The rung that is two processes: tokens per second of DistributedDataParallel, by the wall clock.

torchrun starts this module twice; the first process prints what it measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from tools import ROOT

BATCH, STEPS = 32, 60


def measure_two_processes() -> float | None:
    """Tokens per second of two processes together; None if they could not be started."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    try:
        told = {"capture_output": True, "text": True, "timeout": 60, "check": True, "cwd": ROOT}
        done = subprocess.run([*command, "-m", "tools.measure.processes"], **told)
        return float(json.loads(done.stdout.splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None


def main() -> None:
    """Train in this process, one of two; time the last two thirds of the steps."""
    from classroom.lab.timing import reference_start
    from microgpt import engines

    ddp = engines.get("ddp")
    with ddp.learner.together() as rank:
        docs, tokenizer, config, state_dict = reference_start(BATCH)
        steps = ddp.train(docs, tokenizer, config, state_dict, STEPS, batch_size=BATCH)
        for _ in range(STEPS // 3):
            next(steps)
        started = time.perf_counter()
        made = sum(1 for _ in steps)
        seconds = time.perf_counter() - started
        tokens = sum(len(doc) + 1 for doc in docs) * made
        if rank == 0:
            print(json.dumps(tokens / seconds))


if __name__ == "__main__":
    main()
