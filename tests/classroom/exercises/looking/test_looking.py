"""Looking: how far an answer is, what is no proof, and that nothing of the reader's is touched."""

import copy
import threading

import looked_at as ours
import pytest
from looked_at import NUMBERS, SOLUTIONS, VECTORS, rmsnorm, running_means, typed

from classroom.exercises import evaluate
from classroom.exercises.looking import Sight, look

RIGHT = [
    ("softmax", """
        def softmax(logits):
            shares = []
            for x in logits:
                shares.append(x.exp() / sum(y.exp() for y in logits))
            return shares
     """),
    ("means", """
        import numpy as np
        def running_means(numbers, beta):
            found = []
            for n in range(1, len(numbers) + 1):
                weights = (1 - beta) * beta ** np.arange(n - 1, -1, -1)
                found.append((weights * np.array(numbers[:n])).sum() / (1 - beta**n))
            return found
     """),
    ("walk", """
        def sort_nodes(root, seen=None):
            seen = set() if seen is None else seen
            if root in seen:
                return []
            seen.add(root)
            return [n for child in root._children for n in sort_nodes(child, seen)] + [root]
     """),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "answer"), RIGHT)
def test_nothing_is_said_of_a_right_answer(exercise, answer):
    solution, cases, roads = SOLUTIONS[exercise]
    assert look(typed(answer), solution, cases, roads=roads).lines == ()


@pytest.mark.parametrize("exercise", SOLUTIONS)
def test_a_solution_has_all_its_steps(exercise):
    solution, cases, roads = SOLUTIONS[exercise]
    sight = look(solution, solution, cases, roads=roads)
    assert sight.lines == () and sight.done == sight.of > 0


def test_helpers_of_other_cells_are_looked_into():
    mean = typed("""
        def mean(numbers):
            total = 0.0
            for number in numbers:
                total = total + number * number
            return total / len(numbers)
    """)
    answer = typed("def rmsnorm(x):\n    return [xi / mean(x) for xi in x]", mean=mean)
    sight = look(answer, rmsnorm, VECTORS)
    assert sight.lines[0].startswith("Right so far, line 2: the mean of the squares, `mean(x)`.")
    lost = typed("def rmsnorm(x):\n    mean(x)\n    return mean([*x, *x, 3])", mean=mean)
    sight = look(lost, rmsnorm, VECTORS)
    assert sight.lines[0].startswith("Right so far, line 2: the mean of the squares, `mean(x)`")


def test_an_exception_in_a_helper_of_another_cell_names_it():
    root = typed("def root(number):\n    return number.squareroot()")
    answer = typed("def rmsnorm(x):\n    return root(dot(x, x) / len(x))", root=root)
    said = look(answer, rmsnorm, VECTORS).lines[-1]
    assert said.startswith(
        "It stops in line 2 of the cell of `root`, `return number.squareroot()`: "
    )


@pytest.mark.parametrize("answer", [None, 3, [1.5], "softmax", len, int, print, rmsnorm])
def test_it_never_raises(answer, capsys):
    assert isinstance(look(answer, ours.softmax, ours.LOGITS), Sight)
    assert isinstance(look(answer, ours.sort_nodes, ours.GRAPHS), Sight)
    assert capsys.readouterr() == ("", "")


def test_nothing_of_the_readers_is_changed_or_printed(capsys):
    kept = [1.5]
    answer = typed("""
        def running_means(numbers, beta):
            kept.append(beta)
            numbers.clear()
            print("here")
            return kept
    """, kept=kept)  # fmt: skip
    cases = copy.deepcopy(NUMBERS)
    assert look(answer, running_means, cases).lines
    assert kept == [1.5] and cases == NUMBERS and capsys.readouterr() == ("", "")


def test_gradients_of_the_notebooks_nodes_stay():
    (weight,) = ours.nodes(0.5)
    answer = typed("def rmsnorm(x):\n    return [xi * weight for xi in x]", weight=weight)
    look(answer, rmsnorm, VECTORS)
    assert weight.grad == 0 and all(node.grad == 0 for (x,) in VECTORS for node in x)


def test_a_case_that_tells_is_shown_and_named():
    answer = typed("def running_means(numbers, beta):\n    return [n * 3 for n in numbers]")
    cases = [([0.0], 0.5), *NUMBERS, ([0.0, 4.0, 3.0], 0.6)]
    (first, *_) = look(answer, running_means, cases[1:]).lines
    assert first.startswith("Missing next on our way: 1 - beta of")
    answer = typed("def running_means(numbers, beta):\n    return [1 + n * 3 for n in numbers]")
    said = "\n".join(look(answer, running_means, cases).lines)
    assert "Missing next on our way, with numbers = [" in said and ": 1 - beta of the new" in said


CHECKED = [
    # our way multiplies by `n_layer` later
    ("6.1", """
        def count_parameters(vocab_size, n_embd, n_layer, block_size):
            rows = 2 * vocab_size * n_embd + block_size * n_embd
            return rows + n_layer * 4 * n_embd ** 2 + 8 * n_embd ** 2
     """, "gave 644, expected 900", "Missing"),
    # a question about the number cuts no graph
    ("6.2", """
        def mlp(x, fc1, fc2):
            hidden = microgpt.linear(x, fc1)
            for h in hidden:
                if h.data < 0: h.data = 0.0
            return microgpt.linear(hidden, fc2)
     """, "The gradient of `x` is wrong.", "cuts the graph"),
    # a list that grows with each call is shown as it was at its own
    ("7.3", """
        def running_means(numbers, beta, found=[]):
            for t, x in enumerate(numbers): found.append(x)
            return found
     """, "gave [4.0, 4.0, 4.0], expected", "4.0, 4.0, 4.0, 4.9"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "answer", "there", "not_there"), CHECKED)
def test_a_check_says_nothing_that_is_false_of_another_road(key, answer, there, not_there):
    said = str(evaluate(key, typed(answer)))
    assert there in said and not_there not in said, said


def registered(function):
    calls.append(function)
    return function


calls = []


@registered
def tripled(number):
    return number * 3  # three times the number


def test_what_decorates_a_solution_of_the_course_is_not_done_again(monkeypatch):
    monkeypatch.setattr("classroom.exercises.looking.written.is_readers_file", lambda file: False)
    assert look(typed("def tripled(number):\n    return number"), tripled, [(7.5,)]).of == 1
    assert len(calls) == 1


def test_a_loop_of_one_line_ends_where_no_timer_interrupts():
    said = []
    answer = typed("def rmsnorm(x):\n    while True: pass")
    thread = threading.Thread(target=lambda: said.append(look(answer, rmsnorm, VECTORS)))
    thread.daemon = True
    thread.start()
    thread.join(60)
    assert said[0].lines[-1].startswith("It goes on and on: line 2, `while True: pass`")
