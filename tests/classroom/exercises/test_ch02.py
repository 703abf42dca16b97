"""Chapter 02: other right ways pass, what breaks a real model is refused, and fresh questions."""

import pytest
from own_parts import without_order
from told import chapter_tests, wrong

from classroom.exercises import evaluate
from classroom.exercises.ch02 import RATE, XS, YS, fit_losses, nudged, sort_nodes
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.solutions import variant
from microgpt import Value, topological_sort


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


def hand_on(order):
    for node in order:
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def grads_of(root):
    grads = {root: 1}
    for node in reversed(by_counting(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            grads[child] = grads.get(child, 0) + local_grad * grads[node]
    return grads


def beside_the_graph(root):
    for node, grad in grads_of(root).items():
        node.grad += grad


def skipping_zeros(root):
    root.grad = 1
    hand_on(node for node in reversed(by_counting(root)) if node.grad)
    return root


def test_remarks_on_right_answers():
    one_sided = variant(find("2.3").solution.roads[0])
    assert "over 1,000 times closer" in evaluate("2.3", one_sided).remark
    assert evaluate("2.3", variant(nudged)).remark == ""
    assert "11, not 8" in evaluate("2.5", beside_the_graph).remark


def no_more_than(most):
    return variant(sort_nodes, f"stack[-1]._children if -> stack[-1]._children[:{most}] if")


by_number = variant(sort_nodes, "if c not in order -> if c.data not in [n.data for n in order]")


def on(sort):
    def walk(root):
        root.grad = 1
        hand_on(sort(root)[::-1])

    return walk


def recursive(root, order):
    for child in root._children:
        if child not in order:
            recursive(child, order)
    order[root] = None
    return list(order)


def repeated(root):
    return [node for child in root._children for node in repeated(child)] + [root]


def ladder_of_paths(root):
    order, stack = {}, [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.setdefault(node)
        else:
            stack += [(node, True), *((child, False) for child in node._children)]
    return list(order)


def every_path(root):
    stack = [(root, 1)]
    while stack:
        node, grad = stack.pop()
        node.grad += grad
        for child, local_grad in zip(node._children, node._local_grads):
            stack.append((child, local_grad * grad))


@pytest.mark.parametrize(("key", "answer"), [("2.2", ladder_of_paths), ("2.5", every_path)])
def test_a_walk_along_every_path_is_stopped(key, answer, monkeypatch):
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "2")
    result = wrong(key, answer)
    assert "40 times" in result.lines[0] and "each of the 2**40 paths" in result.told


SEEN = set()


def seen_for_ever(root):
    order = [node for node in sort_nodes(root) if node not in SEEN]
    SEEN.update(order)
    root.grad = 1
    hand_on(order[::-1])


def test_the_walk_without_an_order_is_shown_its_3_and_39():
    line = wrong("2.5", without_order).lines[0]
    assert "'a': 3" in line and "'a': 39" in line


BACK = "return list(order) ->"
SHARED = "(root): -> (root, order={}):\norder, stack = {}, [root] -> stack = [root]"
SORTED = "waits, stack = {root: 0}, [root] -> waits, stack = {root: 0}, [root]⏎    for node in "
SORTED += "sort_nodes(root):⏎        "
START = "root.grad, stack = 1, [root] ->"
LISTS = "up, down = list(inputs), list(inputs) ->"
RIGHT = [
    ("2.1", 90.0000009),
    ("2.2", by_counting),
    ("2.3", "return slopes -> return tuple(slopes)"),
    ("2.5", beside_the_graph),
    ("2.5", skipping_zeros),
    ("2.6", 0.14),
]
WRONG = [
    ("2.2", no_more_than(16), "✗"),
    ("2.2", by_number, "✗"),
    ("2.2", lambda root: sorted(sort_nodes(root), key=lambda n: abs(n.data)), "✗"),
    ("2.5", on(no_more_than(16)), "✗"),
    ("2.5", on(by_number), "✗"),
    ("2.5", on(lambda root: sort_nodes(root)[-8:]), "✗"),
    ("2.2", f"{BACK} return set(order)", "must be a list, yours is a set"),
    ("2.2", f"{BACK} return iter(order)", "`list(...)`"),
    ("2.2", f"{BACK} return [list(order)]", "lists or pairs"),
    ("2.2", repeated, "in the list twice"),
    ("2.2", f"{BACK} return [type(n)(n.data) for n in order]", "not of this graph"),
    ("2.2", SHARED, "is made once and shared by all calls"),
    ("2.2", f"{BACK} for n in order: n._children = ()⏎    return list(order)", "only reads it"),
    ("2.2", lambda root: recursive(root, {}), "too deep for a function that calls itself"),
    ("2.2", lambda root: [].pop(), "found the stack empty"),
    ("2.2", lambda root: {}[root], "not in it"),
    ("2.5", f"{START} root.grad, stack = root.grad + 1, [root]", "not raised by 1"),
    ("2.5", f"{SORTED} node.grad = 0 if node._children else node.grad", "inner nodes were"),
    ("2.5", f"{SORTED} node.grad = 0", "`backward` adds"),
    ("2.5", "waits[child] -= 1 -> waits[child] -= 1; node._children = ()", "only `grad` is"),
    ("2.5", f"{START} stack = [root]", "set to 1 before the walk begins"),
    ("2.5", f"{START} root.grad, stack = 1, []", "nothing arrived below it"),
    ("2.5", f"{START} yield root⏎    root.grad, stack = 1, [root]", "written, not returned"),
    ("2.5", grads_of, "written, not returned"),
    ("2.5", seen_for_ever, "second walk"),
    ("2.5", on(lambda root: recursive(root, {})), "too deep"),
    ("2.5", f"{SORTED} node._children[1].grad += 1", "go through them with a `for`"),
    ("2.3", f"{LISTS} up, down = inputs, inputs", "second name for the list"),
    ("2.3", lambda f, inputs: [1e-10 * s for s in nudged(f, inputs)], "`/ (2 * h)`"),
    ("2.3", lambda f, inputs: [s + 0.1 for s in nudged(f, inputs)], "too coarse"),
    ("2.3", lambda f, inputs: [f(inputs)], "`f(*up)`"),
    ("2.3", lambda f, inputs: [f(x, *inputs[1:]) for x in inputs][inputs[0]], "range(len("),
    ("2.3", f"{LISTS} up, down, h = [*inputs], [*inputs], inputs[i] * 1e-6", "Keep `h` fixed"),
    ("2.1", 90.3, "on paper it is exact"),
    ("2.4", ("K", 1, 13), "name one of the nodes"),
    ("2.6", -0.1, "above 0"),
    ("2.6", 0.145, "two decimals"),
    ("2.5", Value.backward, "the work is the package's"),
    ("2.5", lambda root: root.backward(), "write it yourself"),
    ("2.2", lambda root: topological_sort(root), "write it yourself"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_the_fit_in_floats_is_the_chapters_fit():
    w, b, losses = Value(0.0), Value(0.0), []
    for _ in range(20):
        w.grad = b.grad = 0
        errors = [w * x + b - y for x, y in zip(XS, YS)]
        loss = sum(e * e for e in errors) / len(XS)
        loss.backward()
        losses.append(loss.data)
        w.data -= 0.1 * w.grad
        b.data -= 0.1 * b.grad
    assert fit_losses(0.1, 20) == pytest.approx(losses, rel=1e-9)


def test_the_largest_rate_is_a_border():
    for k in range(1, round(100 * RATE) + 1):
        losses = fit_losses(k / 100, 60)
        assert losses[-1] < losses[0]
    beyond = fit_losses(RATE + 0.01, 60)
    assert beyond[-1] > beyond[0]
