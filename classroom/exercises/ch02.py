"""Exercises of chapter 02: chain rule, a sort, nudging, the wrong walk, a backward, a fit."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from classroom.exercises.judges.walks import (
    STRANGER,
    Test,
    check_large_sorts,
    check_walk_again,
    drawn,
    early,
    gradients,
    graphs,
    in_some_order,
    of_order,
    one_of_equals,
    order_of,
)
from classroom.exercises.kit.causes import Cause, raises, when
from classroom.exercises.kit.comparing import is_number, plain
from classroom.exercises.kit.registry import Fresh
from classroom.exercises.kit.solutions import Asked, prediction, solution
from classroom.exercises.kit.state import remark


def fresh_path(rng: random.Random) -> Fresh:
    """Other numbers for the path of 2.1."""
    factor, x, power = rng.randint(2, 6), rng.randint(2, 5), rng.choice((2, 3))
    y = factor * x
    right = factor * power * y ** (power - 1)
    question = f"y = {factor} * x; z = y ** {power}, at x = {x}. What is dz/dx?"
    steps = f"y is {y}; the slopes are {factor} and {power} * {y} ** {power - 1}"
    return Fresh(question, right, f"{steps}: together {right}.")


prediction(
    "2.1", "Along one path", difficulty=1, minutes=3, again=fresh_path,
    asked={"dz_dx": Asked(90, {
        30: "two slopes belong to it: that of `3 * x`, and that of `y ** 2`, taken where y is.",
        1: "that is the gradient of the root, z; that of `x` is asked for.",
        3: "that is the first step alone, from x to y.",
        33: "slopes along one path are multiplied; paths are added.",
        225: "that is z itself; how fast it grows is asked for.",
        15: "that is y itself; a slope is asked for.",
        45: "that is z / x, a value by a value, or half the slope: a square's has a 2 in front, `2 * y`.",
        675: "that is 3 times 225: the slope of `y ** 2` is `2 * y`; 225 is its value.",
        1350: "the slope of `y ** 2` is `2 * y`, one power less: the `** 2` does not stay.",
        6: "the slope of the square is `2 * y`, with y = 15; the 15 is missing.",
        75: "the slope of `3 * x` is 3, wherever x is, and that of `y ** 2` is `2 * y`.",
        **dict.fromkeys((99, 81), "that is what a whole step of 1 gives, z(6) - z(5) or z(5) - z(4): too large for a curve."),
        450: "the slope of `3 * x` is 3; 15 is what it comes to. The 30 is right.",
        18: "z is `9 * x ** 2`, and its slope `18 * x`: the x is missing.",
        150: "the slope of `3 * x` is 3, wherever x is; the 30 is right.",
        10: "the slope of the square is taken where y is, at 15; and that of `3 * x` is missing.",
    }, also=(
        when(lambda got, _: 0 < got < 1, "that is how far z moves: divide it by the nudge."),
        when(lambda got, right: 0 < abs(got - right) < 1, "a nudge that is too large, or to one side; on paper it is exact."),
    ), first="at x = 5 `y` is 15: the slope of `y ** 2` is taken there.")},
)  # fmt: skip


OF_ORDERS: dict[str, Test] = {
    "a node in it is not of this graph: it is a copy, or was kept from an earlier call.": lambda got, _: STRANGER in got,
    "of nodes with the same number only one is there: ask for the node itself, not for its `data`.": one_of_equals,
    "a node is in the list twice: before one is written down, ask if it is in already.": lambda got, _: len(set(got)) < len(got),
    "the root itself is missing; it comes last.": lambda got, nodes: {*nodes} - {*got} == {"L"},
    "parents come first: reverse the list, or write a node down after its children.": lambda got, nodes: early(got, nodes) and not early(got[::-1], nodes),
    "a node comes before one of its children: its turn is when all of these are in. (Written down as soon as it is met, and all reversed, it may still be early.)": early,
    "not every node is there: the root and each node below it has its turn.": lambda got, nodes: {*got} < {*nodes},
}  # fmt: skip
"""What is wrong with an order of nodes, given by their names."""


@solution(
    "2.2", "Children first", difficulty=2, minutes=15, extra=True, run=order_of,
    own=("topological_sort", "recursive_sort"), show_as="{0}; sort_nodes(L)", may_change=True,
    then=check_large_sorts, cases=lambda draw: [
        *graphs(
            "L = Value(2)", "L = a + a", "c = a * b; L = c + a",
            "c = a * b; square = c * c; L = square + a",
            "c = a * b; square = c * c; L = square + c",
            "c = a * b; square = c * c; L = c + square",
            "a, b = Value(2), Value(2); c = a * b; d = c.exp(); L = d * c",
            "c = a * b; d = a * b; L = c + d", "c = a * -1; L = c * b", "c = a ** -1; L = c * c",
            "c = a * b; L = total([a, b, c])", "c = a * b; d = c * -0.5; L = total([a, d, c])",
            "L = a * 2 + b * 2", "c = b.exp(); d = c * a; e = d + b; L = total([e, c, d])",
            "x = [Value(n) for n in range(16)]; L = dot(x, x[::-1])",
            "x = [Value(n) for n in range(33)]; L = total(x)",
        ),
        *(drawn(draw, steps) for steps in (3, 4, 5, 6)),
    ],
    slips={},
    also=[
        when(lambda got, _: hasattr(got, "__next__"), "make it a list with `list(...)`."),
        when(lambda got, _: isinstance(got, list) and not all(isinstance(e, str) for e in got), "only the nodes themselves go into the list: no numbers, True or False, lists or pairs."),
        *itertools.starmap(of_order, OF_ORDERS.items()),
    ],
)  # fmt: skip
def sort_nodes(root):
    order, stack = {}, [root]
    while stack:
        # the children of the last node on the stack that are not in the order yet
        missing = [c for c in stack[-1]._children if c not in order]
        if missing:
            stack += reversed(missing)
        else:
            order[stack.pop()] = True
    return list(order)


def parabola(x: float) -> float:  # noqa: D103
    return x * x


def fourth_power(x: float) -> float:  # noqa: D103
    return x**4


def running_example(a: float, b: float) -> float:  # noqa: D103
    return a * b + a


def once_and_twice(a: float, b: float) -> float:  # noqa: D103
    return a * b * b


def weighted(x: float, y: float, z: float) -> float:  # noqa: D103
    return 2 * x - 3 * y + x * y * z


def _remark_or_memory(answer: Callable[..., Sequence[float]]) -> None:
    """A nudge to one side is right, and one to both sides better."""
    if abs(plain(answer(fourth_power, [3.0]))[0] - 108.0) > 1e-6:
        remark("a nudge to both sides, 1e-5 up and 1e-5 down, is over 1,000 times closer.")


TOO_LARGE = "the nudge is far too large: `h = 1e-5` is a good one."


def one_sided(f, inputs):  # noqa: D103
    h, slopes = 1e-5, []
    for i in range(len(inputs)):
        up = list(inputs)
        up[i] += h  # one input h larger, the others as they are
        gap = f(*up) - f(*inputs)  # the difference of the two results
        slopes.append(gap / h)  # the difference divided by h
    return slopes


@solution(
    "2.3", "All slopes by nudging", difficulty=2, minutes=10, extra=True, tolerance=2e-3,
    own=("backward", "gradient_check", "Value"), roads=[one_sided], then=_remark_or_memory,
    cases=lambda draw: [
        (parabola, [3.0]), (fourth_power, [1.5]), (fourth_power, [0.42]), (fourth_power, [-0.5]),
        (running_example, [2.0, 3.0]), (once_and_twice, [2, 2]), (once_and_twice, [-1.5, 4.0]),
        (weighted, [1.0, -2.0, 0.5]), (weighted, [0.0, -2.0, 0.5]), (weighted, draw.numbers(3)),
    ],
    slips={
        "/ (2 * h) -> / h": "the two nudges lie `2 * h` apart.",
        "1e-5 -> 1": TOO_LARGE, "1e-5 -> 0.5": TOO_LARGE, "1e-5 -> 0.1": TOO_LARGE,
        "1e-5 -> 1\n f(*down) -> f(*inputs)\n / (2 * h) -> / h": TOO_LARGE,
        "1e-5 -> 0.5\n f(*down) -> f(*inputs)\n / (2 * h) -> / h": TOO_LARGE,
        "gap / (2 * h) -> gap / (2 * h) * inputs[i]": "each slope is multiplied by its input, as where the nudge is a share of it: add `h` itself.",
        "return slopes -> return slopes[:1]": "only the first slope is there: is the `return` in the loop?",
        "up[i] += h -> up = [x + h for x in up]\n f(*down) -> f(*inputs)\n / (2 * h) -> / h": "all inputs are nudged together; nudge one, leave the others.",
        "up, down = list(inputs), list(inputs) -> down = list(inputs) if i == 0 else down⏎        up = list(inputs) if i == 0 else up": "put each input back before you nudge the next.",
        "up[i] += h -> up[inputs.index(inputs[i])] += h\n down[i] -= h -> down[inputs.index(inputs[i])] -= h": "two inputs may be equal: `index` finds the first; count places with `range`.",
    },
    also=[
        when(lambda got, _: isinstance(got, dict), "a dict came out; a list is asked for."),
        when(lambda got, right: isinstance(got, list) and len(got) == len(right) and not any(got), "every slope is 0, as if `f` gave the same twice: `up = inputs` is only a second name for the list, `list(inputs)` copies it; and a nudge below 1e-15, or in an array of whole numbers, is lost."),
        when(lambda got, right: len(got) == len(right) and all(abs(g) < 1e-2 * abs(e) for g, e in zip(got, right) if abs(e) > 0.1), "each number is far smaller than the slope: the difference is divided by the nudge, in parentheses where it is a product: `/ (2 * h)`."),
        when(lambda got, right: len(got) == len(right) and all(abs(g - e) < 0.2 + 0.1 * abs(e) for g, e in zip(got, right)), "near, but not near enough: the nudge is too coarse or too fine, or the slopes are rounded. `h = 1e-5` is a good nudge."),
        raises(TypeError, "`f` takes its inputs one by one, as numbers: `f(*up)`.", "can't multiply sequence by non-int of type 'list'", "required positional argument", "or pow(): 'list' and"),
        raises(ValueError, "there may be one input or three: go through all their places.", "to unpack"),
        raises(ZeroDivisionError, "yours divides by 0: an input may be 0, and then a nudge that is a share of it is 0, too. Keep `h` fixed."),
    ],
)  # fmt: skip
def nudged(f, inputs):
    h, slopes = 1e-5, []
    for i in range(len(inputs)):
        up, down = list(inputs), list(inputs)
        up[i] += h  # one input h larger, the others as they are
        down[i] -= h
        above, below = f(*up), f(*down)
        gap = above - below  # the difference of the two results
        slopes.append(gap / (2 * h))  # the difference divided by 2 * h
    return slopes


EARLY_NODES = {
    "a": "a is a leaf: it hands nothing on. Its grad is wrong, but not its fault.",
    "b": "b is a leaf: it hands nothing on.",
    "L": "L is the first, and nothing uses it: it has all of its 1.",
    "square": "only L uses `square`, and L came first: its 1 is complete.",
}
HAD = {
    0: "L had already given it its share: the last `+` has slope 1.",
    13: "13 is all of it, as it ends; in the section's graph `square` is still on the stack at that time.",
    12: "those are the two shares of `square`, which come too late; L's came in time.",
    7: "one share of `square` is in it, and none had come: `square` was still on the stack.",
    6: "6 is c's number; its grad is asked for: `square` was still on the stack, only L had handed on.",
    3: "that is what a received: the grad that c handed on, times the slope b = 3.",
}
COMPLETE = {
    12: "those are the two shares from `c * c`; `+ c` adds one more.",
    7: "`c * c` uses c twice, and each use has the slope 6.",
    6: "`c * c` uses c twice, and `+ c` once more.",
    1: "1 is what `c` had; the two shares of `square` are missing.",
    3: "there are three shares, but not of 1 each: `c * c` has the slope 6, twice.",
    42: "that is L, the number; the grad of c is the sum of what comes back along its three arrows.",
    36: "that is `square`, the number; the slopes of `c * c` are 6 and 6, and they are added.",
}

prediction(
    "2.4", "Who handed on too early?", difficulty=2, minutes=8, kind="find the bug",
    asked={
        "node": Asked("c", EARLY_NODES, also=(when(lambda got, _: str(got).strip() not in EARLY_NODES, "name one of the nodes: a, b, c, square, L."),)),
        "had": Asked(1, HAD, first="only who has had its turn has handed on: follow the stack until c is taken off it."),
        "complete": Asked(13, COMPLETE, first="three arrows leave c, two to `square` and one to L: along each of them a share comes back."),
    },
)  # fmt: skip


TOO_EARLY = "a node handed its grad on before it had all of it: "
NO_ORDER = TOO_EARLY + "it has to wait for every node that uses it."
AGAIN = "a node handed on more than once, the old part of its grad again each time."
SHARE = "each share is `local_grad * node.grad`, with the grad of the node whose turn it is."
SOME = "each child gets its share, however many there are."
ZERO = "a grad of 0 is right where a ReLU is shut; it is not a missing one."
NO_WAIT, NEVER = "if waits[child] == 0: -> if True:", "if waits[child] == 0: -> if False:"
COUNTED = (
    "for child in stack.pop()._children: -> for child in dict.fromkeys(stack.pop()._children):"
)
GRAD, ROOT = "local_grad * node.grad ->", "root.grad, stack = 1, [root] -> root.grad, stack"
NEXT = "node = stack.pop() -> node = stack.pop()⏎       "
ONCE = f"{NEXT} if node in seen: continue⏎        seen.add(node)\n{ROOT}, seen = 1, [root], set()"
DEPTH = """root.grad, stack = 1, [root] -> root.grad, stack = 1, []⏎    def go(node):⏎        for \
child, slope in zip(node._children, node._local_grads):⏎            child.grad += slope * node.grad\
⏎            go(child)⏎    go(root)"""
EVERY = "for child, local_grad in zip(node._children, node._local_grads): ->"


OVERWRITES = "that is what comes out where `=` stands in place of `+=`, or where the walk ends, or leaves nodes out, too early: each child gets its share of all that use it."


@solution(
    "2.5", "Your own backward", difficulty=3, minutes=20, run=gradients, may_change=True,
    own=("backward", "topological_sort", "recursive_sort", "backward_on_a_stack"),
    show_as="{0}; my_backward(L): the grads", then=check_walk_again,
    cases=lambda draw: [
        *graphs(
            "L = Value(2)", "L = a * b", "L = a + a", "L = a * b * b", "L = a * b + a", "L = a.exp() * b",
            "L = (a - b).relu() * b + a", "c = a * b; L = c * c + c", "c = a * b; L = c + c * c",
            "L = (a / b).log() - a * -0.3", "L = total([a, b, a * b])", "L = total([a, b]) * a",
            "c = (a - b).relu() * b; d = a * b; L = c * a + d * d",
            "c = (a - b).relu() * b; d = a * b; L = d * d + c * a",
            "c = a * b; d = a * b; L = c + d * 5",
            "c = a * b; d = (c - 9).relu(); L = c * c + d", "c = a * b; d = (c - 9).relu(); L = d "
            "* a + c", "c = a * b; d = c * 0 + c; L = d * a + d",
            "c = a + b; d = c * a; L = (d + c) * (d * b) + c.relu()",
            "c = a - b; d = c * a; L = (c + d) * c - d * d / b + a",
            "x = [Value(n / 10) for n in range(1, 17)]; L = dot(x, x[1:] + x[:1])",
            "a, b = Value(2), Value(3); x = [Value(n / 10) for n in range(32)]; "
            "L = total([*x, a * b]) * x[7]",
        ),
        *(drawn(draw, steps) for steps in (4, 5, 6, 8)),
    ],
    slips={
        COUNTED: "`c * c` is one user with two arrows, and each brings a share: count the arrows.",
        f"{EVERY} for child, local_grad in dict(zip(node._children, node._local_grads)).items():\n{COUNTED}": "a node that is there twice, as in `a + a`, gets one share only: a dict has one key for both.",
        "child.grad += -> child.grad =": OVERWRITES,
        f"{ROOT} = 1, [root]\n{NEVER}": "only the root's own children get a share: from the root down, each node must have its turn. (An order with children first has to be read from its end.)",
        f"{ONCE}\n{NO_WAIT}": NO_ORDER,
        f"{ONCE}\n{NEVER}\n{EVERY} stack += reversed(node._children)⏎        for child, local_grad in zip(node._children, node._local_grads):": NO_ORDER,
        f"{ROOT}, seen = 1, [root], {{root}}\nnode = stack.pop() -> node = stack.pop(0)\nif waits[child] == 0: -> if child not in seen:⏎                seen.add(child)": TOO_EARLY + "near the root is not enough.",
        f"node = stack.pop() -> node = stack.pop(0)\n{NO_WAIT}": AGAIN,
        NO_WAIT: AGAIN,
        "zip(node._children, node._local_grads) -> zip(node._children[::-1], node._local_grads)": "each child gets the slope of another: children and slopes go through `zip` in the same order.",
        f"{ROOT} = 1, sort_nodes(root)\n{NEVER}\nzip(node._children, node._local_grads) -> zip(node._children if len(node._children) == 2 else (), node._local_grads)": "only nodes with two children hand something on: " + SOME,
        f"{GRAD} local_grad": SHARE, f"{GRAD} node.grad": SHARE,
        f"{GRAD} local_grad * (node.grad or 1)": ZERO,
        f"{NEXT} node.grad = node.grad or 1": ZERO,
        DEPTH: AGAIN,
        DEPTH.replace("):", "):⏎        node.grad = 1", 1): "the function calls itself, and each call sets a `grad` to 1 again: only the root begins with 1.",
        f"{GRAD} local_grad * node.data": "multiply by the node's `grad`, not by its `data`.",
    },
    also=[
        when(lambda got, right: isinstance(right, dict) and not (
            isinstance(got, dict) and got.keys() == right.keys()), "no grad was written, but "
            "something came back: gradients are written, not returned, with `child.grad += ...`. "
            "(A function with `yield` runs only when it is looped over.)"),
        when(lambda got, right: got["L"] == 0 != right["L"], "the root's `grad` is 0 after the walk: it is set to 1 before the walk begins, and every `grad` is kept."),
        when(lambda got, right: got["L"] == 1 and not any(map(any, (v if isinstance(v, list) else [v] for k, v in got.items() if k != "L"))), "the root has its 1, and nothing arrived below it: what a child gets, `local_grad * node.grad`, is added to `child.grad`."),
        Cause(OVERWRITES, partial(in_some_order, adds=False)),
        Cause("a grad was handed on before it was complete, or not at all: each node has its turn once, after all that use it. (An order with children first is read from its end.)", in_some_order),
        raises(IndexError, "a node may have no children, one, two or many: go through them with a `for`.", "tuple index out of range"),
    ],
)  # fmt: skip
def my_backward(root):
    # how many shares will each node get?
    waits, stack = {root: 0}, [root]
    while stack:
        for child in stack.pop()._children:
            if child not in waits:
                waits[child] = 0
                stack.append(child)
            waits[child] += 1
    # hand on, but only what is complete
    root.grad, stack = 1, [root]
    while stack:
        node = stack.pop()
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            waits[child] -= 1
            if waits[child] == 0:
                stack.append(child)


XS, YS = [0, 1, 2, 3, 4], [1.2, 2.9, 5.1, 6.8, 9.0]
"""The five points of the chapter's straight line."""


def fit_losses(
    learning_rate: float, steps: int, *, b: float = 0.0, moves: bool = True, n: float = len(XS),
    kept: float = 0.0,
) -> list[float]:  # fmt: skip
    """Mean squared error of the line before each step of descent from w = b = 0, in floats.

    For what goes wrong: `b` stays where it is, the sum is divided by another `n`, gradients are
    ``kept``.
    """
    w, w_grad, b_grad, losses = 0.0, 0.0, 0.0, []
    for _ in range(steps):
        errors = [w * x + b - y for x, y in zip(XS, YS)]
        losses.append(sum(e * e for e in errors) / len(XS))
        w_grad = kept * w_grad + 2 * sum(e * x for e, x in zip(errors, XS)) / n
        b_grad = kept * b_grad + 2 * sum(errors) / n
        w -= learning_rate * w_grad
        b -= learning_rate * b_grad * moves
    return losses


RATE = 0.14
"""The largest learning rate with two decimals whose loss does not grow."""


@cache
def _known_rates() -> dict[float, str]:
    """The rates that come out where one thing is wrong, and that thing."""
    some: dict[float, list[str]] = {}
    wrong: dict[str, dict[str, Any]] = {
        "`b` stays 0": {"moves": False}, "`b` stays 1": {"b": 1.0, "moves": False},
        "the squares are added up, without their mean": {"n": 1}, "the 2 of the slope is missing": {"n": 2 * len(XS)},
        "gradients are not set to 0 before each step": {"kept": 1},
    }  # fmt: skip
    for words, changes in wrong.items():
        held = [rate / 100 for rate in range(1, 41) if _holds(rate / 100, changes)]
        some.setdefault(held[-1], []).append(words)
    return {
        rate: f" {rate} is what comes out where {' or '.join(words)}."
        for rate, words in some.items()
    }


def _holds(rate: float, changes: dict[str, Any]) -> bool:
    losses = fit_losses(rate, 61, **changes)
    return losses[-1] <= losses[0]


def _of_rate(rate: float) -> str:
    """What is said of another rate: where it, or one that is larger and still learns, leads."""
    tried = rate if rate > RATE else round(rate + 0.01, 2)
    losses = fit_losses(tried, 61)
    start, first, end = (format(losses[k], ".4g") for k in (0, 1, -1))
    way = f"the loss is {start} at the start, {first} after one step and {end} after all 60."
    way = way if rate > RATE else f"it learns, and so does {tried}: {way}"
    return way + _known_rates().get(rate, "")


prediction(
    "2.6", "How large a step?", difficulty=2, minutes=10, kind="experiment", extra=True,
    asked={"learning_rate": Asked(RATE, {k / 100: _of_rate(k / 100) for k in range(1, 101) if k / 100 != RATE}, also=(
        when(lambda got, _: is_number(got) and got <= 0, "a step against the slope needs a rate above 0. (Is the step taken *off* `w`? Is each rate given a fresh `w` and `b`?)"),
        when(lambda got, right: abs(got - 100 * right) < 1e-6, "so many hundredths: write the rate itself, with a decimal point."),
        when(lambda got, _: is_number(got) and round(got, 2) != got, "a rate with two decimals is asked for, such as 0.05."),
    ))},
)  # fmt: skip
