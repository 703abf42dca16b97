"""Check an operation that makes one node with one child: exercises 1.3 and 1.4."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.causes import Cause, Raised, outcome
from classroom.exercises.kit.checking import expect_calls, gives, raises, require, when
from classroom.exercises.kit.comparing import is_number, plain, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.verdicts import require_function
from classroom.exercises.shared.graphs import listed, nodes_of
from microgpt.autograd import Value

Number = Callable[[float], float]


def check_operation(
    answer: Any,
    name: str,
    *,
    value: Number,
    slope: Number,
    places: Sequence[float],
    causes: Sequence[Cause],
    tolerance: float,
) -> None:
    """Raise ``Wrong`` unless ``answer(v)`` is one node with the right value, child and slope.

    Parameters
    ----------
    answer : callable
        Takes a `Value`, returns a `Value`.
    name : str
        What it is called in messages.
    value, slope : callable
        The right number and the right slope at a place.
    places : sequence of float
        Where it is tried.
    causes : sequence of Cause
        Of a wrong slope; a function in ``gives`` takes the place and returns a list.
    tolerance : float
        Of the slopes: a nudged one is right, too.
    """
    require_function(answer, [(Value(places[0]),)])
    _require_value(answer, name, places[0])
    expect_calls(
        lambda x: plain(answer(Value(x)).data),
        value,
        cases=[(x,) for x in places],
        show_as=name + "(Value({0})).data",
        causes=_value_causes(value),
    )
    for x in places:
        _check_node(answer, name, x)
    expect_calls(
        lambda x: list(answer(Value(x))._local_grads),
        lambda x: [slope(x)],
        cases=[(x,) for x in places],
        show_as=name + "(Value({0}))._local_grads",
        causes=causes,
        tolerance=tolerance,
    )


def _require_value(answer: Any, name: str, x: float) -> None:
    """What comes out must be a node."""
    made = outcome(answer, (Value(x),))
    if isinstance(made, (Raised, Value)):
        return
    said = f"{name}(Value({x})) gave {show(made)}, expected a Value."
    if made is None:
        raise Wrong(said, cause="nothing is returned: return a `Value`, with `return Value(...)`.")
    if isinstance(made, tuple) and len(made) == 3:
        raise Wrong(said, cause="those are the three parts; return a `Value` made of them.")
    raise Wrong(said, cause="return a `Value`: `return Value(...)`.")


def _value_causes(value: Number) -> list[Cause]:
    return [
        raises(TypeError, "`math` wants a number: give it `v.data`.", "must be real number"),
        raises(TypeError, "`Value` wants a plain number first.", "holds an int or a float"),
        raises(
            TypeError, "the three are called `data`, `children`, `local_grads`.", "keyword argument"
        ),
        gives(lambda x: max(0, x), "that is ReLU; `math.tanh(v.data)` is asked for."),
        raises(TypeError, "`^` is no power in Python; that is `**`.", "for ^"),
        gives(lambda x: x, "that is the input itself; the result is asked for."),
        gives(lambda x: math.tan(x), "that is `math.tan`; `math.tanh` is another function."),
        gives(lambda x: math.atan(x), "that is `math.atan`; `math.tanh` is another function."),
        gives(lambda x: math.sinh(x), "that is `math.sinh`; `math.tanh` is another function."),
        gives(lambda x: 1 - value(x) ** 2, "slope and value are swapped: the value comes first."),
        gives(lambda x: -(value(x) ** 2), "slope and value are swapped: the value comes first."),
        gives(lambda x: float(1 // x), "`//` cuts the fraction off; `/` divides."),
        gives(lambda x: round(value(x), 4), "the value is rounded; hand it on as it is."),
        gives(lambda x: round(value(x), 2), "the value is rounded; hand it on as it is."),
    ]


def _check_node(answer: Any, name: str, x: float) -> None:
    """One new node; its child is the input itself; nothing else is changed."""
    v = Value(x)
    made, call = outcome(answer, (v,)), f"{name}(Value({x}))"
    if isinstance(made, Raised):
        return  # told when the slopes are tried
    require(
        made is not v and plain(v.data) == x and not v._children,
        f"{call} changed its input.",
        "leave `v` as it is, and make a new `Value`.",
    )
    _check_parts(made, v, call)
    require(
        made.grad == 0 and v.grad == 0,
        f"{call} set a `grad`.",
        "`grad` stays 0: only `backward` fills it. Slopes go into `_local_grads`.",
    )


def _check_parts(made: Any, v: Value, call: str) -> None:
    """Children are nodes, slopes are numbers, and not the other way round."""
    slopes = listed(made, "_local_grads")
    children = listed(made, "_children")
    require(
        not any(is_number(child) for child in children) or not _has_value(slopes),
        f"{call} has numbers for children, and nodes for slopes.",
        "the two are swapped: `Value(data, children, local_grads)`.",
    )
    require(
        not any(is_number(child) for child in children),
        f"the child of {call} is the number {show(children[0]) if children else ''}.",
        "the child is the node `v` itself, not its number.",
    )
    _check_child(made, children, v, call)
    require(
        not any(isinstance(part, str) for part in slopes),
        f"the slope of {call} is a text: {slopes!r}.",
        "leave the quotes off, so that it is computed.",
    )
    require(
        not _has_value(slopes),
        f"the slope of {call} is a Value.",
        "a slope is a plain number: compute it from `.data` alone.",
    )


def _check_child(made: Any, children: list[Any], v: Value, call: str) -> None:
    require(
        bool(children),
        f"{call}._children is empty.",
        "without its child the node has forgotten where it came from.",
    )
    count = len(nodes_of(made))
    require(
        not (len(children) == 1 and children[0] is not v and count == 2),
        f"the child of {call} is not `v`.",
        "the child is a copy, so nothing leads back to `v`: hand `v` itself on.",
    )
    require(
        len(children) == 1 and children[0] is v,
        f"{call} made a graph of {count} nodes, expected 2: v and the result.",
        "one node that knows its own slope is asked for: compute with `v.data`, "
        "and give `Value` the children `(v,)`.",
    )


def _has_value(parts: Sequence[Any]) -> bool:
    return any(isinstance(part, Value) for part in parts)


def _near(got: Any, expected: Any) -> bool:
    return len(got) == 1 and 1e-7 < abs(got[0] - expected[0]) < 0.02


_MISSING = gives([], "the second tuple is missing: one slope for the one child.")
_TWO = when(lambda got, _: len(got) > 1, "one child has one slope; more are noted.")
_COARSE = when(_near, "nearly: a rounded slope, or a coarse nudge. The rule gives it exactly.")


def _t(x: float) -> float:
    return math.tanh(x)


TANH: list[Cause] = [
    gives(
        lambda x: [1 - _t(x) * abs(_t(x))],
        "for a negative result `t * abs(t)` is negative; a square never is.",
    ),
    _MISSING,
    _TWO,
    gives(lambda x: [_t(x)], "that is the value; the slope is what a nudge is multiplied by."),
    gives(lambda x: [1 - x * x], "it is 1 minus the square of the *result*, not of the input."),
    gives(lambda x: [1 - _t(x)], "nearly: the result must be squared before it is taken from 1."),
    gives(lambda x: [max(0, 1 - _t(x))], "the result must be squared before it is taken from 1."),
    gives(lambda x: [_t(x) ** 2], "that is the table's last column, what is missing to 1."),
    gives(lambda x: [_t(x) ** 2 - 1], "the sign is turned round: 1 minus the square."),
    gives(
        lambda x: [1 + _t(x) ** 2], "the square is taken *from* 1, not added: look at the table."
    ),
    gives(lambda x: [1.0], "1 is its slope at 0 only; nudge it at 0.5 and look."),
    gives(lambda x: [0.0], "0 would mean that a nudge changes nothing; look at the table."),
    gives(lambda x: [x], "that is the input; the slope is computed from the result."),
    gives(lambda x: [1 - x], "it is 1 minus the square of the *result*, not of the input."),
    gives(lambda x: [_t(x) * (1 - _t(x))], "that is the slope of the sigmoid; look at the table."),
    gives(lambda x: [-2 * _t(x)], "differentiated once more; the slope itself is `1 - t * t`."),
    gives(lambda x: [math.cos(x)], "that is the slope of `sin`; the table shows this one."),
    gives(lambda x: [2 * _t(x)], "that is the slope of a square; here it is 1 minus a square."),
    gives(lambda x: [1 - 2 * _t(x)], "`t * t` is the square; `2 * t` is twice t."),
    gives(
        lambda x: [(1 - _t(x) ** 2) ** 0.5], "that is the root of the slope: leave the root away."
    ),
    gives(lambda x: [(1 - _t(x)) ** 2], "square the result first, and then take it from 1."),
    gives(lambda x: [1 - abs(_t(x))], "the result must be squared before it is taken from 1."),
    gives(lambda x: [1 - _t(x) ** 3], "the square is needed, not the third power."),
    gives(lambda x: [1 / math.cosh(x)], "the slope is the square of that."),
    gives(
        lambda x: [1 - _t(_t(x)) ** 2], "`math.tanh` is applied twice: square the result itself."
    ),
    gives(lambda x: [math.exp(x)], "that is the slope of `exp`; the table shows this one."),
    _COARSE,
]

INVERSE: list[Cause] = [
    _MISSING,
    when(
        lambda got, _: len(got) == 2,
        "two slopes, so two children: `1 / a` is a power and a product. One node is "
        "asked for: compute with `a.data`, and note the slope yourself.",
    ),
    gives(lambda x: [-1 / x], "that is the slope it had: right at 1, wrong everywhere else."),
    gives(
        lambda x: [-1 / (x * abs(x))],
        "right above 0 only: below, `abs` turns the sign; the square of `a.data` needs no `abs`.",
    ),
    gives(lambda x: [1 / x**2], "the sign: when x grows, 1/x falls."),
    gives(lambda x: [-1.0], "-1 is its slope at 1 only; nudge it at 2 and look."),
    gives(lambda x: [1 / x], "that is the value; nudge it at 2 and compare."),
    gives(lambda x: [-(x**2)], "it is `x ** -2`: the square is under the line."),
    gives(lambda x: [-2 / x**2], "the exponent that comes down is -1, not -2."),
    gives(lambda x: [-2 / x**3], "that is the slope of `x ** -2`; here the power is -1."),
    gives(lambda x: [-1 / x**3], "one less than -1 is -2, not -3."),
    gives(lambda x: [2 * x], "that is the slope of the square."),
    gives(lambda x: [math.log(abs(x))], "the logarithm is what has the slope 1/x."),
    gives(lambda x: [-math.log(abs(x))], "the logarithm is what has the slope 1/x."),
    _COARSE,
]
