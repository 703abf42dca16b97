"""Graphs to try a sort and a backward walk on, and what must hold of both: exercises 2.2, 2.5."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from classroom.exercises.kit.causes import Attempt, Cause, raises
from classroom.exercises.kit.checking import expect, gives, remark, require
from classroom.exercises.kit.comparing import same, show
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.state import now
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


@dataclass(frozen=True)
class Graph:
    """Lines that make a graph with the root L: shown as they are, called they make it anew."""

    code: str
    make: Any = Value

    @property
    def __name__(self) -> str:  # what a check prints
        return self.code

    def __call__(self) -> dict[str, Any]:
        """The nodes and lists of nodes, by their names."""
        space: dict[str, Any] = {}
        exec(self.code, {"Value": self.make, "dot": dot, "total": total}, space)  # one of ours
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


def gradients(walk: Walk, graph: Graph) -> Any:
    """Each node's grad after a walk from L, by its name; what came back if nothing arrived."""
    nodes = graph()
    returned = walk(nodes["L"])
    every = {name: _grads(node) for name, node in nodes.items()}
    if returned is None or any(node.grad for node in topological_sort(nodes["L"])):
        return every
    return returned


def _grads(thing: Any) -> Any:
    return [node.grad for node in thing] if isinstance(thing, list) else thing.grad


MOST = 6
"""Inner nodes whose orders, 720 of them, are all tried."""


def in_some_order(attempt: Attempt) -> bool | None:
    """Whether gradients are what comes out if each node hands on once, in some order."""
    return _comes_of(attempt, lambda had, share: had + share, lambda order: True)


def overwritten(attempt: Attempt) -> bool | None:
    """Whether each node has the last of its shares alone, in some right order."""

    def is_right(order: Sequence[Any]) -> bool:
        place = {node: at for at, node in enumerate(order)}
        return all(place[n] < place[c] for n in order for c in n._children if c in place)

    return _comes_of(attempt, lambda had, share: share, is_right)


def _comes_of(
    attempt: Attempt, receive: Callable[[Any, Any], Any], is_tried: Callable[[Sequence[Any]], bool]
) -> bool | None:
    if not isinstance(attempt.got, dict):
        return False
    nodes = attempt.args[0]()
    below = topological_sort(nodes["L"])
    inner = [node for node in below if node._children]
    if len(inner) > MOST:
        return None
    for order in filter(is_tried, permutations(inner)):
        for node in below:
            node.grad = 0
        nodes["L"].grad = 1
        for node in order:
            for child, local_grad in zip(node._children, node._local_grads):
                child.grad = receive(child.grad, local_grad * node.grad)
        if same(attempt.got, {name: _grads(node) for name, node in nodes.items()}):
            return True
    return False


def order_of(sort: Walk, graph: Graph) -> Any:
    """The names of the nodes in a sort's order; the usual order where that is a right one."""
    nodes = graph()
    root, usual = nodes["L"], topological_sort(nodes["L"])
    names = _names(nodes, usual)
    got = sort(root)
    if not isinstance(got, (list, tuple)):
        return got
    if _is_order(got, usual):
        return list(names.values())
    return [names.get(id(e), STRANGER if isinstance(e, Value) else _inner(e, names)) for e in got]


def _inner(thing: Any, names: Mapping[int, str]) -> Any:
    if isinstance(thing, (list, tuple)):
        return tuple(names.get(id(each), each) for each in thing)
    return thing


def _names(nodes: Mapping[str, Any], usual: list[Value]) -> dict[int, str]:
    """The name of each node, and for one without a name its number."""
    known = {id(node): name for name, node in nodes.items()}
    names: dict[int, str] = {}
    for node in usual:
        name = known.get(id(node), f"({show(node.data)})")
        while name in names.values():
            name += "'"
        names[id(node)] = name
    return names


def _is_order(got: Any, usual: list[Value]) -> bool:
    place = {id(node): index for index, node in enumerate(got)}
    if len(got) != len(usual) or {id(node) for node in usual} != place.keys():
        return False
    return all(place[id(c)] < place[id(node)] for node in usual for c in node._children)


Test = Callable[[list[str], dict[str, list[str]]], Any]


def of_order(text: str, test: Test) -> Cause:
    """Cause that fits if a test of the names, and of the names of each node's children, holds."""

    def fits(attempt: Attempt) -> bool:
        got = attempt.got
        if not isinstance(got, list) or not all(isinstance(each, str) for each in got):
            return False
        nodes = attempt.args[0]()
        names = _names(nodes, topological_sort(nodes["L"]))
        every = {
            names[id(n)]: [names[id(c)] for c in n._children] for n in topological_sort(nodes["L"])
        }
        return set(got) <= {*every, STRANGER} and bool(test(got, every))

    return Cause(text, fits)


def one_of_equals(attempt: Attempt) -> bool:
    """Whether nodes are missing, and for each one with the same number is there."""
    nodes, got = attempt.args[0](), attempt.got
    usual = topological_sort(nodes["L"])
    data = {name: node.data for name, node in zip(_names(nodes, usual).values(), usual)}
    if not isinstance(got, list) or not {*map(str, got)} < {*data}:
        return False
    there = [data[str(name)] for name in got]
    lost = [data[name] for name in data if name not in got]
    return len({*there}) == len(there) and {*lost} <= {*there}


def early(order: list[str], children: Mapping[str, list[str]]) -> bool:
    """Whether all nodes are there once, and one of them before a child of its own."""
    place = {name: index for index, name in enumerate(order)}
    complete = len(order) == len(children) and place.keys() == children.keys()
    return complete and any(place[c] > place[n] for n in order for c in children[n])


def _doubled(start: Any, add: Callable[[Any], Any], times: int) -> Any:
    x = start
    for _ in range(times):
        x = add(x)
    return x


def check_large_sorts(sort: Walk) -> None:
    """Few nodes with very many paths, and a chain too deep for recursion; nothing is changed."""
    reads = "sorting only reads it: `data`, `grad` and `_children` stay as they are."
    root = _require_graph_kept(sort, "sort_nodes", reads)
    require(
        _is_order(sort(root), topological_sort(root)),
        f"{SMALL}sort_nodes(L) is right the first time; called again, with the same L, it gave "
        "another list.",
        MEMORY,
    )
    many = _doubled(Value(1.0), lambda x: x * x, DOUBLINGS)
    _large(sort, f"sort_nodes(x) after x = x * x, {DOUBLINGS} times", many, PATHS)
    deep = _doubled(Value(0), lambda x: x + 1, DEEP)
    _large(sort, f"sort_nodes(x) after x = x + 1, {DEEP:,} times", deep, "")


SMALL = "a, b = Value(2), Value(3); L = a * b + a; "


def _require_graph_kept(walk: Walk, name: str, cause: str) -> Value:
    """A small graph after a walk, which may have changed its grads alone, or nothing."""
    a, b = Value(2), Value(3)
    root = a * b + a
    before = _state(root)
    walk(root)
    require(_state(root) == before, f"{SMALL}{name}(L) changed the graph.", cause)
    return root


def _large(sort: Walk, text: str, root: Value, slow: str) -> None:
    if slow:
        now.report = lambda: Wrong(f"{text} did not finish.", cause=slow)
    fine = "each node once, after its children"

    def sorted_well() -> str:
        return fine if _is_order(sort(root), topological_sort(root)) else "another order"

    expect(text, sorted_well, fine, causes=[raises(RecursionError, TOO_DEEP)])
    now.report = None


def _state(root: Value) -> list[tuple[Any, ...]]:
    return [(n.data, len(n._children), tuple(n._local_grads)) for n in topological_sort(root)]


MEMORY = (
    "something is kept from one call to the next: the order or the set of seen nodes must be made "
    "anew inside the function."
)
EMPTIED = "grads were emptied or overwritten; `backward` adds, and emptying is the caller's part."


def check_walk_again(walk: Walk, make: Any = Value) -> None:
    """What one walk over a small graph does not show: a second walk, depth, many paths."""
    if make is Value:
        kept = "`data`, `_children` and `_local_grads` stay as they are; only `grad` is written."
        _require_graph_kept(walk, "my_backward", kept)
    _check_adds(walk, make)
    _check_memory(walk, make)
    a = make(1.0)
    x = _doubled(a, lambda x: x + x, DOUBLINGS)
    text = f"a.grad after x = x + x, {DOUBLINGS} times"
    now.report = lambda: Wrong(f"{text}, did not finish.", cause=PATHS)
    expect(text, lambda: _grad_after(walk, x, a), 2.0**DOUBLINGS)
    _check_deep(walk, make)


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


def _check_memory(walk: Walk, make: Any) -> None:
    """A second walk knows nothing of the first, though they share a node."""
    a, b = make(2), make(3)
    walk(a * b + a)
    walk(make(5) * make(7))
    text = "a.grad after another graph, of d and e, was walked"
    expect(text, a.grad, 4, causes=[gives(lambda: a.grad, MEMORY)])
    found = []
    for run, of in ((walk, make), (Value.backward, Value)):
        a, b = of(2), of(3)
        c = a * b
        run(c + a)
        c.grad = 0
        run(c * c)
        found.append(a.grad)
    text = "a.grad after L = c + a and then L = c * c was walked, with the same c = a * b"
    expect(text, *found, causes=[gives(found[0], MEMORY)])


def _check_deep(walk: Walk, make: Any) -> None:
    """A chain too deep for recursion, and too long to be searched through."""
    a = make(1.0)
    x = _doubled(a, lambda x: x + 1, DEEP)
    text = f"a.grad after a chain of {DEEP:,} additions"
    search = "`in` searches a list from its start each time: keep the seen nodes in a set."
    now.report = lambda: Wrong(f"{text}: it did not finish in time.")
    began = clock()
    expect(text, lambda: _grad_after(walk, x, a), 1, causes=[raises(RecursionError, TOO_DEEP)])
    if clock() - began > SLOW:
        remark(search)
    now.report = None
    require(math.isclose(x.grad, 1), "the root of a deep chain has no grad of 1.")


def _grad_after(walk: Walk, root: Value, leaf: Value) -> float:
    walk(root)
    return leaf.grad
