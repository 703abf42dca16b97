"""Chapter 08: other right ways pass, and what no slip of its tables says is told as well."""

import json

from told import chapter_tests

import microgpt
from classroom.exercises import ch08


def to_text(state_dict):
    return json.dumps(ch08._tidy(state_dict))


def from_text(text):
    return {
        name: [[microgpt.Value(x) for x in row] for row in matrix]
        for name, matrix in json.loads(text).items()
    }


RIGHT = [
    ("8.1", (3228.0,)),
    ("8.2", lambda *task: [step.loss for step in microgpt.train(*task)]),
    ("8.3", (lambda losses, first, last: sum(losses[first - 1 : last]) / (last - first + 1),)),
    ("8.4", "return training, held -> return [tuple(training), held]"),
    ("8.5", (lambda looks: sorted(looks, key=lambda look: look[2])[0][0],)),
    ("8.6", (to_text, from_text)),
]


def spoiling(state_dict):
    for matrix in state_dict.values():
        for row in matrix:
            row[:] = [p.data for p in row]
    return json.dumps(state_dict)


def saving(change):
    """A `to_text` that saves something else of each matrix."""
    return lambda state_dict: json.dumps({k: change(m) for k, m in state_dict.items()})


RESTORED = """
losses = [] -> losses, kept = [], [p.data for p in params]
return losses -> for p, data in zip(params, kept): p.data = data⏎    return losses
"""
WRONG = [
    ("8.1", ("zemirah",), "its place in the list"),
    ("8.2", "losses.append(loss.data) -> losses.append(loss)", "`loss.data`"),
    ("8.2", lambda *a: list(microgpt.train(*a)), "`step.loss`"),
    ("8.4", "return training, held -> return training, (doc for doc in held)", "generator"),
    ("8.6", (saving(lambda m: [[round(p.data, 4) for p in c] for c in m]), from_text), "rounded"),
    ("8.6", (lambda s: repr(ch08._tidy(s)), from_text), "json.dumps"),
    ("8.6", (to_text, json.loads), "wrap each number"),
    ("8.6", (lambda s: json.dumps({"wte": ch08._tidy(s)["wte"]}), from_text), "every matrix"),
    ("8.6", (saving(lambda m: [[p.data for p in c] for c in zip(*m)]), from_text), "swapped"),
    ("8.6", (saving(lambda m: [p.data for row in m for p in row]), from_text), "rows are lost"),
    ("8.6", (saving(lambda m: [[p.grad for p in row] for row in m]), from_text), "gradients"),
    ("8.6", (saving(lambda m: [[str(p.data) for p in row] for row in m]), from_text), "JSON holds"),
    ("8.6", (spoiling, from_text), "leave the nodes"),
    ("8.6", (from_text, to_text), "changed places"),
    ("8.6", (lambda s: None, from_text), "Nothing is returned"),
    ("8.2", RESTORED, "some weights"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)
