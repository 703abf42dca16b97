"""The processor's own clock, or the next best thing. Chapters 09, 11."""

from __future__ import annotations

import sys
import time


def process_time() -> float:
    """Seconds that the processor has worked for this program; only differences mean something.

    Unlike a clock on the wall it does not run on while other programs have their turn. A browser
    has no such clock (`time.process_time` is 0 there for ever): its wall clock is used instead.

    Returns
    -------
    float
        Seconds.
    """
    return time.perf_counter() if sys.platform == "emscripten" else time.process_time()
