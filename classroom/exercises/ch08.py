"""Checks of chapter 08: windows, the loop, names held out, weights as JSON, when to stop."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared.loop_slips import LOOP_SLIPS, RATE, STEPS, loop_with, start
from classroom.exercises.shared.window_slips import SPLIT_SLIPS, STOP_SLIPS, WINDOW_SLIPS
from microgpt.autograd import Value
from microgpt.model import StateDict
from microgpt.training import train


def window_mean(losses: Sequence[float], first: int, last: int) -> float:
    """The mean loss of the steps `first` to `last`, counted from 1, both included."""
    window = losses[first - 1 : last]
    return sum(window) / len(window)


@exercise("8.3", "Read a window", difficulty=1, minutes=5)
def check_window_mean(answer: Any) -> None:
    """Check ``window_mean(losses, first, last)``."""
    losses = [4.0, 2.0, 3.0, 7.0, 1.0, 8.5]
    expect_calls(
        answer,
        window_mean,
        cases=[([4.0, 2.0, 3.0], 1, 3), ([4.0, 2.0, 6.0], 2, 2), (losses, 2, 5), (losses, 3, 5)],
        causes=[
            *(gives(wrong, text) for wrong, text in WINDOW_SLIPS),
            raises(ZeroDivisionError, "a window from 2 to 2 has one step: is yours empty?"),
        ],
    )


@exercise(
    "8.1",
    "Which name comes next?",
    difficulty=1,
    minutes=5,
    kind="predict",
    again=lambda rng: fresh_place(rng),
)
def check_next_document(answer: Any) -> None:
    """Check the predicted place of step 100,000's name in a list of 32,257."""
    known = {
        100_000 % 32_257: "the first step has index 0, so step 100,000 has index 99,999.",
        100_000 // 32_257: "that is how often the list has been used up: `//`, not `%`.",
        99_999: "the list is shorter than that: it begins again after its last name.",
        100_000: "the list is shorter than that: it begins again after its last name.",
        99_999 % 32_258: "the list has 32,257 names: that is what is divided by.",
        99_999 % 32_256: "the list has 32,257 names: that is what is divided by.",
        99_998 % 32_257: "the 100,000th step has index 99,999: one is taken off, not two.",
        99_999 % -32_257: "the list has 32,257 names: a positive number.",
        32_257 - 3_228: "that is how many names are left in the list.",
        9_999: "step 100,000, not 10,000.",
        9_999 + 1: "step 100,000, not 10,000.",
        99_999 / 32_257: "`/` says how often; the rest of the division is asked for: `%`.",
        100_000 / 32_257: "`/` says how often; the rest of the division is asked for: `%`.",
    }
    causes = [gives(value, text) for value, text in known.items()]
    name = "that is a name; its place in the list is asked for."
    causes.append(when(lambda got, _: isinstance(got, str) and got.isalpha(), name))
    expect_value(answer, 99_999 % 32_257, causes=causes)


def fresh_place(rng: random.Random) -> Fresh:
    """Another list and another step."""
    names, step = rng.randrange(11, 60), rng.randrange(100, 400)
    question = (
        f"A list has {names} names. At which place, counted from 0, is the name that the "
        f"{step}th step takes?"
    )
    place = (step - 1) % names
    return Fresh(question, place, f"({step} - 1) % {names}: the first step has index 0.")


@exercise("8.2", "The loop", difficulty=2, minutes=20)
def check_loop(answer: Any) -> None:
    """Check ``my_train(docs, tokenizer, config, state_dict, num_steps, learning_rate)``."""
    require(callable(answer), 'pass the function itself: check("8.2", my_train).')
    right, text = loop_with()(*start(), STEPS, RATE), f"my_train on 4 names, {STEPS} steps"
    used = getattr(getattr(answer, "__code__", None), "co_names", ())
    shuffled = "the names are shuffled again: take them in the order in which they are given."
    fresh = "the weights are made anew: train those that you are given."
    cut = "the losses are rounded: leave every digit."
    causes = [
        *(gives(_losses(slip), why) for slip, why in LOOP_SLIPS.items()),
        when(lambda got, _: len(got) != STEPS, f"{STEPS} steps were asked for: a loss for each."),
        when(lambda got, _: all(abs(a - b) < 0.01 for a, b in zip(got, right)), cut),
        when(lambda got, _: "shuffle" in used or "choice" in used, shuffled),
        when(lambda got, _: "init_params" in used, fresh),
        raises(IndexError, "after the last name comes the first: `docs[step % len(docs)]`."),
        raises(TypeError, "`train` makes steps: take `step.loss` of each.", "Step"),
    ]
    expect(text, lambda: answer(*start(), STEPS, RATE), right, causes=causes, tolerance=1e-9)
    _check_trained_in_place(answer, text)


def _losses(slip: str) -> Any:
    """The losses of a loop with a slip, with arguments or without."""
    return lambda *_: loop_with(slip)(*start(), STEPS, RATE)


def _check_trained_in_place(answer: Any, text: str) -> None:
    """After the loop: plain numbers, trained weights, and the names as they were."""
    docs, tokenizer, config, state_dict = start()
    losses = answer(docs, tokenizer, config, state_dict, STEPS, RATE)
    nodes = any(hasattr(loss, "grad") for loss in losses)
    require(not nodes, f"{text} returns nodes.", "plain numbers are asked for: `loss.data`.")
    one_less, right = start(), start()
    loop_with()(*right, STEPS, RATE)
    run = train(*one_less, STEPS, RATE)
    for _ in range(STEPS - 1):
        next(run)
    kept = "the weights are as they were: train `state_dict` itself, not a copy, and leave it so."
    last = "the last update is missing: each step ends with `adam.step`."
    expect(
        f"the weights after {text}",
        _tidy(state_dict),
        _tidy(right[3]),
        causes=[gives(_tidy(start()[3]), kept), gives(_tidy(one_less[3]), last)],
    )
    require(docs == start()[0], f"{text} changed the list of names.", "leave `docs` alone.")


def hold_out(docs: Sequence[str], count: int) -> tuple[list[str], list[str]]:
    """All but the last `count` names to train on; of those, the ones that are not among them."""
    training = list(docs[:-count])
    return training, [doc for doc in docs[-count:] if doc not in training]


@exercise("8.4", "Names it never saw", difficulty=2, minutes=10)
def check_hold_out(answer: Any) -> None:
    """Check ``hold_out(docs, count)``."""
    lost = "the order or the repeats of the held-out part are lost: is a set used? Keep the list."
    expect_calls(
        answer,
        hold_out,
        cases=[
            (["d", "c", "b", "a"], 1),
            (["a", "b", "c", "a"], 2),
            (["b", "a", "b", "a", "c"], 3),
            (["cy", "ann", "bo", "cy", "bo", "eve", "ann"], 4),
            (["bo", "bo", "ann", "zoe", "eve", "ann", "an", "zoe"], 5),
        ],
        causes=[
            *(gives(wrong, text) for wrong, text in SPLIT_SLIPS),
            when(lambda got, right: set(got[1]) == set(right[1]) and got[0] == right[0], lost),
            when(lambda got, _: hasattr(got[1], "__next__"), "the second part is a generator: two "
                 "lists are asked for, in square brackets."),
            when(lambda got, _: isinstance(got[0], set) or isinstance(got[1], set), "a set forgets "
                 "the order: two lists are asked for."),
        ],
    )  # fmt: skip


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
    try:
        text = to_text(state_dict)
    except TypeError as error:
        turned = "the two functions have changed places: first `to_text`, then `from_text`."
        if "must be str" in str(error):
            raise Wrong("to_text(state_dict) wants a text.", cause=turned) from None
        raise
    if text is None or not isinstance(text, str):
        expect("to_text(state_dict)", text, "a text in JSON")
    try:
        stored = json.loads(text)
    except ValueError:
        require(False, "to_text(state_dict) is not JSON.", "use `json.dumps`, not `str` or `repr`.")
    missing = set(before) - set(stored) if isinstance(stored, dict) else set()
    require(
        not missing,
        f"to_text(state_dict) has no {', '.join(sorted(missing))}.",
        "every matrix belongs in the text: go through `state_dict.items()`.",
    )
    nodes = all(isinstance(p, Value) for p in _leaves(state_dict))
    spoiled = "read `p.data`, and leave the nodes in their places: the model is still needed."
    require(nodes, "to_text(state_dict) has changed the model.", spoiled)
    causes = _text_causes(before, state_dict)
    expect("json.loads(to_text(state_dict))", stored, before, causes=causes, tolerance=0)
    _check_from_text(from_text, text, before)


def _text_causes(before: Any, state_dict: StateDict) -> list[Cause]:
    grads = {k: [[p.grad for p in row] for row in rows] for k, rows in state_dict.items()}
    flat = {k: [x for row in rows for x in row] for k, rows in before.items()}
    texts = "the numbers are quoted: JSON holds numbers as they are, so leave out `str`."
    return [
        gives({k: [list(c) for c in zip(*rows)] for k, rows in before.items()},
              "rows and columns are swapped."),
        gives(flat, "the rows are lost: a list for each row, in a list for each matrix."),
        gives(grads, "those are the gradients; save `p.data`."),
        when(lambda got, _: any(isinstance(x, str) for x in _leaves(got)), texts),
        when(_is_rounded, "numbers are rounded: JSON can hold every digit, leave them all."),
        when(lambda got, _: isinstance(got, list), "the names are lost, or in a list: a dict with "
             "a list of rows for each matrix is asked for."),
    ]  # fmt: skip


def _check_from_text(from_text: Any, text: str, before: Any) -> None:
    """What comes back: the same numbers, as nodes."""

    def back() -> Any:
        made = from_text(text)
        if not isinstance(made, dict):
            return made
        if not all(isinstance(v, Value) for v in _leaves(made)):
            wrap = "wrap each number: `Value(number)`, else the model cannot be trained further."
            raise Wrong("from_text(text) does not hold Values.", cause=wrap)
        return _tidy(made)

    lost = "a dict of matrices is asked for, as `state_dict` is one."
    expect("from_text(to_text(state_dict))", back(), before, tolerance=0,
           causes=[when(lambda got, _: not isinstance(got, dict), lost)])  # fmt: skip


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
            ([(7, 1.0, 5.0), (20, 2.0, 4.0), (40, 0.9, 4.5), (55, 3.0, 3.9)],),
            ([(5, 2.0, 2.9), (6, 3.5, 3.0), (8, 2.4, 2.2), (9, 1.0, 2.5)],),
        ],
        causes=[gives(wrong, text) for wrong, text in STOP_SLIPS],
    )
