"""Film the course's own training run for chapter 00: assets/film.json.

    python -m classroom.lab.filming     make the run again (a minute) and store its snapshots

The run is that of ``python -m microgpt``, on the NumPy engine. The last snapshot is the shipped
weights, rounded; a test compares both ends.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classroom.lab.film import packed
from classroom.lab.losses import held_out
from classroom.lab.mind import Mind
from classroom.lab.runs import run_start
from microgpt.model import flatten
from microgpt.sampling import mean_loss
from microgpt.training import train

STORED = Path(__file__).resolve().parents[2] / "assets" / "film.json"
STEPS, FRAMES, OTHERS = 1000, 60, 300


def snapshots() -> Iterator[tuple[int, float, Mind, list[float]]]:
    """The run at the chosen steps: step, loss on names held out, the model, its weights."""
    docs, tokenizer, config, state_dict = run_start()
    run = train(docs, tokenizer, config, state_dict, num_steps=STEPS, engine="numpy")
    for until in sorted({round(STEPS * (i / FRAMES) ** 1.7) for i in range(FRAMES + 1)}):
        while run.index < until:
            next(run)
        run.close()
        mind = Mind(state_dict, config, tokenizer)
        loss = mean_loss(held_out(docs, OTHERS), state_dict, config, tokenizer)
        yield until, loss, mind, [weight.data for weight in flatten(state_dict)]


def filmed() -> dict[str, Any]:
    """What is stored."""
    taken = list(snapshots())
    return {
        "about": "Snapshots of the reference run (seed 42, 1,000 steps): steps, mean loss on the "
        f"last {OTHERS} names without those that stand twice, names, weights in 500ths (what "
        "changed since the one before; zlib, base64). Made by classroom/lab/filming.py.",
        "steps": [step for step, *_ in taken],
        "losses": [round(loss, 4) for _, loss, *_ in taken],
        "names": [mind.names() for _, _, mind, _ in taken],
        "shapes": {name: list(shape) for name, shape in taken[0][2].config.shapes().items()},
        "frames": packed([weights for *_, weights in taken]),
    }


def main() -> int:
    """Film and store."""
    text = json.dumps(filmed(), indent=1)
    STORED.write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{STORED.name}: {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
