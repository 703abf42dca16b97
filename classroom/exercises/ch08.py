"""Exercises of chapter 08: the loop, windows, names held out, when to stop, weights as JSON."""

from __future__ import annotations

import json
import random
import statistics  # noqa: F401 - for slips
from collections.abc import Callable
from typing import Any

import microgpt
from classroom.exercises.judges.flow import flat
from classroom.exercises.kit.causes import Cause, raises, when
from classroom.exercises.kit.checking import require
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.kit.solutions import Asked, Solution, prediction, solution
from microgpt import CharTokenizer, Config, Value
from microgpt.model import StateDict

SHORTER = "the list is shorter than that: it begins again after its last name."
HOW_OFTEN = "`/` says how often; the rest of the division is asked for: `%`."


def fresh_place(rng: random.Random) -> Fresh:
    """Another list and another step."""
    names, step = rng.randrange(11, 60), rng.randrange(100, 400)
    question = f"A list has {names} names. At which place, from 0, is that of the {step}th step?"
    place = (step - 1) % names
    return Fresh(question, place, f"({step} - 1) % {names}: the first step has index 0.")


prediction(
    "8.1", "Which name comes next?", difficulty=1, minutes=5, again=fresh_place,
    asked={
        "place": Asked(
            99_999 % 32_257,
            {
                100_000 % 32_257: "the first step has index 0, so step 100,000 has index 99,999.",
                100_000 // 32_257: "that is how often the list has been used up: `//`, not `%`.",
                99_999: SHORTER,
                100_000: SHORTER,
                99_998 % 32_257: "the 100,000th step has index 99,999: one is taken off, not two.",
                99_999 % 1000: "this list has 32,257 names, not 1,000.",
                **dict.fromkeys((4 * 32_257 - 99_999, 4 * 32_257 - 100_000), "that is how far it is to the end of the round; a place counts from its start."),
                99_999 - 32_257: "one round is taken off, and three fit in: what is left then is `%`.",
                99_999 % 32_258: "a round has 32,257 places, 0 to 32,256, and behind the last comes 0.",
                99_999 / 32_257: HOW_OFTEN,
                100_000 / 32_257: HOW_OFTEN,
            },
            also=(
                when(lambda got, _: isinstance(got, str) and got.isalpha(), "that is a name; its place in the list is asked for."),
            ),
            first="the first step has index 0, and after every 32,257 names the list begins again.",
        )
    },
)  # fmt: skip

DOCS = ["ana", "bo", "maxim", "noa"]


def _start(seed: int = 3) -> tuple[list[str], CharTokenizer, Config, StateDict]:
    """Four names and a very small model, the same each time."""
    tokenizer = CharTokenizer.from_docs(DOCS)
    config = Config(tokenizer.vocab_size, n_embd=4, n_head=2, block_size=8)
    rng = random.Random(seed)
    return list(DOCS), tokenizer, config, microgpt.init_params(config, rng, std=0.3)


def _trained(answer: Any, steps: int, rate: float) -> dict[str, Any]:
    """The losses that a loop returns, and what it made of the weights and the names."""
    docs, tokenizer, config, state_dict = _start()
    losses = answer(docs, tokenizer, config, state_dict, steps, rate)
    weights = [round(p.data, 9) for p in state_dict["lm_head"][0]]
    return {"losses": losses, "some weights": weights, "names": docs}


def _require_numbers(answer: Any) -> None:
    losses = answer(*_start(), 6, 0.05)
    nodes = any(hasattr(loss, "grad") for loss in losses)
    require(not nodes, "my_train returns nodes.", "plain numbers are asked for: `loss.data`.")


@solution(
    "8.2", "The loop", difficulty=2, minutes=20, run=_trained, then=_require_numbers,
    show_as="my_train on 4 names, {0} steps, learning rate {1},", may_change=True,
    cases=[(6, 0.05), (5, 0.2)],
    slips={
        "rate = microgpt.linear_decay(learning_rate, step, num_steps) -> rate = learning_rate": "the learning rate stays the same; pass `linear_decay(...)` to adam.step.",
        "linear_decay(learning_rate, step, num_steps) -> linear_decay(0.01, step, 1000)": "0.01 and 1000 are the cell's numbers: use `learning_rate` and `num_steps`.",
        "rate = microgpt.linear_decay(learning_rate, step, num_steps) -> rate = learning_rate * (1 - step / len(docs))": "the rate falls over the number of names; it falls over `num_steps`.",
        "linear_decay(learning_rate, step, -> linear_decay(learning_rate, step + 1,": "the rate falls one step too early: the first step has the whole of it.",
        "range(num_steps) -> range(1, num_steps + 1)": "the steps are counted from 1: the first name is left out, and the rate ends at 0. `range(num_steps)`.",
        "tokenizer.document_ids(doc) -> tokenizer.encode(doc)": "`BOS` is missing at both ends: use `tokenizer.document_ids`, not `encode`.",
        "loss.backward() -> loss": "nothing is learned: `loss.backward()` or `adam.step(...)` is missing or without its parentheses, the gradients are set to 0 between the two, or Adam holds other weights.",
        "rate = microgpt -> adam = microgpt.Adam(params); rate = microgpt": "Adam is made anew in every step and forgets its moments: make it before the loop.",
        "adam.step(rate) -> [setattr(p, 'data', p.data - rate * p.grad) or setattr(p, 'grad', 0) for p in params]": "that is plain SGD; the weights are to be moved by `microgpt.Adam`.",
        "losses.append(loss.data) -> losses.append(microgpt.document_loss(ids, state_dict, config).data)": "the loss is measured after the update; report the one that backward started from.",
        "return losses -> return losses[-1]": "that is the last loss alone; a list with the loss of each step is asked for.",
        "params = microgpt.flatten(state_dict) -> state_dict = {k: [[microgpt.Value(p.data) for p in row] for row in m] for k, m in state_dict.items()}; params = microgpt.flatten(state_dict)": "a copy of the weights is trained; train `state_dict` itself.",
    },
    also=[
        raises(IndexError, "after the last name comes the first: `docs[step % len(docs)]`."),
        when(lambda got, _: any(hasattr(each, "learning_rate") for each in got["losses"]), "`train` makes steps: take `step.loss` of each."),
        when(lambda got, right: len(got["losses"]) > len(right["losses"]), "there are more losses than steps: a step takes one name, not all of them."),
    ],
)  # fmt: skip
def my_train(docs, tokenizer, config, state_dict, num_steps, learning_rate):
    params = microgpt.flatten(state_dict)
    adam = microgpt.Adam(params)
    losses = []
    for step in range(num_steps):
        doc = docs[step % len(docs)]  # the name of this step, from the first again behind the last
        ids = tokenizer.document_ids(doc)  # its ids, BOS at both ends
        loss = microgpt.document_loss(ids, state_dict, config)  # its loss
        loss.backward()
        rate = microgpt.linear_decay(learning_rate, step, num_steps)  # this step's rate
        adam.step(rate)
        losses.append(loss.data)  # the loss of each step, in a list
    return losses


EARLY_END = "the last step belongs to the window, too: a slice leaves its end out, and so does `<`."
WINDOWS = ((2, 5), (3, 5), (4, 57), (1, 4), (5, 8))
COUNT = "total / len(window) ->"
CUT = "losses[first - 1 : last] ->"


@solution(
    "8.3", "Read a window", difficulty=1, minutes=5,
    cases=lambda draw: [
        ([4.0, 2.0, 3.0], 1, 3), ([4.0, 2.0, 6.0], 2, 2), ([2.5, 2.5, 7.0], 1, 3),
        *((draw.numbers(last + 2, 0, 9, 2), first, last) for first, last in WINDOWS),
    ],
    slips={
        f"{CUT} losses[first:last]": "step 1 is `losses[0]`: the window begins one place too late.",
        f"{CUT} losses[first - 1 : last - 1]": EARLY_END,
        f"{CUT} losses[first - 1 : last - 1]\n{COUNT} total / (last - first + 1)": EARLY_END,
        f"{CUT} losses[first : last + 1]": "the window lies one place too late: step 1 is `losses[0]`.",
        f"{COUNT} total / (last - first)": "both ends belong to the window: it has last - first + 1 steps.",
        f"{COUNT} total": "that is the sum; divide by the number of steps.",
        f"{COUNT} total / len(losses)": "divide by the length of the window, not of the whole list.",
        f"{COUNT} (losses[first - 1] + losses[last - 1]) / 2": "that is the mean of the first and the last step: those between belong to the window, too.",
        f"{COUNT} total // len(window)": "`//` rounds down: use `/`.",
        f"{COUNT} statistics.median(window)": "that is the median, the middle one; the mean is the sum divided by the number.",
    },
)  # fmt: skip
def my_window_mean(losses, first, last):
    window = losses[first - 1 : last]  # the losses of the steps first to last, both included
    total = sum(window)  # their sum
    return total / len(window)  # the sum divided by their number


NOT_IN = "if doc not in training] ->"
TRAINING = "training = docs[:-count] ->"


@solution(
    "8.4", "Names it never saw", difficulty=2, minutes=10,
    cases=[
        (["d", "c", "b", "a"], 1), (["a", "b", "c", "a"], 2), (["a", "b", "a", "a", "c"], 3),
        (["b", "a", "b", "a", "c"], 3), (["cy", "ann", "bo", "cy", "bo", "eve", "ann"], 4),
        (["bo", "bo", "ann", "zoe", "eve", "ann", "an", "zoe"], 5),
        (["leo", "max", "ian", "leo", "tom", "kim", "max", "ann"], 5),
    ],
    slips={
        f"{NOT_IN} ]": "a name that is trained on is also held out: the file repeats.",
        f"{TRAINING} training = docs[count:]\ndocs[-count:] -> docs[:count]": "the last names are to be held out, yours are the first.",
        "training, held -> [doc for doc in training if doc not in last], last": "you removed the name from the training part; drop it from the held-out one.",
        "return training, held -> return held, training": "the two parts are swapped: training first.",
        f"{TRAINING} training = docs[:count]\ndocs[-count:] -> docs[count:]": "`docs[:count]` are the first names; `docs[:-count]` are all but the last.",
        f"{NOT_IN} if doc not in docs]": "nothing is left to hold out: compare with the training part, not with all names.",
        f"{NOT_IN} if docs.count(doc) == 1]": "a name that comes twice at the end, and never in the training part, is held out all the same: compare with the training part.",
        f'{NOT_IN} if doc not in " ".join(training)]': "`in` on a text finds parts of names, such as `an` in `ann`: compare with the list.",
        "return training, held -> for doc in last:⏎        if doc in training:⏎            last.remove(doc)⏎    return training, last": "removing from the list that the loop walks through makes it skip the next name: build a new list.",
        f"{TRAINING} training = docs[: -count - 1]": "the training part ends one name too early: `docs[:-count]`.",
        "return training, held -> return list(dict.fromkeys(training)), held": "the training part keeps its repeats: only the held-out part is filtered.",
        "return training, held -> return training, sorted(set(held))": "the order or the repeats of the held-out part are lost: keep the list.",
    },
)  # fmt: skip
def hold_out(docs, count):
    training = docs[:-count]  # all names but the last count
    last = docs[-count:]  # the last count names
    held = [doc for doc in last if doc not in training]  # of these, the ones training does not have
    return training, held


STEP = "return best[0] ->"
LOWEST = "min(looks, key=lambda look: look[2]) ->"
NONE_BELOW = "no loss was below the number that the search begins with: begin with the first look, or with infinity."


def _drawn_looks(draw: Any) -> list[Any]:
    """Looks at runs of several lengths: steps at unequal distances, losses with two digits."""
    made = []
    for count in (3, 4, 5, 6, 6, 7, 7, 8, 9, 9):
        steps = sorted(draw.sample(range(3, 900), count))
        training = draw.numbers(count, 2, 12, 2)
        made.append((list(zip(steps, training, draw.numbers(count, 2.05, 12, 2))),))
    return made


def by_hand(looks):
    losses = [look[2] for look in looks]  # the held-out losses
    lowest = min(losses)  # the lowest of them
    return looks[losses.index(lowest)][0]  # the step where it is


@solution(
    "8.5", "When to stop", difficulty=1, minutes=10, extra=True, roads=[by_hand],
    cases=lambda draw: [
        ([(10, 2.0, 2.4)],),
        ([(100, 2.6, 2.7), (200, 2.3, 2.5), (300, 2.1, 2.6), (400, 1.2, 3.1)],),
        ([(10, 2.0, 2.4), (20, 1.0, 3.0), (30, 0.9, 3.4)],),
        ([(10, 3.0, 3.3), (20, 2.9, 3.1), (30, 2.0, 2.6)],),
        ([(100, 2.6, 2.7), (200, 2.3, 2.2), (300, 2.1, 2.6), (400, 1.2, 2.4)],),
        ([(40, 1209.9, 1210.2), (80, 1209.1, 1209.83)],),
        ([(30, 2.2, 2.44), (60, 2.1, 2.41), (90, 2.05, 2.43)],),
        ([(20, 2.2, 2.46), (70, 2.1, 2.44), (90, 2.05, 2.41)],),
        ([(5, 3.1, 2.38), (9, 2.7, 2.33), (14, 2.9, 2.26)],), *_drawn_looks(draw),
    ],
    slips={
        f"{LOWEST} min(looks, key=lambda look: look[1])": "you look at the training loss, which falls for ever; look at the held-out one.",
        f"{STEP} return best[2]": "that is the lowest loss; the step at which it was reached is asked for.",
        f"{STEP} return next((b[0] for a, b in zip(looks, looks[1:]) if b[2] > a[2]), looks[-1][0])": "you stop after the first rise; a later look may be lower still, and the look before was lower.",
        f"{STEP} return next((a[0] for a, b in zip(looks, looks[1:]) if b[2] > a[2]), looks[-1][0])": "you stop at the first rise; a later look may be lower still.",
        f"{STEP} return [looks[0], *(b for a, b in zip(looks, looks[1:]) if b[2] < a[2])][-1][0]": "you compare with the look before; compare with the best so far.",
        f"{STEP} return looks[-1][0]": "that is the last look, not the best one.",
        f"{STEP} return looks[0][0]": "that is the first look: is `return` inside the loop, or is a `key` missing? (`min` of whole looks compares their steps.)",
        f"{LOWEST} min(looks, key=lambda look: look[1] * look[2])": "both losses count here; names to come are like the held-out ones alone.",
        f"{LOWEST} min(looks, key=lambda look: look[2] - look[1])": "that is the smallest gap; a model that has learned nothing has a small one, too.",
        f"{LOWEST} max(looks, key=lambda look: look[2])": "there the held-out loss is highest; the lowest is best.",
        f"{STEP} return looks.index(best)": "that is the look's place in the list; its step is asked for.",
        f"{STEP} return None": NONE_BELOW,
        f"{STEP} return 0": NONE_BELOW,
    },
)  # fmt: skip
def when_to_stop(looks):
    best = min(looks, key=lambda look: look[2])  # the look with the lowest held-out loss
    return best[0]  # its step


def _tidy(state_dict: StateDict) -> dict[str, list[list[float]]]:
    return {name: [[p.data for p in row] for row in rows] for name, rows in state_dict.items()}


def to_text(state_dict: StateDict) -> str:
    """A model as a text in JSON."""
    return json.dumps(_tidy(state_dict))  # the rows of plain numbers, by name, as one text


def from_text(text: str) -> StateDict:
    """The model that a text in JSON holds."""
    stored = json.loads(text)  # the numbers of the text, as rows, by name
    return {k: [[Value(x) for x in row] for row in m] for k, m in stored.items()}


def _what_it_holds(answer: Any, state_dict: StateDict) -> Any:
    """What is in the text of a model."""
    if (text := answer(state_dict)) is None:
        return None
    require(isinstance(text, str), f"a text is asked for; this is of type {type(text).__name__}.")
    kept = all(isinstance(p, Value) for p in flat([*state_dict.values()]))
    require(kept, "the model is changed by it.")
    return json.loads(text)


def _as_a_model(answer: Any, text: str) -> Any:
    """What was made of a text, if its numbers are nodes of their own."""
    made = answer(text)
    leaves = [*flat([*made.values()])] if isinstance(made, dict) else []
    require(all(isinstance(p, Value) for p in leaves), "not all numbers in it are Values.")
    require(len({*map(id, leaves)}) == len(leaves), "one and the same Value is in several places.")
    return made


def _models(draw: Draw) -> list[StateDict]:
    """Models with matrices of several shapes, of two layers, with equal numbers in two nodes."""
    first = {
        "wte": draw.matrix(3, 2),
        "wpe": draw.matrix(1, 2),
        "layer0.attn_wq": draw.matrix(2, 2),
    }
    other = {"wte": draw.matrix(4, 1), "lm_head": draw.matrix(2, 3)}
    for row in (first["wte"][1], other["lm_head"][0]):
        row[:2] = Value(0.1 + 0.2), Value(0.1 + 0.2)  # 0.30000000000000004
    return [first, other, {**other, **first, "layer1.attn_wq": draw.matrix(1, 3)}]


def _of_all(change: Callable[[Any], Any], why: str) -> Cause:
    """Cause that fits if the same was done to every matrix."""
    return when(lambda got, right: got == {name: change(m) for name, m in right.items()}, why)


def _has_texts(got: Any, right: Any) -> bool:
    return any(isinstance(each, str) for each in flat([*got.values()]))


def _is_rounded(got: Any, right: Any) -> bool:
    pairs = zip(flat([*got.values()]), flat([*right.values()]), strict=True)
    return got.keys() == right.keys() and all(abs(a - b) < 1e-2 for a, b in pairs)


BOTH_WAYS = (
    Solution(
        "8.6", to_text, lambda draw: [(each,) for each in _models(draw)], tolerance=0,
        run=_what_it_holds, show_as="json.loads(to_text({0}))",
        also=(
            raises(Wrong, "`json.dumps` makes a text, and it is what your function returns.", "a text is asked for"),
            raises(Wrong, "read `p.data`, and leave the nodes in their places: the model is still needed.", "is changed"),
            raises(TypeError, "the two functions have changed places: first `to_text`, then `from_text`.", "JSON object must be str"),
            raises(ValueError, "a text is asked for as `json.dumps` makes it; this is no JSON.", "line 1 column"),
            when(lambda got, right: got.keys() < right.keys(), "every matrix belongs in the text: go through `state_dict.items()`."),
            when(lambda got, _: isinstance(got, list), "the names are lost, or in a list: a dict with a list of rows for each matrix is asked for."),
            _of_all(lambda m: [[*column] for column in zip(*m)], "rows and columns are swapped."),
            _of_all(lambda m: [x for row in m for x in row], "the rows are lost: a list for each row, in a list for each matrix."),
            _of_all(lambda m: [[0 for _ in row] for row in m], "those are the gradients; save `p.data`."),
            when(_has_texts, "these are texts: JSON holds numbers as they are, each node's `.data`, without `str`."),
            when(_is_rounded, "numbers are rounded: JSON can hold every digit, leave them all."),
        ),
    ),
    Solution(
        "8.6", from_text, lambda draw: [(json.dumps(_tidy(each)),) for each in _models(draw)],
        tolerance=0, run=_as_a_model,
        also=(
            raises(Wrong, "wrap each number: `Value(number)`, else the model cannot be trained further.", "not all"),
            raises(Wrong, "training would move them together: make a `Value` for each place, equal numbers too, and each row anew.", "several places"),
            raises(AttributeError, "a text comes in: `json.loads(text)` makes the dict of it.", "'str' object has no attribute 'items'"),
        ),
    ),
)  # fmt: skip


@exercise("8.6", "There and back", difficulty=2, minutes=15, extra=True, parts=BOTH_WAYS)
def check_json(to_text: Any, from_text: Any) -> None:
    """Check ``to_text(state_dict)`` and ``from_text(text)``: JSON, nothing lost."""
    for data, answer in zip(BOTH_WAYS, (to_text, from_text)):
        data.check(answer)
