"""Chapter 08: right answers pass, plausible wrong ones are told their cause."""

import json
import random
import re

import pytest

import microgpt
from classroom.exercises import ch08, evaluate
from classroom.exercises.shared.loop_slips import LOOP_SLIPS, loop_with
from classroom.exercises.shared.window_slips import SPLIT_SLIPS, STOP_SLIPS, WINDOW_SLIPS
from microgpt import Value


def my_train(docs, tokenizer, config, state_dict, num_steps, learning_rate):
    return [
        step.loss
        for step in microgpt.train(docs, tokenizer, config, state_dict, num_steps, learning_rate)
    ]


def to_text(state_dict):
    return json.dumps(ch08._tidy(state_dict))


def from_text(text):
    return {
        name: [[microgpt.Value(x) for x in row] for row in matrix]
        for name, matrix in json.loads(text).items()
    }


def to_rounded(state_dict):
    tidy = ch08._tidy(state_dict)
    return json.dumps({k: [[round(x, 4) for x in row] for row in m] for k, m in tidy.items()})


RIGHT = {
    "8.1": (3228,),
    "8.2": (my_train,),
    "8.3": (ch08.window_mean,),
    "8.4": (ch08.hold_out,),
    "8.5": (ch08.when_to_stop,),
    "8.6": (to_text, from_text),
}


def on_a_copy(docs, tokenizer, config, state_dict, num_steps, rate):
    copied = {k: [[Value(p.data) for p in row] for row in m] for k, m in state_dict.items()}
    return my_train(docs, tokenizer, config, copied, num_steps, rate)


def without_the_last_update(*task):
    run = microgpt.train(*task)
    found = [next(run).loss for _ in range(task[4] - 1)]
    ids = task[1].document_ids(task[0][(task[4] - 1) % len(task[0])])
    return [*found, microgpt.document_loss(ids, task[3], task[2]).data]


def with_restored_weights(*task):
    kept = [p.data for p in microgpt.flatten(task[3])]
    losses = my_train(*task)
    for p, data in zip(microgpt.flatten(task[3]), kept):
        p.data = data
    return losses


def of_nodes(*task):
    return [Value(loss) for loss in my_train(*task)]


def shuffled(docs, *rest):
    random.Random(1).shuffle(docs)
    return my_train(docs, *rest)


def with_fresh_weights(docs, tokenizer, config, state_dict, num_steps, rate):
    weights = microgpt.init_params(config, random.Random(42))
    return my_train(docs, tokenizer, config, weights, num_steps, rate)


def spoiling(state_dict):
    for matrix in state_dict.values():
        for row in matrix:
            row[:] = [p.data for p in row]
    return json.dumps(state_dict)


def saving(change):
    """A `to_text` that saves something else of each matrix."""
    return lambda state_dict: json.dumps({k: change(m) for k, m in state_dict.items()})


WRONG = [
    *(("8.2", (loop_with(slip),), text) for slip, text in LOOP_SLIPS.items()),
    *(("8.3", (wrong,), text) for wrong, text in WINDOW_SLIPS),
    *(("8.4", (wrong,), text) for wrong, text in SPLIT_SLIPS),
    *(("8.5", (wrong,), text) for wrong, text in STOP_SLIPS),
    ("8.1", (3229,), "index 99,999"),
    ("8.1", (3,), "`//`"),
    ("8.1", (99_999,), "begins again"),
    ("8.1", (3225,), "what is divided by"),
    ("8.1", (3227,), "not two"),
    ("8.1", (99_999 / 32_257,), "the rest of the division"),
    ("8.1", ("zemirah",), "its place in the list"),
    ("8.1", (9_999,), "not 10,000"),
    ("8.2", (on_a_copy,), "not a copy"),
    ("8.2", (with_restored_weights,), "leave it so"),
    ("8.2", (without_the_last_update,), "last update"),
    ("8.2", (of_nodes,), "`loss.data`"),
    ("8.2", (shuffled,), "shuffled again"),
    ("8.2", (with_fresh_weights,), "made anew"),
    ("8.2", (lambda *a: my_train(*a)[:-1],), "a loss for each"),
    ("8.4", (lambda d, n: (d[:-n], sorted(set(d[-n:]) - set(d[:-n]))),), "is a set used"),
    ("8.4", (lambda d, n: (d[:-n], (x for x in d[-n:] if x not in d[:-n])),), "generator"),
    ("8.6", (to_rounded, from_text), "rounded"),
    ("8.6", (lambda s: repr(ch08._tidy(s)), from_text), "json.dumps"),
    ("8.6", (to_text, json.loads), "wrap each number"),
    ("8.6", (lambda s: json.dumps({"wte": ch08._tidy(s)["wte"]}), from_text), "every matrix"),
    ("8.6", (saving(lambda m: [[p.data for p in c] for c in zip(*m)]), from_text), "swapped"),
    ("8.6", (saving(lambda m: [p.data for row in m for p in row]), from_text), "rows are lost"),
    ("8.6", (saving(lambda m: [[p.grad for p in row] for row in m]), from_text), "gradients"),
    ("8.6", (saving(lambda m: [[str(p.data) for p in row] for row in m]), from_text), "quoted"),
    ("8.6", (spoiling, from_text), "leave the nodes"),
    ("8.6", (from_text, to_text), "changed places"),
]


@pytest.mark.parametrize("exercise", RIGHT)
def test_right_answers_pass(exercise):
    result = evaluate(exercise, *RIGHT[exercise])
    assert result.status == "right", str(result)


@pytest.mark.parametrize("exercise, answers, cause", WRONG)
def test_wrong_answers_are_told_why(exercise, answers, cause):
    result = evaluate(exercise, *answers)
    assert result.status == "wrong"
    assert cause in result.cause, str(result)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_question_with_fresh_numbers_has_its_answer(seed):
    fresh = ch08.fresh_place(random.Random(seed))
    names, step = map(int, re.findall(r"\d+(?= names|th step)", fresh.question))
    docs = list(range(names))
    assert [docs[i % len(docs)] for i in range(step)][-1] == fresh.expected


@pytest.mark.parametrize("exercise", RIGHT)
def test_stubs_are_open(exercise):
    def stub(*arguments):
        raise NotImplementedError

    answers = {"8.1": (...,), "8.6": (stub, stub)}.get(exercise, (stub,))
    result = evaluate(exercise, *answers)
    assert result.status == "not attempted" and not result.lines
