"""The checks of chapter 02: right answers pass, typical wrong ones are told what they look like."""

from __future__ import annotations

import pytest

from classroom.exercises import evaluate
from classroom.exercises.ch02 import XS, YS, fit_losses, largest_rate
from classroom.exercises.shared import own_walk
from classroom.exercises.shared.nudging import by_first_place, nudged
from classroom.exercises.shared.walks import (
    again_and_again,
    breadth_first,
    every_path,
    forwards,
    overwriting,
    without_order,
)
from microgpt import Value, topological_sort
from microgpt import topological_sort as package_sort


def wrong(exercise, *answers):
    result = evaluate(exercise, *answers)
    assert result.status == "wrong", result
    return result


def two_sided(f, inputs):
    h, slopes = 1e-5, []
    for i in range(len(inputs)):
        up, down = list(inputs), list(inputs)
        up[i] += h
        down[i] -= h
        slopes.append((f(*up) - f(*down)) / (2 * h))
    return slopes


def by_counting(root):
    waits, stack = {root: 0}, [root]
    while stack:
        for child in stack.pop()._children:
            if child not in waits:
                waits[child] = 0
                stack.append(child)
            waits[child] += 1
    root.grad, stack = 1, [root]
    while stack:
        node = stack.pop()
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            waits[child] -= 1
            if waits[child] == 0:
                stack.append(child)


@pytest.mark.parametrize(
    ("exercise", "answers"),
    [
        ("2.1", [90]),
        ("2.3", [two_sided]),
        ("2.4", ["c", 1, 13]),
        ("2.5", [by_counting]),
        ("2.6", [0.14]),
    ],
)
def test_right_answers(exercise, answers):
    assert evaluate(exercise, *answers).status == "right"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (30, "the last step alone"),
        (3, "the first step alone"),
        (33, "multiplied"),
        (18, "at 15, not at 3"),
        (6, "the 15 is missing"),
        (15, "y itself"),
        (150, "not 5"),
        (675, "its value"),
        (75, "that of y ** 2"),
        (-90, "the sign"),
        (90.9, "a nudge that is too large"),
        (7, "two steps, two slopes"),
        (float("nan"), "two steps, two slopes"),
        ([90], "brackets"),
        (Value(90), "a number is asked for"),
        (225, "z itself"),
        (45, "2 * y"),
        ("90", "quotes off"),
    ],
)
def test_along_one_path(answer, cause):
    assert cause in wrong("2.1", answer).cause


def one_sided_halved(f, inputs):
    h = 1e-5
    return [
        (f(*[x + h * (i == j) for j, x in enumerate(inputs)]) - f(*inputs)) / (2 * h)
        for i in range(len(inputs))
    ]


def all_together(f, inputs):
    h = 1e-5
    return [(f(*[x + h for x in inputs]) - f(*inputs)) / h for _ in inputs]


def with_nudge(f, inputs, h):
    slopes = []
    for i in range(len(inputs)):
        up, down = list(inputs), list(inputs)
        up[i] += h
        down[i] -= h
        slopes.append((f(*up) - f(*down)) / (2 * h))
    return slopes


def share_of_the_input(f, inputs):
    slopes = []
    for i, x in enumerate(inputs):
        up = list(inputs)
        up[i] += 1e-5 * x
        slopes.append((f(*up) - f(*inputs)) / (1e-5 * x))
    return slopes


def sorted_by_the_package(root):
    root.grad = 1
    for node in reversed(package_sort(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def undivided(f, inputs):
    return [1e-5 * slope for slope in nudged(f, inputs)]


def piled_up(f, inputs):
    h, slopes, moved = 1e-5, [], list(inputs)
    for i in range(len(moved)):
        moved[i] += h
        slopes.append((f(*moved) - f(*inputs)) / h)
    return slopes


def second_name(f, inputs):
    up, slopes = inputs, []
    for i in range(len(inputs)):
        up[i] += 1e-5
        slopes.append((f(*up) - f(*inputs)) / 1e-5)
    return slopes


def put_back(f, inputs):
    h, slopes = 1e-5, []
    for i in range(len(inputs)):
        inputs[i] += h
        up = f(*inputs)
        inputs[i] -= 2 * h
        slopes.append((up - f(*inputs)) / (2 * h))
        inputs[i] += h
    return slopes


def test_nudging_in_place_is_right_when_the_input_is_put_back():
    assert evaluate("2.3", put_back).status == "right"


def in_place(f, inputs):
    slopes = nudged(f, inputs)
    inputs[0] += 1e-5
    return slopes


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda f, inputs: [2 * s for s in nudged(f, inputs)], "apart"),
        (lambda f, inputs: [-s for s in nudged(f, inputs)], "comes first"),
        (one_sided_halved, "divide by `h`"),
        (all_together, "nudged together"),
        (piled_up, "put each input back"),
        (in_place, "work on a copy"),
        (undivided, "divided by the size"),
        (lambda f, inputs: [f(inputs)], "one by one"),
        (lambda f, inputs: two_sided(f, inputs)[::-1], "the last slope comes first"),
        (lambda f, inputs: [f(*inputs)] * len(inputs), "f itself"),
        (lambda f, inputs: sum(two_sided(f, inputs)), "a list is asked for"),
        (lambda f, inputs: dict(enumerate(two_sided(f, inputs))), "a dict"),
        (lambda f, inputs: [f"{s:.4f}" for s in two_sided(f, inputs)], "texts"),
        (lambda f, inputs: [0.0] * len(inputs), "f is never called"),
        (lambda f, inputs: by_first_place(f, inputs), "`index` finds the first"),
        (lambda f, inputs: with_nudge(f, inputs, 0.1), "too coarse"),
        (lambda f, inputs: with_nudge(f, inputs, 1e-20), "lost in rounding"),
        (lambda f, inputs: [inputs[x] for x in inputs], "not its place"),
        (lambda f, inputs: [f(*inputs) for a, b in [inputs]], "all their places"),
        (lambda f, inputs: [s * x for s, x in zip(two_sided(f, inputs), inputs)], "multiplied"),
        (share_of_the_input, "keep `h` fixed"),
        (lambda f, inputs: print(f), "`return`"),
        (second_name, "second name for the same list"),
        (lambda f, inputs: [1e-10 * s for s in nudged(f, inputs)], "`/ (2 * h)`"),
        (lambda f, inputs: [s + 0.1 for s in nudged(f, inputs)], "too coarse"),
    ],
)
def test_all_slopes_by_nudging(answer, cause):
    assert cause in wrong("2.3", answer).cause


def test_nudging_to_one_side_is_accepted_with_a_remark():
    def one_sided(f, inputs):
        return [2 * slope for slope in one_sided_halved(f, inputs)]

    result = evaluate("2.3", one_sided)
    assert result.status == "right" and "a thousand times closer" in result.remark
    assert evaluate("2.3", two_sided).remark == ""


def test_the_work_of_others_is_told():
    def by_the_engine(f, inputs):
        leaves = [Value(x) for x in inputs]
        f(*leaves).backward()
        return [leaf.grad for leaf in leaves]

    assert "write it yourself" in wrong("2.3", by_the_engine).cause
    assert "the work is the package's" in wrong("2.5", Value.backward).cause
    assert "write it yourself" in wrong("2.5", lambda root: root.backward()).cause
    assert "write it yourself" in wrong("2.5", sorted_by_the_package).cause


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        (("a", 1, 13), "a is a leaf"),
        (("square", 1, 13), "complete"),
        (("L", 1, 13), "the first"),
        ((3, 1, 13), "name one of the nodes"),
        (("c", 13, 13), "too late"),
        (("c", 0, 13), "already given"),
        (("c", 1, 12), "one more"),
        (("c", 1, 7), "twice"),
        (("c", 1, 39), "that is a's"),
        (("c", 12, 13), "come too late"),
        (("c", 3, 13), "that is what a received"),
        (("c", 5, 13), "what did L hand to it"),
        (("c", 1, 36), "they are added"),
        (("c", 1, 37), "not multiplied"),
        (("c", 1, 42), "that is L"),
        (("c", 1, 3), "not of 1 each"),
        (("c", 1, 100), "the slope of the step times"),
        (("c", "1", 13), "a number is asked for"),
    ],
)
def test_who_handed_on_too_early(answers, cause):
    assert cause in wrong("2.4", *answers).cause


def no_start(root):
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def no_product(root):
    root.grad = 1
    for node in reversed(topological_sort(root)):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad


def emptying(root):
    for node in topological_sort(root):
        node.grad = 0
    root.backward()


def recursive(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node._children:
                visit(child)
            order.append(node)

    visit(root)
    root.grad = 1
    for node in reversed(order):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def recursive_without_seen(root):
    def hand_on(node):
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad
            hand_on(child)

    root.grad = 1
    hand_on(root)


@pytest.mark.parametrize(
    ("answer", "line", "cause"),
    [
        (no_start, "L = a * b", "`root.grad = 1`"),
        (overwriting, "a + a", "looks like `=`"),
        (forwards, "L = a * b", "read from its end"),
        (without_order, "c * c + c", "before it had all"),
        (no_product, "a * b * b", "with the grad of the node whose turn"),
        (breadth_first, "L = c + c * c", "near the root"),
        (again_and_again, "c * c + c", "more than once"),
        (recursive_without_seen, "c * c + c", "more than once"),
        (emptying, "walked twice", "emptied"),
        (recursive, "chain of 5,000", "too deep"),
    ],
)
def test_your_own_backward(answer, line, cause):
    result = wrong("2.5", answer)
    assert line in result.lines[0]
    assert cause in result.cause


@pytest.mark.parametrize(("walk", "text"), own_walk.KNOWN)
def test_every_known_wrong_walk_is_told_by_its_name(walk, text):
    assert wrong("2.5", walk).cause == text


def own_order(root):
    order, stack = {}, [root]
    while stack:
        missing = [child for child in stack[-1]._children if child not in order]
        if missing:
            stack += reversed(missing)
        else:
            order[stack.pop()] = True
    return list(order)[::-1]


def hand_on(order):
    for node in order:
        for child, local_grad in zip(node._children, node._local_grads):
            child.grad += local_grad * node.grad


def raised_by_one(root):
    root.grad += 1
    hand_on(own_order(root))


def inner_nodes_emptied(root):
    for node in own_order(root):
        node.grad = 0 if node._children else node.grad
    root.grad = 1
    hand_on(own_order(root))


def grads_returned(root):
    grads = {root: 1}
    for node in own_order(root):
        for child, local_grad in zip(node._children, node._local_grads):
            grads[child] = grads.get(child, 0) + local_grad * grads[node]
    return grads


def written_to_the_node(root):
    root.grad = 1
    for node in own_order(root):
        for child, local_grad in zip(node._children, node._local_grads):
            node.grad += local_grad * child.grad


def cut_off(root):
    order = own_order(root)
    root.grad = 1
    hand_on(order)
    for node in order:
        node._children = ()


def leaves_between(root):
    order = own_order(root)
    root.grad = 1
    hand_on(order[:1] + order[1:][::-1])


def one_level(root):
    root.grad = 1
    hand_on([root])


def by_size(root):
    root.grad = 1
    hand_on(sorted(own_order(root), key=lambda node: node.data, reverse=True))


SEEN = set()
ORDER = []


def seen_for_ever(root):
    order = [node for node in own_order(root) if node not in SEEN]
    SEEN.update(order)
    root.grad = 1
    hand_on(order)


def order_for_ever(root):
    ORDER[:0] = own_order(root)
    root.grad = 1
    hand_on(ORDER)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (raised_by_one, "not raised by 1"),
        (inner_nodes_emptied, "inner nodes were emptied"),
        (grads_returned, "written, not returned"),
        (written_to_the_node, "nothing arrived at the children"),
        (cut_off, "only `grad` is written"),
        (one_level, "only the root's own children get a share"),
        (leaves_between, "its users come later in your order"),
        (by_size, "each node must have its turn"),
        (seen_for_ever, "kept from one call to the next"),
        (order_for_ever, "kept from one call to the next"),
    ],
)
def test_what_a_walk_may_not_do(answer, cause):
    assert cause in wrong("2.5", answer).cause


def test_gradients_collected_beside_the_graph_are_right():
    def beside(root):
        for node, grad in grads_returned(root).items():
            node.grad += grad

    result = evaluate("2.5", beside)
    assert result.status == "right" and "11, not 8" in result.remark


def test_the_walk_without_an_order_is_shown_its_3_and_39():
    assert "gave [3, 2], expected [39, 26]" in wrong("2.5", without_order).lines[0]


def test_a_walk_along_every_path_is_stopped(monkeypatch):
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "1")
    result = wrong("2.5", every_path)
    assert "40 times" in result.lines[0]
    assert "did not finish" in result.lines[0]


def test_a_walk_that_is_no_function():
    assert "your function itself" in wrong("2.5", "backward").lines[0]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (0.15, "the loss grows"),
        (0.1, "a larger one still does"),
        (0.145, "two decimals"),
        (1, "the loss grows"),
        (5.0, "far beyond"),
        (-0.1, "above 0"),
        ("0.14", "quotes off"),
    ],
)
def test_how_large_a_step(answer, cause):
    assert cause in wrong("2.6", answer).cause


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
    assert len(XS) == len(YS) == 5
    rate = largest_rate()
    for k in range(1, round(100 * rate) + 1):
        losses = fit_losses(k / 100, 60)
        assert losses[-1] < losses[0]
    beyond = fit_losses(rate + 0.01, 60)
    assert beyond[-1] > beyond[0]
