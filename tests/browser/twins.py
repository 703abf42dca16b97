"""What an explorer on the page must say: what its twin, made in this process, says in its state.

That these words are right is held without a browser, by the tests of the rooms `lab` and `widgets`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from tools.explorers import made

PAST = {"LearningRates": "; best so far"}
"""Words that tell of what was done before, which a twin has not, and how they begin."""

twin = cache(made)


def complaint(name: str, state: dict[str, Any], status: str) -> str:
    """What the status line should say; empty if it does."""
    if name == "Finale":  # its words hang on the reader's parts
        return "" if " of 1,000 steps" in status else f"Finale says {status!r}"
    other = twin(name).set(**state)
    said, wanted = (
        words.partition(PAST.get(name, "\n"))[0] for words in (status, other.error or other.result)
    )
    return f"{name}({state}) says {said!r}, not {wanted!r}" if said != wanted else ""
