"""Whether gradients find their way through a reader's function: for the checks of chapters 04, 05.

The function is called on leaves made for the purpose; its outputs are added up with the weights 1,
2, 3, ..., and one backward pass must bring every leaf the gradient that the right function brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import expect
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.sources import names_used
from microgpt import Value

NO_WAY = "no gradient comes back: new Values, `.data`, `float` and `math` leave the graph."
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


def expect_flow(
    text: str,
    answer: Callable[..., Any],
    right: Callable[..., Any],
    arguments: Sequence[Any],
    names: Sequence[str],
    causes: Sequence[Cause] = (),
) -> None:
    """Expect that backward brings every argument that holds leaves its gradients.

    ``text`` is the call, such as ``"linear(x, w) with x = [1.0, 2.0]"``; ``causes`` are those of
    wrong gradients. Where none fits, the look at the answer says which line cuts the graph.
    """
    expected = slopes(right, arguments)
    got = slopes(answer, arguments)
    several = isinstance(right(*map(nodes, arguments)), (list, tuple))
    root = "the sum 1·first + 2·second + ... of " if several else ""
    for name, mine, wanted in zip(names, got, expected):
        try:
            expect(f"the gradients of {name} by {root}{text}", mine, wanted, causes=causes)
        except Wrong as wrong:
            wrong.guess = wrong.guess if any(mine) else NO_WAY
            raise
