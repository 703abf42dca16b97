"""Check a reader's backward walk on graphs that catch each known mistake: exercise 2.5."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any

from classroom.exercises.kit.causes import Cause, Raised, outcome
from classroom.exercises.kit.checking import expect, expect_calls, gives, raises, remark, require
from classroom.exercises.kit.comparing import same, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.state import now
from classroom.exercises.kit.timeout import clock
from classroom.exercises.kit.verdicts import require_function
from classroom.exercises.shared import walks
from classroom.exercises.shared.walks import GRAPHS, Walk, grads_by, in_order
from microgpt.autograd import Value, topological_sort

DEEP = 5_000
"""Additions in a row: far more than Python allows nested calls."""
SLOW = 0.4
"""Seconds; a walk that looks things up in a set takes a tenth of it for the deep chain."""
TOO_EARLY = "a node handed its grad on before it had all of it: "
KNOWN: tuple[tuple[Walk, str], ...] = (
    (walks.overwriting, "looks like `=` where `+=` is needed: a node that is used twice keeps one "
     "share only."),
    (walks.forwards, "only the root's own children get a share: from the root down, each node must "
     "have its turn. (An order with children first has to be read from its end.)"),
    (walks.beginning_anew, "the function calls itself, and each call sets a `grad` to 1 again: "
     "only the root begins with 1."),
    (walks.without_order, TOO_EARLY + "the stack has no order."),
    (walks.forwards_on_a_stack, TOO_EARLY + "the stack has no order."),
    (walks.breadth_first, TOO_EARLY + "near the root is not enough."),
    (walks.again_and_again, "a node handed on more than once, the old part of its grad again each "
     "time."),
    (walks.again_in_depth, "a node handed on more than once, the old part of its grad again each "
     "time."),
    (walks.slopes_swapped, "each child gets the slope of the other: children and slopes go through "
     "`zip` in the same order."),
    (walks.two_children_only, "a node with one child, such as `exp` or `relu`, hands nothing on."),
    (walks.zero_becomes_one, "a grad of 0 is right where a ReLU is shut; it is not a missing one."),
    (in_order(lambda child, node, slope: slope), "each share is `local_grad * node.grad`, "
     "with the grad of the node whose turn it is."),
    (in_order(lambda child, node, slope: node.grad), "each share is `local_grad * node.grad`, "
     "with the grad of the node whose turn it is."),
    (walks.first_child_only, "only the first child gets a share: go through all of them."),
    (walks.all_pairs, "each child gets every slope: go through both at once, with `zip`."),
    (walks.all_begin_with_one, "only the root begins with 1; every other node with 0."),
    (walks.largest_share, "the shares are added up; the largest alone is kept."),
    (in_order(lambda child, node, slope: slope * node.grad**2), "the grad is not squared."),
    (in_order(lambda child, node, slope: slope * node.grad / len(node._children)), "each child "
     "gets its whole share; nothing is divided by the number of children."),
    (in_order(lambda child, node, slope: slope * node.grad, lambda root: 2), "the root's `grad` is "
     "1, not 2."),
    (in_order(lambda child, node, slope: slope + node.grad), "slope and grad are multiplied, not "
     "added."),
    (in_order(lambda child, node, slope: slope * node.data), "multiply by the node's `grad`, not "
     "by its `data`."),
    (in_order(lambda child, node, slope: slope * child.data), "multiply by the node's `grad`, not "
     "by the child's `data`."),
    (in_order(lambda child, node, slope: child.data * node.grad), "multiply by the slope in "
     "`_local_grads`, not by the child's `data`."),
    (in_order(lambda child, node, slope: -slope * node.grad), "the sign: nothing is subtracted on "
     "the way back."),
    (in_order(lambda child, node, slope: int(slope * node.grad)), "`int(...)` cuts the fractions "
     "off; slopes are rarely whole."),
    (in_order(lambda child, node, slope: round(slope * node.grad, 2)), "the shares are rounded; "
     "hand them on as they are."),
    (in_order(lambda child, node, slope: abs(slope) * node.grad), "a slope may be negative; `abs` "
     "takes its sign away."),
    (in_order(lambda child, node, slope: slope * node.grad, lambda root: root.data), "the root's "
     "`grad` is 1, not its `data`: if L grows by a hair, L grows by a hair."),
)  # fmt: skip
"""Wrong walks, and what is said of each."""


def check_walk(walk: Any) -> None:
    """Raise ``Wrong`` unless ``walk(root)`` does what ``root.backward()`` does.

    Parameters
    ----------
    walk : callable
        Takes the root; adds to the `grad` of every node below.
    """
    require_function(walk, [(Value(2.0),)])
    _require_arrival(walk)
    name = getattr(walk, "__name__", "my_backward")
    expect_calls(
        lambda graph: grads_by(walk, graph),
        lambda graph: grads_by(Value.backward, graph),
        cases=[(graph,) for graph in GRAPHS],
        causes=_causes(),
        show_as=f"{{0}}; {name}(L); [a.grad, b.grad]",
        may_change=True,
    )
    _check_root_and_inner(walk)
    _check_graph_is_kept(walk)
    _check_adds(walk)
    _check_memory(walk)
    _check_doubling(walk)
    _check_deep(walk)


def _require_arrival(walk: Walk) -> None:
    """Something must arrive at the leaves of the smallest graph; if nothing does, say why."""
    a, b = Value(2), Value(3)
    root = a * b
    returned = outcome(walk, (root,))
    if isinstance(returned, Raised) or a.grad or b.grad:
        return
    line = "a, b = Value(2), Value(3); L = a * b; my_backward(L); [a.grad, b.grad] "
    line += "gave [0, 0], expected [3, 2]."
    if returned is not None and returned is not root:
        found = f"it returned {show(returned)[:60]}"
        cause = "gradients are written, not returned: `child.grad += ...` on each child."
        raise Wrong(line, found + ".", cause=cause)
    if root.grad != 1:
        guess = f"the root's `grad` is {show(root.grad)} afterwards: set `root.grad = 1` before "
        guess += "the walk, on the root that the function is given."
        raise Wrong(line, guess=guess)
    guess = "nothing arrived at the children: the root has its turn first, and `child.grad += ...`."
    raise Wrong(line, guess=guess)


def _causes() -> list[Cause]:
    causes = [
        gives(lambda graph, wrong=wrong: grads_by(wrong, graph), text)  # type: ignore[misc]
        for wrong, text in KNOWN
    ]
    return [*causes, *_raised(), _unordered()]


def _raised() -> list[Cause]:
    return [
        raises(AttributeError, "`node._children` holds nodes, and `node._local_grads` plain "
               "numbers: go through both with `zip`.", "'float' object has no attribute"),
        raises(AttributeError, "`node._children` holds nodes, and `node._local_grads` plain "
               "numbers: go through both with `zip`.", "'int' object has no attribute"),
        raises(TypeError, "the sort itself is not called: `my_sort(root)`.", "'function' object"),
        raises(AttributeError, "the fields are `_children` and `_local_grads`, with an underscore.",
               "'Value' object has no attribute"),
        raises(IndexError, "`pop` on an empty stack: the loop runs `while stack:`.", "pop from"),
        raises(IndexError, "a node has two children, or one, or none: go through them with `zip`."),
        raises(ValueError, "a node has two children, or one, or none: go through them with `zip`.",
               "to unpack"),
    ]  # fmt: skip


MOST = 7
"""Inner nodes whose orders, 5,040 of them, are all tried."""


def _unordered() -> Cause:
    """The answer is what one gets if each node hands on once, in some wrong order."""

    def fits(attempt: Any) -> bool | None:
        if not isinstance(attempt.got, list):
            return False
        a, b = Value(2), Value(3)
        root = attempt.args[0](a, b)
        inner = [node for node in topological_sort(root) if node._children]
        if len(inner) > MOST:
            return None
        return any(
            same(_in_this_order(order, root, a, b), attempt.got) for order in permutations(inner)
        )

    return Cause(fits=fits, text=TOO_EARLY + "its users come later in your order (a set has none).")


def _in_this_order(order: Sequence[Value], root: Value, a: Value, b: Value) -> list[float]:
    grads: dict[Value, float] = {root: 1}
    for node in order:
        for child, local_grad in zip(node._children, node._local_grads):
            grads[child] = grads.get(child, 0) + local_grad * grads.get(node, 0)
    return [grads.get(a, 0), grads.get(b, 0)]


def _check_root_and_inner(walk: Walk) -> None:
    a, b = Value(2), Value(3)
    c = a * b
    loss = c + a
    walk(loss)
    expect("L.grad", loss.grad, 1, causes=[gives(2, "the root is visited twice.")])
    expect("c.grad of c = a * b; L = c + a", c.grad, 1, causes=[
        gives(0, "the grads of inner nodes were emptied; `backward` leaves them.")
    ])  # fmt: skip


def _state(root: Value) -> list[tuple[Any, ...]]:
    nodes = topological_sort(root)
    return [(n.data, tuple(n._children), tuple(n._local_grads)) for n in nodes]


def _check_graph_is_kept(walk: Walk) -> None:
    a, b = Value(2), Value(3)
    c = a * b
    loss = c * c + c
    before = _state(loss)
    walk(loss)
    require(
        _state(loss) == before,
        "a, b = Value(2), Value(3); L = a * b + a; my_backward(L) changed the graph.",
        "`data`, `_children` and `_local_grads` stay as they are; only `grad` is written.",
    )


MEMORY = (
    "something is kept from one call to the next: the order or the set of seen nodes must be made "
    "anew inside the function."
)


def _check_memory(walk: Walk) -> None:
    """A second walk knows nothing of the first, though they share a node."""
    a, b = Value(2), Value(3)
    c = a * b
    walk(c + a)
    first = a.grad
    d, e = Value(5), Value(7)
    walk(d * e)
    expect("a.grad after another graph, of d and e, was walked", a.grad, first, causes=[
        gives(lambda: a.grad, MEMORY)
    ])  # fmt: skip
    a, b, right_a, right_b = Value(2), Value(3), Value(2), Value(3)
    for leaves, run in (((a, b), walk), ((right_a, right_b), Value.backward)):
        c = leaves[0] * leaves[1]
        run(c + leaves[0])
        c.grad = 0
        run(c * c)
    text = "a.grad after L = c + a and then L = c * c was walked, with the same c = a * b"
    expect(text, a.grad, right_a.grad, causes=[gives(lambda: a.grad, MEMORY)])


def _check_adds(walk: Walk) -> None:
    """A second graph over the same leaves, and the same graph twice: the gradients accumulate."""
    a, b = Value(2), Value(3)
    walk(a * b + a)
    walk(a * b + a)
    emptied = "grads were emptied; `backward` adds, and emptying is the caller's business."
    text = "a.grad after L = a * b + a was built and walked twice"
    expect(text, a.grad, 8, causes=[gives(4, emptied), gives(15, MEMORY)])
    _check_same_graph(walk)


def _check_same_graph(walk: Walk) -> None:
    """The same graph twice: inner nodes keep what they had. 8 for `a` is another fair reading."""
    a, b = Value(2), Value(3)
    c = a * b
    loss = c + a
    walk(loss)
    walk(loss)
    text = " after c = a * b; L = c + a was built once and walked twice"
    emptied = "the grads of inner nodes were emptied; `backward` adds to every one."
    if c.grad == 2 and a.grad == 8:
        remark("walked twice, `root.backward()` hands the old gradient of c on again: 11, not 8.")
        return
    expect("a.grad" + text, a.grad, 11, causes=[
        gives(15, "`root.grad` is set to 1, not raised by 1: in the second walk it would be 2."),
        gives(8, emptied),
        gives(4, MEMORY),
    ])  # fmt: skip
    expect("c.grad" + text, c.grad, 2, causes=[gives(1, emptied)])


def _check_doubling(walk: Walk) -> None:
    """``x = x + x``, 40 times: 41 nodes, but a path for each of 2**40 ways."""
    a = Value(1.0)
    x = a
    for _ in range(40):
        x = x + x
    text = "a.grad after x = x + x, 40 times"
    cause = "each of the 2**40 paths is walked by itself: let a node hand on once, all it has."
    now.report = lambda: Wrong(f"{text}, did not finish.", cause=cause)
    expect(text, lambda: _grad_after(walk, x, a), 2.0**40)
    now.report = None


def _check_deep(walk: Walk) -> None:
    """A chain too deep for recursion, and too long to be searched through."""
    a = Value(1.0)
    x = a
    for _ in range(DEEP):
        x = x + 1
    text = f"a.grad after a chain of {DEEP:,} additions"
    search = "`in` searches a list from its start each time: keep the seen nodes in a set."
    now.report = lambda: Wrong(f"{text}: it did not finish.", cause=search)
    began = clock()
    cause = f"a chain of {DEEP:,} additions is too deep for a function that calls itself."
    expect(
        text,
        lambda: _grad_after(walk, x, a),
        1,
        causes=[raises(RecursionError, f"{cause} Keep a stack of your own.")],
    )
    if clock() - began > SLOW:
        remark(search)
    now.report = None
    require(math.isclose(x.grad, 1), "the root of a deep chain has no grad of 1.")


def _grad_after(walk: Walk, root: Value, leaf: Value) -> float:
    walk(root)
    return leaf.grad


__all__ = ["DEEP", "KNOWN", "check_walk"]
