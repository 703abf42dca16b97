"""Exercise 2.2: any topological order is right, each typical mistake is told by its name."""

from __future__ import annotations

import pytest

from classroom.exercises import evaluate
from microgpt import topological_sort


def wrong(answer):
    result = evaluate("2.2", answer)
    assert result.status == "wrong", result
    return result


def with_a_dict(root):
    order, stack = {}, [root]
    while stack:
        missing = [child for child in stack[-1]._children if child not in order]
        if missing:
            stack += reversed(missing)
        else:
            order[stack.pop()] = True
    return list(order)


def with_a_set_of_seen(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(child, False) for child in node._children]
    return order


def by_counting(root):
    waits, stack, order = {root: 0}, [root], []
    while stack:
        for child in stack.pop()._children:
            if child not in waits:
                waits[child] = 0
                stack.append(child)
            waits[child] += 1
    ready = [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for child in node._children:
            waits[child] -= 1
            if waits[child] == 0:
                ready.append(child)
    return tuple(order[::-1])


@pytest.mark.parametrize("sort", [with_a_dict, with_a_set_of_seen, by_counting])
def test_every_topological_order_is_right(sort):
    assert evaluate("2.2", sort).status == "right"


def parents_first(root):
    return topological_sort(root)[::-1]


def when_met(root):
    order, stack = [], [root]
    while stack:
        node = stack.pop()
        if node not in order:
            order.append(node)
            stack += node._children
    return order


def when_met_turned(root):
    return when_met(root)[::-1]


def recursive(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node._children:
                visit(child)
            order.append(node)

    visit(root)
    return order


def repeated(root):
    order = []
    for child in root._children:
        order += repeated(child)
    return [*order, root]


def without_leaves(root):
    return [node for node in topological_sort(root) if node._children or node is root]


def one_level(root):
    return [*dict.fromkeys(root._children), root]


def returned_inside(root):
    for child in root._children:
        return [child]
    return [root]


def by_number(root):
    seen, order = set(), []
    for node in topological_sort(root):
        if node.data not in seen:
            seen.add(node.data)
            order.append(node)
    return order


def first_child_only(root):
    order, node = [root], root
    while node._children:
        node = node._children[0]
        order.append(node)
    return order[::-1]


def root_forgotten(root):
    return topological_sort(root)[:-1]


def nested(root):
    return [*([nested(c) for c in root._children]), root]


def changed(root):
    order = topological_sort(root)
    for node in order:
        node._children = ()
    return order


def empty_stack(root):
    stack, order = [root], []
    while True:
        order.append(stack.pop())


def one_too_many(root):
    stack = [root]
    while stack:
        node = stack.pop()
        stack += node
    return []


def a_list_on_the_stack(root):
    stack, order = [root], []
    while stack:
        order.append(stack.pop())
        stack.append(list(order[-1]._children))
    return order


def a_set_as_a_dict(root):
    order = set()
    order[root] = True
    return list(order)


KEPT = {}


def kept(root):
    KEPT.update(dict.fromkeys(topological_sort(root)))
    return list(KEPT)


def ladder_of_paths(root):
    order, stack = {}, [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.setdefault(node)
        else:
            stack.append((node, True))
            stack += [(child, False) for child in node._children]
    return list(order)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (parents_first, "parents first. Reverse the list"),
        (when_met, "as soon as it was met"),
        (when_met_turned, "before *all* of its children were in"),
        (recursive, "too deep for a function that calls itself"),
        (repeated, "`a` is in the list twice"),
        (without_leaves, "missing, the leaves"),
        (one_level, "their children have children"),
        (returned_inside, "`return` inside the loop"),
        (by_number, "equal number is another node"),
        (root_forgotten, "the root itself is missing"),
        (first_child_only, "for *each* child"),
        (nested, "a list inside the list"),
        (lambda root: [node.data for node in topological_sort(root)], "the nodes themselves"),
        (lambda root: set(topological_sort(root)), "a set has no order"),
        (lambda root: dict.fromkeys(topological_sort(root)), "`list(order)`"),
        (lambda root: print(root), "nothing is returned"),
        (lambda root: iter(topological_sort(root)), "`list(...)`"),
        (lambda root: [(node, True) for node in topological_sort(root)], "pairs came out"),
        (lambda root: root.children, "underscore"),
        (lambda root: [True for _ in topological_sort(root)], "its keys are the nodes"),
        (a_list_on_the_stack, "`+=` each of several"),
        (a_set_as_a_dict, "a set takes no"),
        (kept, "kept from one call to the next"),
        (changed, "only reads the graph"),
        (empty_stack, "`while stack:`"),
        (one_too_many, "a single node goes on with `append`"),
    ],
)
def test_a_wrong_sort_is_told_its_mistake(answer, cause):
    assert cause in wrong(answer).cause


def test_a_walk_along_every_path_is_stopped(monkeypatch):
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "1")
    assert "40 times" in wrong(ladder_of_paths).lines[0]
