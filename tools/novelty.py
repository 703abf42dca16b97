"""Are the names new? 1,000 samples at each of several temperatures, kept in assets/novelty.json.

    python -m tools.novelty            draw them again (about ten seconds) and store the counts

The shipped model draws with ``random.Random(0)``, afresh at each temperature. Kept are how many of
the 1,000 names are not in the data, and how many are different. Chapter 09 quotes these numbers;
a test draws a part of them again.
"""

from __future__ import annotations

import json
import random
import sys

from microgpt import load, load_docs, sample
from microgpt.inference import float_weights
from tools import ROOT

STORED = ROOT / "assets" / "novelty.json"
TEMPERATURES = (0.2, 0.5, 0.7, 1.0, 1.5)
COUNT, SEED = 1000, 0


def measure(temperature: float) -> dict[str, int]:
    """Draw the names of one temperature and count the new and the different ones."""
    state_dict, config, tokenizer = load()
    weights, known, rng = float_weights(state_dict), set(load_docs()), random.Random(SEED)
    names = [sample(weights, config, tokenizer, rng, temperature) for _ in range(COUNT)]
    return {"new": sum(name not in known for name in names), "different": len(set(names))}


def main() -> int:
    """Measure and store."""
    stored = {
        "about": "Of 1,000 names from the shipped model, random.Random(0), those not in the data "
        "and the different ones, by temperature. Made by tools/novelty.py.",
        "count": COUNT,
        "seed": SEED,
        "rows": {str(temperature): measure(temperature) for temperature in TEMPERATURES},
    }
    STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
