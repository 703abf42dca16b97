"""Check a reader's topological sort on graphs that catch each known mistake (2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.kit.causes import Raised, outcome
from classroom.exercises.kit.checking import now
from classroom.exercises.kit.comparing import show
from classroom.exercises.kit.errors import Wrong, wrong_because_raised
from classroom.exercises.kit.verdicts import require_function
from microgpt.autograd import Value, topological_sort

DEEP = 5_000
"""Additions in a row: far more than Python allows nested calls."""
DOUBLINGS = 40
"""Squarings in a row: 41 nodes, and 2**40 paths between the ends."""
Graph = tuple[str, Callable[[], tuple[Value, dict[str, Value]]]]


def _leaf() -> tuple[Value, dict[str, Value]]:
    a = Value(2)
    return a, {"a": a}


def _running() -> tuple[Value, dict[str, Value]]:
    a, b = Value(2), Value(3)
    c = a * b
    loss = c + a
    return loss, {"a": a, "b": b, "c": c, "L": loss}


def _uneven() -> tuple[Value, dict[str, Value]]:
    a, b = Value(2), Value(3)
    c = a * b
    square = c * c
    loss = square + a
    return loss, {"a": a, "b": b, "c": c, "square": square, "L": loss}


def _twice() -> tuple[Value, dict[str, Value]]:
    a = Value(2)
    loss = a + a
    return loss, {"a": a, "L": loss}


def _square_first() -> tuple[Value, dict[str, Value]]:
    a, b = Value(2), Value(3)
    c = a * b
    square = c * c
    loss = square + c
    return loss, {"a": a, "b": b, "c": c, "square": square, "L": loss}


def _square_last() -> tuple[Value, dict[str, Value]]:
    a, b = Value(2), Value(3)
    c = a * b
    square = c * c
    loss = c + square
    return loss, {"a": a, "b": b, "c": c, "square": square, "L": loss}


def _equal_numbers() -> tuple[Value, dict[str, Value]]:
    a, b = Value(2), Value(2)
    c = a * b
    d = c.exp()
    loss = d * c
    return loss, {"a": a, "b": b, "c": c, "d": d, "L": loss}


GRAPHS: tuple[Graph, ...] = (
    ("a = Value(2)", _leaf),
    ("c = a * b; square = c * c; L = square + a", _uneven),
    ("L = a + a", _twice),
    ("c = a * b; L = c + a", _running),
    ("c = a * b; square = c * c; L = square + c", _square_first),
    ("c = a * b; square = c * c; L = c + square", _square_last),
    ("a, b = Value(2), Value(2); c = a * b; d = c.exp(); L = d * c", _equal_numbers),
)


def check_sort(sort: Any) -> None:
    """Raise ``Wrong`` unless ``sort(root)`` lists each node once, after all of its children.

    Parameters
    ----------
    sort : callable
        Takes the root; returns a list of nodes. Any topological order is right.
    """
    require_function(sort, [(Value(2.0),)])
    _earlier.clear()
    for text, make in GRAPHS:
        root, names = make()
        _judge(sort, text, root, {id(node): name for name, node in names.items()})
    _check_ladder(sort)
    _check_chain(sort)


_earlier: list[Value] = []
"""Nodes of the graphs that were tried before, in this check."""


def _judge(sort: Any, text: str, root: Value, names: dict[int, str]) -> None:
    """One small graph: the list as names, and what is wrong with it."""
    before = [(n.data, n.grad, tuple(n._children)) for n in topological_sort(root)]
    call = f"{getattr(sort, '__name__', 'sort_nodes')}({names[id(root)]}) for {text}"
    now.doing = call
    got = outcome(sort, (root,))
    if isinstance(got, Raised):
        raise wrong_because_raised(call, got.error, _why_raised(got.error))
    order = _as_list(call, got)
    said = [names.get(id(node), show(node)) for node in order]
    wrong = _first_fault(order, said, root, names)
    if wrong:
        right = [names[id(node)] for node in topological_sort(root)]
        line = f"{call} gave [{', '.join(said)}]; one right order is [{', '.join(right)}]."
        raise Wrong(line, cause=wrong)
    _earlier.extend(topological_sort(root))
    after = [(n.data, n.grad, tuple(n._children)) for n in topological_sort(root)]
    if before != after:
        cause = "sorting only reads the graph: `data`, `grad` and `_children` stay as they are."
        raise Wrong(f"{call} changed the graph.", cause=cause)
    now.passed += 1


def _why_raised(error: BaseException) -> str:
    text = str(error)
    if isinstance(error, RecursionError):
        return "the function calls itself without end: a node that is in already must be left out."
    if isinstance(error, KeyError):
        return "a dict or set was asked for a node that is not in it."
    if isinstance(error, IndexError) and "pop" in text:
        return (
            "`pop` found the stack empty: a node is taken off more than once, or the loop does not "
            "ask `while stack:`."
        )
    if isinstance(error, TypeError) and "item assignment" in text:
        return "a set takes no `[...] = ...`: use its `add`, or a dict."
    if isinstance(error, AttributeError) and "'list' object" in text:
        return "a list is on the stack: `append` puts one thing on it, `+=` each of several."
    if isinstance(error, IndexError):
        return "an entry was read that is not there; a leaf has no children, an empty stack no top."
    if isinstance(error, AttributeError) and "'Value' object has no attribute" in text:
        return "the field is called `_children`, with an underscore."
    if isinstance(error, TypeError) and ("not iterable" in text or "a float, not [" in text):
        return "`+=` on a list takes a list; a single node goes on with `append`."
    if isinstance(error, RuntimeError) and "changed size" in text:
        return "a dict or set grows while a `for` goes through it: use a `while` and a stack."
    return ""


def _as_list(call: str, got: Any) -> list[Any]:
    if isinstance(got, (list, tuple)):
        return list(got)
    if isinstance(got, dict):
        raise Wrong(f"{call} gave a dict.", cause="a list is asked for: `list(order)`.")
    if isinstance(got, (set, frozenset)):
        cause = "a set has no order; keep a list beside it, or use a dict, which has one."
        raise Wrong(f"{call} gave a set.", cause=cause)
    if got is None:
        cause = "nothing is returned: `return` the list, after the loop."
        raise Wrong(f"{call} gave None.", cause=cause)
    if hasattr(got, "__next__"):
        raise Wrong(
            f"{call} gave a {type(got).__name__}.", cause="make it a list with `list(...)`."
        )
    raise Wrong(f"{call} gave {show(got)}.", cause="a list of the nodes is asked for.")


def _first_fault(
    order: Sequence[Any], said: Sequence[str], root: Value, names: dict[int, str]
) -> str:
    """What is wrong with an order, in words; empty if nothing is."""
    for test in (_strangers, _doubles, _missing, _early):
        found = test(order, said, root, names)
        if found:
            return found
    return ""


def _strangers(
    order: Sequence[Any], _said: Sequence[str], root: Value, names: dict[int, str]
) -> str:
    nodes = topological_sort(root)
    for each in order:
        if id(each) in names:
            continue
        if isinstance(each, bool):
            return "those are the values of your dict; its keys are the nodes."
        if isinstance(each, (int, float)) and any(each == node.data for node in nodes):
            return "those are the numbers of the nodes; the nodes themselves are asked for."
        if isinstance(each, tuple):
            return "pairs came out; put only the node into the order."
        if isinstance(each, list):
            return "a list inside the list: `append` adds one thing, `+=` each of several."
        if any(each is old for old in _earlier):
            return (
                "nodes of an earlier call are in it: a list or dict is kept from one call to the "
                "next. Make it anew inside the function."
            )
        if isinstance(each, Value):
            return "a node in it is not of this graph: put the nodes themselves in, no copies."
        return f"{show(each)} is no node."
    return ""


def _doubles(
    order: Sequence[Any], said: Sequence[str], _root: Value, _names: dict[int, str]
) -> str:
    twice = [name for name, count in Counter(said).items() if count > 1]
    if not twice:
        return ""
    return f"`{twice[0]}` is in the list twice: before a node is written down, ask if it is in."


def _missing(order: Sequence[Any], said: Sequence[str], root: Value, names: dict[int, str]) -> str:
    missing = [name for key, name in names.items() if name not in said]
    if not missing:
        return ""
    if names[id(root)] in missing:
        if len(missing) == 1:
            return "the root itself is missing; it comes last."
        return f"{_listed(missing)} missing, the root too: is the `return` inside the loop?"
    leaves = {names[id(n)] for n in topological_sort(root) if not n._children}
    if set(missing) == leaves:
        return f"{_listed(missing)} missing, the leaves: a node without children counts, too."
    near = {names[id(child)] for child in root._children} | {names[id(root)]}
    if set(said) <= near:
        return "only the root and its own children are there; their children have children, too."
    by_number = {node.data for node in order}
    if all(n.data in by_number for n in topological_sort(root) if names[id(n)] in missing):
        return f"`{missing[0]}` is missing: a node with an equal number is another node."
    return f"{_listed(missing)} missing: go on until the stack is empty, for *each* child."


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    if len(quoted) == 1:
        return f"{quoted[0]} is"
    return f"{', '.join(quoted[:-1])} and {quoted[-1]} are"


def _early(order: Sequence[Any], said: Sequence[str], root: Value, names: dict[int, str]) -> str:
    place = {id(node): index for index, node in enumerate(order)}
    early = [
        (names[id(node)], names[id(child)])
        for node in order
        for child in node._children
        if place[id(child)] > place[id(node)]
    ]
    if not early:
        return ""
    node, child = early[0]
    fault = f"`{node}` comes before its child `{child}`"
    if place[id(root)] == 0:
        turned = {id(each): index for index, each in enumerate(order[::-1])}
        fine = all(turned[id(c)] < turned[id(n)] for n in order for c in n._children)
        if fine and len(order) > 1:
            return f"{fault}: parents first. Reverse the list, or write a node after its children."
        return (
            f"{fault}: it was written down as soon as it was met. A node's turn comes when all of "
            "its children are in."
        )
    return f"{fault}: it was written down before *all* of its children were in."


def _check_ladder(sort: Any) -> None:
    """``x = x * x`` again and again: few nodes, and a path for each of 2**n ways."""
    x = Value(1.0)
    for _ in range(DOUBLINGS):
        x = x * x
    call = f"sort_nodes(x) after x = x * x, {DOUBLINGS} times"
    many = "each of the 2**40 paths is walked by itself: ask first if a node is in already."
    now.report = lambda: Wrong(f"{call} did not finish.", cause=many)
    _judge_large(sort, call, x, "")
    now.report = None


def _check_chain(sort: Any) -> None:
    """A chain too deep for recursion, and too long for a search through a list."""
    x = Value(0)
    for _ in range(DEEP):
        x = x + 1
    call = f"sort_nodes(x) after x = x + 1, {DEEP:,} times"
    _judge_large(
        sort,
        call,
        x,
        f"a chain of {DEEP:,} additions is too deep for a function that calls itself: "
        "keep a stack of your own.",
    )


def _judge_large(sort: Any, call: str, root: Value, too_deep: str) -> None:
    now.doing = call
    got = outcome(sort, (root,))
    if isinstance(got, Raised):
        cause = too_deep if isinstance(got.error, RecursionError) else _why_raised(got.error)
        raise wrong_because_raised(call, got.error, cause)
    order = _as_list(call, got)
    nodes = topological_sort(root)
    if len(order) != len(nodes):
        raise Wrong(
            f"{call} gave {len(order):,} nodes, expected {len(nodes):,}.",
            cause="each node is listed once.",
        )
    place = {id(node): index for index, node in enumerate(order)}
    if any(place[id(c)] > place[id(n)] for n in nodes for c in n._children):
        raise Wrong(f"{call} gave a node before its child.")
    now.passed += 1
