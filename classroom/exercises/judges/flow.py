"""Whether a call leaves gradients and caches as it should: for the checks of chapters 04 to 06.

The function is called on leaves made for the purpose; its outputs are added up with the weights 1,
2, 3, ..., and one backward pass must bring every leaf the gradient that the right function brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import expect, require
from classroom.exercises.kit.comparing import plain, same, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.sources import names_used
from microgpt import Value

NO_NODE = "compute with the Values; `.data`, `float` and `math` leave the graph."


def nodes(thing: Any) -> Any:
    """Numbers, also in lists of lists, as leaves of a new graph; anything else unchanged."""
    if isinstance(thing, float):
        return Value(thing)
    return [nodes(part) for part in thing] if isinstance(thing, list) else thing


def flat(thing: Any) -> Iterator[Any]:
    """All parts of nested lists and tuples, in order."""
    if isinstance(thing, (list, tuple)):
        for part in thing:
            yield from flat(part)
    else:
        yield thing


def slopes(function: Callable[..., Any], arguments: Sequence[Any]) -> list[list[float]]:
    """Gradients of the leaves of each argument, by 1 * first output + 2 * second + ...

    Numbers in (nested) lists become leaves; whatever holds no float is passed as it is.
    """
    given = [nodes(argument) for argument in arguments]
    leaves = [[x for x in flat(each) if isinstance(x, Value)] for each in given]
    root = Value(0.0)
    for place, output in enumerate(flat(function(*given)), start=1):
        if not hasattr(output, "backward"):
            parts = output.tolist() if hasattr(output, "tolist") else []  # NumPy's
            if isinstance(parts, list) and parts and hasattr(parts[0], "backward"):
                message = f"the output is {show(output)}, a {type(output).__name__}."
                raise Wrong(message, cause="an array came out; a list is asked for: `list(...)`.")
            message = f"output {place} is {show(output)}, a {type(output).__name__}, not a Value."
            left = names_used(function) & {"data", "float", "math"}
            raise Wrong(message, cause=NO_NODE if left else "")
        root = root + output * float(place)
    root.backward()
    return [[float(leaf.grad) for leaf in some] for some in leaves if some]


def flows(
    right: Any, case: Sequence[Any], names: Sequence[str], text: str, causes: Sequence[Cause] = ()
) -> Callable[[Any], None]:
    """A check that every gradient of a call finds its way, for ``then=`` of a solution.

    ``names`` are those of the arguments that hold nodes; ``text`` is the call, with ``{0}``;
    ``causes`` are those of wrong gradients. Where none fits, the look says which line cuts the
    graph.
    """
    numbers = [plain(part) for part in case]

    def check(answer: Any) -> None:
        expected = slopes(right, numbers)
        several = isinstance(right(*map(nodes, numbers)), (list, tuple))
        root = "the sum 1·first + 2·second + ... of " if several else ""
        by = root + text.format(*map(show, numbers))
        for name, mine, wanted in zip(names, slopes(answer, numbers), expected):
            expect(f"the gradients of {name} by {by}", mine, wanted, causes=causes)

    return check


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
