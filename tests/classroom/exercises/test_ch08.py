"""Chapter 08: right answers pass, plausible wrong ones are told their cause."""

import json

import pytest

import microgpt
from classroom.exercises import ch08, evaluate
from classroom.exercises.shared import flawed


def my_train(docs, tokenizer, config, state_dict, num_steps, learning_rate):
    return [
        step.loss
        for step in microgpt.train(docs, tokenizer, config, state_dict, num_steps, learning_rate)
    ]


def loop_with(flaw):
    """A reader's loop with one of the flaws that the check knows."""

    def my_train(docs, tokenizer, config, state_dict, num_steps, learning_rate):
        return ch08.losses_of(flaw)

    return my_train


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

WRONG = [
    ("8.3", (lambda ls, a, b: sum(ls) / len(ls),), "mean of all"),
    ("8.3", (lambda ls, a, b: sum(ls[a - 1 : b]) / (b - a),), "length of the window"),
    ("8.4", (lambda docs, n: (docs[:n], docs[n:]),), "`docs[:-count]`"),
    ("8.4", (lambda docs, n: (docs[:-n], [d for d in docs[-n:] if d not in docs]),), "nothing is"),
    ("8.5", (lambda looks: min(looks, key=lambda x: x[1] + x[2])[0],), "add the two losses"),
    ("8.5", (lambda looks: min(looks, key=lambda x: x[2] - x[1])[0],), "smallest gap"),
    ("8.5", (lambda looks: min(looks)[0],), "whole looks"),
    ("8.1", (3229,), "index 99,999"),
    ("8.1", (3,), "`//`"),
    ("8.1", (99_999,), "begins again"),
    *(("8.2", (loop_with(flaw),), text) for flaw, text in ch08.FLAWS.items()),
    ("8.2", (lambda *a: ch08.losses_of()[:-1],), "append a loss in each"),
    ("8.3", (lambda ls, a, b: sum(ls[a:b]) / max(1, len(ls[a:b])),), "too late"),
    ("8.3", (lambda ls, a, b: sum(ls[a - 1 : b]),), "that is the sum"),
    ("8.3", (lambda ls, a, b: ch08._mean(ls[a - 1 : b - 1]),), "end of a slice"),
    ("8.4", (flawed.with_duplicates,), "the file repeats"),
    ("8.4", (flawed.from_the_front,), "yours are the first"),
    ("8.4", (flawed.trained_on_all,), "still among those to train on"),
    ("8.4", (flawed.cleaned_training,), "drop it from the held-out one"),
    ("8.4", (lambda d, n: ch08.hold_out(d, n)[::-1],), "swapped"),
    ("8.5", (lambda ls: min(ls, key=lambda x: x[1])[0],), "training loss"),
    ("8.5", (lambda ls: min(x[2] for x in ls),), "lowest loss"),
    ("8.5", (lambda ls: ls[-1][0],), "last look"),
    ("8.5", (lambda ls: min(range(len(ls)), key=lambda i: ls[i][2]),), "place in the list"),
    ("8.6", (to_rounded, from_text), "rounded"),
    ("8.6", (lambda s: repr(ch08._tidy(s)), from_text), "json.dumps"),
    ("8.6", (to_text, json.loads), "wrap each number"),
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


def test_the_flaws_of_the_loop_differ_from_the_right_one_and_from_each_other():
    found = [tuple(ch08.losses_of(flaw)) for flaw in ("", *ch08.FLAWS)]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("exercise", RIGHT)
def test_stubs_are_open(exercise):
    def stub(*arguments):
        raise NotImplementedError

    answers = {"8.1": (...,), "8.6": (stub, stub)}.get(exercise, (stub,))
    result = evaluate(exercise, *answers)
    assert result.status == "not attempted" and not result.lines
