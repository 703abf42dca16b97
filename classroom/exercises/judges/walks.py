"""Graphs to try a sort and a backward walk on, and what must hold of both: exercises 2.2, 2.5."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import permutations
from typing import Any

from classroom.exercises.judges.nodes import Expression, by_name
from classroom.exercises.kit.causes import Attempt, Cause, gives, raises
from classroom.exercises.kit.checking import expect, require
from classroom.exercises.kit.comparing import same, show
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.state import now, remark
from classroom.exercises.kit.timeout import clock
from microgpt.autograd import Value, dot, topological_sort, total

Walk = Callable[[Any], Any]
DEEP = 5_000
"""Additions in a row: far more than Python allows nested calls."""
DOUBLINGS = 40
"""Nodes in a row, each used twice by the next: 2**40 paths."""
SLOW = 0.4
"""Seconds; a walk that looks things up in a set takes a tenth of it for the deep chain."""
STRANGER = "a node that is not in this graph"
PATHS = "each of the 2**40 paths is walked by itself: let a node have its turn once."
TOO_DEEP = (
    f"a chain of {DEEP:,} additions is too deep for a function that calls itself. Keep a stack of "
    "your own."
)


class Graph(Expression):
    """Lines that make a graph with the root L."""

    def __call__(self, make: Any = Value) -> dict[str, Any]:
        """The nodes and lists of nodes, by their names."""
        space: dict[str, Any] = {}
        exec(self.text, {"Value": make, "dot": dot, "total": total}, space)  # one of ours
        return space


def graphs(*codes: str) -> list[tuple[Graph]]:
    """Cases, over a = 2 and b = 3 where the lines do not say otherwise."""
    start = "a, b = Value(2), Value(3); "
    return [(Graph(code if "Value" in code else start + code),) for code in codes]


def drawn(draw: Draw, steps: int) -> tuple[Graph]:
    """A graph with minus signs, shut ReLUs, shared nodes and a root of many children."""
    lines = ["a, b = {}, {}".format(*(f"Value({x})" for x in draw.numbers(2)))]
    names, free = ["a", "b"], {"a", "b"}
    for new in "cdefghij"[:steps]:
        one, other = draw.choice(names), draw.choice(names)
        kinds = ("{0} + {1}", "{0} * {1}", "({0} - {1}).relu()", f"{{0}} * {draw.number()}",
                 "{0} - {1}", "dot([{0}, a], [b, {1}])")  # fmt: skip
        lines.append(f"{new} = {draw.choice(kinds).format(one, other)}")
        names.append(new)
        free = (free - {one, other}) | {new}
    return (Graph("; ".join([*lines, f"L = total([{', '.join([*sorted(free), 'a', 'b'])}])"])),)


def gradients(walk: Walk, graph: Graph, make: Any = Value) -> Any:
    """Each node's grad after a walk from L, by its name; what came back if nothing arrived."""
    nodes = graph(make)
    returned = walk(nodes["L"])
    every = {name: _grads(node) for name, node in nodes.items()}
    if returned is None or any(node.grad for node in topological_sort(nodes["L"])):
        return every
    return returned


def _grads(thing: Any) -> Any:
    return [node.grad for node in thing] if isinstance(thing, list) else thing.grad


MOST = 6
"""Inner nodes whose orders, 720 of them, are all tried."""


def in_some_order(attempt: Attempt, adds: bool = True) -> bool | None:
    """Whether gradients are what comes out if each node hands on once, in some order.

    What a child is handed is added to what it has, or replaces that.
    """
    nodes = attempt.args[0]()
    below = topological_sort(nodes["L"])
    inner = [node for node in below if node._children]
    if len(inner) > MOST:
        return None
    for order in permutations(inner):
        for node in below:
            node.grad = int(node is nodes["L"])
        for node in order:
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad = adds * child.grad + local_grad * node.grad
        if same(attempt.got, {name: _grads(node) for name, node in nodes.items()}):
            return True
    return False


def named(graph: Graph) -> dict[str, Value]:
    """The nodes of a graph by their names, one without a name by its number; children first."""
    nodes = graph()
    known = {id(node): name for name, node in nodes.items()}
    names: dict[str, Value] = {}
    for node in topological_sort(nodes["L"]):
        name = known.get(id(node), f"({show(node.data)})")
        while name in names:
            name += "'"
        names[name] = node
    return names


def order_of(sort: Walk, graph: Graph) -> Any:
    """The names of the nodes in a sort's order; the usual order where that is a right one."""
    nodes = named(graph)
    usual = [*nodes.values()]
    got = sort(nodes["L"])
    if not isinstance(got, (list, tuple)):
        return got
    if _is_order(got, usual):
        return list(nodes)
    return by_name(got, {id(node): name for name, node in nodes.items()}, STRANGER)


def _is_order(got: Any, usual: Sequence[Value]) -> bool:
    place = {id(node): index for index, node in enumerate(got)}
    if len(got) != len(usual) or {id(node) for node in usual} != place.keys():
        return False
    return all(place[id(c)] < place[id(node)] for node in usual for c in node._children)


Test = Callable[[list[str], dict[str, Value]], Any]


def of_order(text: str, test: Test) -> Cause:
    """Cause that fits if a test of an order of names, and of the nodes by their names, holds."""

    def fits(attempt: Attempt) -> bool:
        got, nodes = attempt.got, named(attempt.args[0])
        known = isinstance(got, list) and all(each in (*nodes, STRANGER) for each in got)
        return known and bool(test(got, nodes))

    return Cause(text, fits)


def one_of_equals(order: list[str], nodes: Mapping[str, Value]) -> bool:
    """Whether nodes are missing, and for each one with the same number is there."""
    there = [nodes[name].data for name in order if name in nodes]
    lost = {node.data for name, node in nodes.items() if name not in order}
    return bool(lost) and len({*there}) == len(order) and lost <= {*there}


def early(order: list[str], nodes: Mapping[str, Value]) -> bool:
    """Whether all nodes are there once, and one of them before a child of its own."""
    complete = sorted(order) == sorted(nodes)
    return complete and not _is_order([nodes[name] for name in order], [*nodes.values()])


def check_large_sorts(sort: Walk) -> None:
    """Few nodes with very many paths, and a chain too deep for recursion; nothing is changed."""
    reads = "sorting only reads it: `data`, `grad` and `_children` stay as they are."
    root = _require_graph_kept(sort, "sort_nodes", reads)
    require(
        _is_order(sort(root), topological_sort(root)),
        f"{SMALL.text}; sort_nodes(L) is right the first time; called again, with the same L, it "
        "gave another list.",
        MEMORY,
    )

    def sorted_well(x: Value) -> str:
        return fine if _is_order(sort(x), topological_sort(x)) else "another order"

    fine = "each node once, after its children"
    many = reduce(lambda x, _: x * x, range(DOUBLINGS), Value(1.0))
    text = f"sort_nodes(x) after x = x * x, {DOUBLINGS} times"
    _expect_large(text, lambda: sorted_well(many), fine, PATHS)
    deep = reduce(lambda x, _: x + 1, range(DEEP), Value(0))
    text = f"sort_nodes(x) after x = x + 1, {DEEP:,} times"
    _expect_large(text, lambda: sorted_well(deep), fine)


SMALL = Graph("a, b = Value(2), Value(3); L = a * b + a")


def _require_graph_kept(walk: Walk, name: str, cause: str) -> Value:
    """A small graph after a walk, which may have changed its grads alone, or nothing."""

    def state() -> list[tuple[Any, ...]]:
        nodes = topological_sort(root)
        return [(n.data, len(n._children), tuple(n._local_grads)) for n in nodes]

    root = SMALL()["L"]
    before = state()
    walk(root)
    require(state() == before, f"{SMALL.text}; {name}(L) changed the graph.", cause)
    return root


def _expect_large(text: str, got: Callable[[], Any], expected: Any, slow: str = "") -> None:
    """Expect what comes of a large graph; what takes too long there may have one cause only."""
    now.report = (lambda: Wrong(f"{text}, did not finish.", cause=slow)) if slow else None
    expect(text, got, expected, causes=[raises(RecursionError, TOO_DEEP)])
    now.report = None


MEMORY = (
    "something is kept from one call to the next: the order or the set of seen nodes must be made "
    "anew inside the function."
)
EMPTIED = "grads were emptied or overwritten; `backward` adds, and emptying is the caller's part."


def check_walk_again(walk: Walk, make: Any = Value) -> None:
    """What one walk over a small graph does not show: a second walk, depth, many paths."""

    def grad_after(root: Value) -> float:
        walk(root)
        return a.grad

    if make is Value:
        kept = "`data`, `_children` and `_local_grads` stay as they are; only `grad` is written."
        _require_graph_kept(walk, "my_backward", kept)
    _check_adds(walk, make)
    a = make(1.0)
    many = reduce(lambda x, _: x + x, range(DOUBLINGS), a)
    text = f"a.grad after x = x + x, {DOUBLINGS} times"
    _expect_large(text, lambda: grad_after(many), 2.0**DOUBLINGS, PATHS)
    a = make(1.0)
    deep = reduce(lambda x, _: x + 1, range(DEEP), a)
    began = clock()
    _expect_large(f"a.grad after a chain of {DEEP:,} additions", lambda: grad_after(deep), 1)
    if clock() - began > SLOW:
        remark("`in` searches a list from its start each time: keep the seen nodes in a set.")


def _check_adds(walk: Walk, make: Any) -> None:
    """A second graph over the same leaves, and the same graph twice: the gradients accumulate."""
    a, b = make(2), make(3)
    walk(a * b + a)
    walk(a * b + a)
    expect("a.grad after L = a * b + a was built and walked twice", a.grad, 8,
           causes=[gives(4, EMPTIED), gives(15, MEMORY)])  # fmt: skip
    a, b = make(2), make(3)
    c = a * b
    loss = c + a
    walk(loss)
    walk(loss)
    text = " after c = a * b; L = c + a was built once and walked twice"
    if c.grad == 2 and a.grad == 8:  # another fair reading
        remark("walked twice, `root.backward()` hands the old gradient of c on again: 11, not 8.")
        return
    expect("a.grad" + text, a.grad, 11, causes=[
        gives(15, "`root.grad` is set to 1, not raised by 1: in the second walk it would be 2."),
        gives(8, "the grads of inner nodes were emptied; `backward` adds to every one."),
        gives(4, "a part of the second walk is missing: no node may be left out because it had its "
              "turn in an earlier call, or has a grad already."),
    ])  # fmt: skip
    expect("c.grad" + text, c.grad, 2, causes=[gives(1, EMPTIED)])
