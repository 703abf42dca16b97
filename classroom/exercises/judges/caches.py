"""Whether a call leaves the caches and the gradients as it should: for chapters 05 and 06."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from classroom.exercises.judges.flow import expect_flow
from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import require
from classroom.exercises.kit.comparing import plain, same, show


def flows(
    right: Any, case: Sequence[Any], names: Sequence[str], text: str, causes: Sequence[Cause] = ()
) -> Callable[[Any], None]:
    """A check that every gradient of a call finds its way, for ``then=`` of a solution.

    ``names`` are those of the arguments that hold nodes; ``text`` is the call, with ``{0}``.
    """
    numbers = [plain(part) for part in case]
    said = text.format(*map(show, numbers))
    return lambda answer: expect_flow(said, answer, right, numbers, names, causes)


def expect_cache(answer: Callable[..., Any], right: Any, case: Sequence[Any], at: int) -> None:
    """Expect that a call leaves keys and values, its arguments `at` and the next, as ours does."""
    mine, ours = deepcopy(tuple(case)), deepcopy(tuple(case))
    answer(*mine)
    right(*ours)
    for name, got, wanted in zip(("keys", "values"), mine[at : at + 2], ours[at : at + 2]):
        held, needed = _lengths(got), _lengths(wanted)
        require(
            held == needed,
            f"after one call, `{name}` holds {held} vectors, expected {needed}.",
            "one call puts one key and one value into the lists that it was given, with `append`: "
            "once in each layer.",
        )
        require(
            same(got, wanted),
            f"after one call, `{name}` is {show(got)}, expected {show(wanted)}.",
            f"what `{name}` held stays as it is, and the new vector comes to its end.",
        )


def _lengths(cache: Any) -> Any:
    """How many vectors a cache holds; for one of several layers, in each."""
    deep = plain(cache)
    layers = deep and deep[0] and isinstance(deep[0][0], list)
    return " and ".join(str(len(layer)) for layer in deep) if layers else str(len(deep))
