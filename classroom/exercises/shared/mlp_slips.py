"""An `mlp` with one thing wrong: for the check of exercise 6.2."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, Raised
from classroom.exercises.kit.checking import gives, raises
from microgpt import Value, linear, mlp, rmsnorm


def mlp_without_relu(x: Any, fc1: Any, fc2: Any) -> Any:
    """Two matrices, no cut."""
    return linear(linear(x, fc1), fc2)


def mlp_relu_last(x: Any, fc1: Any, fc2: Any) -> Any:
    """The cut behind both matrices."""
    return [y.relu() for y in linear(linear(x, fc1), fc2)]


def mlp_relu_first(x: Any, fc1: Any, fc2: Any) -> Any:
    """The cut before both matrices."""
    return linear(linear([xi.relu() for xi in x], fc1), fc2)


def mlp_relu_twice(x: Any, fc1: Any, fc2: Any) -> Any:
    """A second cut at the end."""
    return [y.relu() for y in mlp(x, fc1, fc2)]


def mlp_plus_input(x: Any, fc1: Any, fc2: Any) -> Any:
    """The input already added."""
    return [a + b for a, b in zip(mlp(x, fc1, fc2), x)]


def mlp_all_relus(x: Any, fc1: Any, fc2: Any) -> Any:
    """A cut before the first matrix, too."""
    return mlp([xi.relu() for xi in x], fc1, fc2)


def mlp_normed(x: Any, fc1: Any, fc2: Any) -> Any:
    """A norm inside."""
    return mlp(rmsnorm(x), fc1, fc2)


def _with(cut: Callable[[Value], Any]) -> Callable[..., Any]:
    return lambda x, fc1, fc2: linear([cut(h) for h in linear(x, fc1)], fc2)


def mlp_leaky(x: Any, fc1: Any, fc2: Any) -> Any:
    """A small slope below 0."""
    return _with(lambda h: h if h.data > 0 else h * 0.01)(x, fc1, fc2)


def mlp_absolute(x: Any, fc1: Any, fc2: Any) -> Any:
    """The sign taken off."""
    return _with(lambda h: h if h.data > 0 else -h)(x, fc1, fc2)


def mlp_squared(x: Any, fc1: Any, fc2: Any) -> Any:
    """What is above 0, squared."""
    return _with(lambda h: h.relu() ** 2)(x, fc1, fc2)


def mlp_negative(x: Any, fc1: Any, fc2: Any) -> Any:
    """What is below 0 kept."""
    return _with(lambda h: h if h.data < 0 else h * 0)(x, fc1, fc2)


def mlp_hidden(x: Any, fc1: Any, fc2: Any) -> Any:
    """The wide layer."""
    return [h.relu() for h in linear(x, fc1)]


def mlp_hidden_uncut(x: Any, fc1: Any, fc2: Any) -> Any:
    """The wide layer before the cut."""
    return linear(x, fc1)


def _lengths(of: Callable[[int, int], bool]) -> Callable[[Attempt], bool]:
    def fits(attempt: Attempt) -> bool:
        error = attempt.got.error if isinstance(attempt.got, Raised) else ""
        told = re.search(r"got (\d+) and (\d+)", str(error))
        return told is not None and of(int(told[1]), int(told[2]))

    return fits


def _swapped_sizes(one: int, other: int) -> bool:
    return {one, other} == {5, 3}


_ASLEEP = "a sleeping detector gives 0, it is not left out: fc2 needs all five."
_PLAIN = "`0` and `.data` are no nodes: call `.relu()` on each node."
_WRONG = {
    mlp_without_relu: "the ReLU between the two linear layers is missing.",
    mlp_relu_last: "the ReLU belongs between the layers, not behind the second.",
    mlp_plus_input: "`mlp` returns what is to be added; the block does the adding.",
    mlp_relu_first: "the ReLU belongs between the layers, not before the first.",
    mlp_relu_twice: "one ReLU is enough, between the layers; what is added may be negative.",
    mlp_all_relus: "one ReLU is enough, between the layers; yours cuts what comes in as well.",
    mlp_normed: "no norm here: the block norms x before it calls `mlp`.",
    mlp_leaky: "below 0 a ReLU gives 0, not a small share.",
    mlp_absolute: "below 0 a ReLU gives 0, not the number without its sign.",
    mlp_squared: "a ReLU leaves what is above 0 as it is.",
    mlp_negative: "the ReLU is turned round: it keeps what is above 0.",
    mlp_hidden: "that is the wide layer; `linear(..., fc2)` brings it back.",
    mlp_hidden_uncut: "that is the wide layer before the cut; ReLU and `fc2` are missing.",
}
MLP_CAUSES = [
    *(gives(function, text) for function, text in _WRONG.items()),
    Cause(_ASLEEP, _lengths(lambda a, b: 5 in (a, b) and 3 not in (a, b) and 16 not in (a, b))),
    Cause("first `fc1` (into the wide layer), then `fc2` (back).", _lengths(_swapped_sizes)),
    Cause(
        "those are the trained model's matrices: use the parameters of your function.",
        _lengths(lambda a, b: 16 in (a, b) or 64 in (a, b)),
    ),
    raises(AttributeError, "`relu` is a method: call it, `h.relu()`.", "'function'"),
    raises(AttributeError, "`relu` is a method: call it, `h.relu()`.", "'method'"),
    raises(AttributeError, _PLAIN, "has no attribute 'data'"),
    raises(AttributeError, "a list has no `relu`; take it of each node in it.", "'list'"),
    raises(AttributeError, "a plain number has no `relu`: take it of the nodes.", "'relu'"),
    raises(TypeError, "`max` cannot compare nodes: call `h.relu()`.", "not supported between"),
]
"""What the check of exercise 6.2 can name."""
