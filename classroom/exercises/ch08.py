"""Checks of chapter 08: windows, the loop, names held out, weights as JSON, when to stop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from classroom.exercises.kit.checking import (
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.flawed import (
    FLAWS,
    RATE,
    STEPS,
    cleaned_training,
    from_the_front,
    losses_of,
    start,
    trained_on_all,
    with_duplicates,
)
from microgpt.autograd import Value
from microgpt.model import StateDict


def window_mean(losses: Sequence[float], first: int, last: int) -> float:
    """The mean loss of the steps `first` to `last`, counted from 1, both included."""
    window = losses[first - 1 : last]
    return sum(window) / len(window)


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


@exercise("8.3", "Read a window", difficulty=1, minutes=5)
def check_window_mean(answer: Any) -> None:
    """Check ``window_mean(losses, first, last)``."""
    losses = [4.0, 2.0, 3.0, 7.0, 1.0, 8.5]
    expect_calls(
        answer,
        window_mean,
        cases=[([4.0, 2.0, 3.0], 1, 3), ([4.0, 2.0, 6.0], 2, 2), (losses, 2, 5), (losses, 4, 6)],
        causes=[
            gives(
                lambda ls, a, b: _mean(ls[a:b]),
                "step 1 is `losses[0]`: the window begins one place too late.",
            ),
            gives(
                lambda ls, a, b: _mean(ls[a - 1 : b - 1]),
                "the last step belongs to the window too: the end of a slice is left out.",
            ),
            gives(
                lambda ls, a, b: _mean(ls[a : b + 1]),
                "the window lies one place too late: step 1 is `losses[0]`.",
            ),
            gives(
                lambda ls, a, b: sum(ls[a - 1 : b]),
                "that is the sum; divide by the number of steps.",
            ),
            gives(lambda ls, a, b: _mean(ls), "that is the mean of all losses, not of the window."),
            gives(
                lambda ls, a, b: sum(ls[a - 1 : b]) / (b - a),
                "from 1 to 3 are three steps, not 3 - 1: divide by the length of the window.",
            ),
            raises(ZeroDivisionError, "a window from 2 to 2 has one step: is yours empty?"),
        ],
    )


@exercise("8.1", "Which name comes next?", difficulty=1, minutes=5, kind="predict")
def check_next_document(answer: Any) -> None:
    """Check the predicted place of step 100,000's name in a list of 32,257."""
    expect_value(
        answer,
        99_999 % 32_257,
        causes=[
            gives(
                100_000 % 32_257,
                "the first step has index 0, so step 100,000 has index 99,999.",
            ),
            gives(100_000 // 32_257, "that is how often the list has been used up: `//`, not `%`."),
            gives(99_999, "the list is shorter than that: it begins again after its last name."),
        ],
    )


@exercise("8.2", "The loop", difficulty=2, minutes=20)
def check_loop(answer: Any) -> None:
    """Check ``my_train(docs, tokenizer, config, state_dict, num_steps, learning_rate)``."""
    require(callable(answer), 'pass the function itself: check("8.2", my_train).')
    right = losses_of()
    causes = [
        when(
            lambda got, _: isinstance(got, list) and len(got) != STEPS,
            f"{STEPS} steps were asked for: append a loss in each.",
        ),
        *(gives(partial(losses_of, flaw), text) for flaw, text in FLAWS.items()),
        raises(IndexError, "after the last name comes the first: `docs[step % len(docs)]`."),
    ]
    text = f"my_train on 4 names, {STEPS} steps"
    expect(text, lambda: answer(*start(), STEPS, RATE), right, causes=causes, tolerance=1e-9)


def hold_out(docs: Sequence[str], count: int) -> tuple[list[str], list[str]]:
    """All but the last `count` names to train on; of those, the ones that are not among them."""
    training = list(docs[:-count])
    return training, [doc for doc in docs[-count:] if doc not in training]


@exercise("8.4", "Names it never saw", difficulty=2, minutes=10)
def check_hold_out(answer: Any) -> None:
    """Check ``hold_out(docs, count)``."""
    expect_calls(
        answer,
        hold_out,
        cases=[
            (["a", "b", "c", "d"], 1),
            (["a", "b", "c", "a"], 2),
            (["ana", "bo", "cy", "bo", "eve", "ana"], 3),
        ],
        causes=[
            gives(with_duplicates, "a name that is trained on is also held out: the file repeats."),
            gives(from_the_front, "the last names are to be held out, yours are the first."),
            gives(trained_on_all, "the names held out are still among those to train on."),
            gives(
                cleaned_training,
                "you removed the name from the training part; drop it from the held-out one.",
            ),
            gives(
                lambda docs, count: hold_out(docs, count)[::-1],
                "the two parts are swapped: training first.",
            ),
            gives(
                lambda docs, count: (list(docs[:count]), list(docs[count:])),
                "`docs[:count]` are the first names; `docs[:-count]` are all but the last.",
            ),
            gives(
                lambda docs, count: (list(docs[:-count]), []),
                "nothing is left to hold out: compare with the training part, not with all names.",
            ),
            when(
                lambda got, _: isinstance(got, tuple) and any(isinstance(p, set) for p in got),
                "a set forgets the order: two lists are asked for.",
            ),
        ],
    )


def _tidy(state_dict: StateDict) -> dict[str, list[list[float]]]:
    return {name: [[p.data for p in row] for row in rows] for name, rows in state_dict.items()}


def _is_rounded(got: Any, expected: Any) -> bool:
    pairs = zip(_numbers(got), _numbers(expected))
    return got != expected and all(abs(a - b) < 1e-2 for a, b in pairs)


def _numbers(weights: dict[str, list[list[float]]]) -> list[float]:
    return [number for matrix in weights.values() for row in matrix for number in row]


@exercise("8.6", "There and back", difficulty=2, minutes=15, extra=True)
def check_json(to_text: Any, from_text: Any) -> None:
    """Check ``to_text(state_dict)`` and ``from_text(text)``: JSON, nothing lost."""
    functions = callable(to_text) and callable(from_text)
    require(functions, 'pass the two functions themselves: check("8.6", to_text, from_text).')
    _, _, _, state_dict = start()
    state_dict["wte"][0][0] = Value(0.1 + 0.2)  # 0.30000000000000004
    before = _tidy(state_dict)
    text = to_text(state_dict)
    if text is None or not isinstance(text, str):
        expect("to_text(state_dict)", text, "a text in JSON")
    try:
        stored = json.loads(text)
    except ValueError:
        require(False, "to_text(state_dict) is not JSON.", "use `json.dumps`, not `str` or `repr`.")
    rounding = when(_is_rounded, "numbers are rounded: JSON can hold every digit, leave them all.")
    quoted = when(
        lambda got, _: isinstance(got, dict) and any(isinstance(x, str) for x in _leaves(got)),
        "the numbers are quoted: JSON holds numbers as they are, so leave out `str`.",
    )
    causes = [quoted, rounding]
    expect("json.loads(to_text(state_dict))", stored, before, causes=causes, tolerance=0)
    back = from_text(text)
    require(
        isinstance(back, dict) and all(isinstance(v, Value) for v in _leaves(back)),
        "from_text(text) does not hold Values.",
        "wrap each number: `Value(number)`, else the model cannot be trained further.",
    )
    expect("from_text(to_text(state_dict))", _tidy(back), before, tolerance=0)


def _leaves(weights: dict[str, Any]) -> list[Any]:
    return [thing for matrix in weights.values() for row in matrix for thing in row]


Look = tuple[int, float, float]


def when_to_stop(looks: Sequence[Look]) -> int:
    """The step at which the held-out loss was lowest."""
    return min(looks, key=lambda look: look[2])[0]


@exercise("8.5", "When to stop", difficulty=1, minutes=10)
def check_when_to_stop(answer: Any) -> None:
    """Check ``when_to_stop(looks)``; a look is (step, training loss, held-out loss)."""
    looks = [(100, 2.6, 2.7), (200, 2.3, 2.5), (300, 2.1, 2.6), (400, 1.2, 3.1)]
    expect_calls(
        answer,
        when_to_stop,
        cases=[
            ([(10, 2.0, 2.4)],),
            (looks,),
            (looks[1:],),
            ([(10, 2.0, 2.4), (20, 1.0, 3.0), (30, 0.9, 3.4)],),
            ([(10, 3.0, 3.3), (20, 2.9, 3.1), (30, 2.0, 2.6)],),
            ([*looks, (500, 0.9, 2.4)],),
            ([*looks, (500, 1.3, 3.2)],),
        ],
        causes=[
            gives(
                lambda ls: min(ls, key=lambda look: look[1])[0],
                "you look at the training loss, which falls for ever; look at the held-out one.",
            ),
            gives(
                lambda ls: min(look[2] for look in ls),
                "that is the lowest loss; the step at which it was reached is asked for.",
            ),
            gives(
                lambda ls: next((a[0] for a, b in zip(ls, ls[1:]) if b[2] > a[2]), ls[-1][0]),
                "you stop at the first rise; a later look may be lower still.",
            ),
            gives(lambda ls: ls[-1][0], "that is the last look, not the best one."),
            gives(
                lambda ls: min(ls, key=lambda look: look[1] + look[2])[0],
                "you add the two losses; names to come are like the held-out ones alone.",
            ),
            gives(
                lambda ls: min(ls, key=lambda look: look[2] - look[1])[0],
                "that is the smallest gap; a model that has learned nothing has a small one, too.",
            ),
            gives(
                lambda ls: max(ls, key=lambda look: look[2])[0],
                "there the held-out loss is highest; the lowest is best.",
            ),
            gives(
                lambda ls: min(ls)[0],
                "`min` compares whole looks, and so their steps: give it a `key`.",
            ),
            gives(
                lambda ls: min(range(len(ls)), key=lambda i: ls[i][2]),
                "that is the look's place in the list; its step is asked for.",
            ),
        ],
    )
