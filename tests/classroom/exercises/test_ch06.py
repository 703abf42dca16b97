"""Chapter 06: other right ways pass, and what no slip of its tables says is told as well."""

from told import chapter_tests

import microgpt
from classroom.exercises import evaluate
from classroom.exercises.kit.registry import find
from microgpt import Value

TRAINED, CONFIG, TOKENIZER = microgpt.load()
gpt = find("6.5").solution.right


RIGHT = [
    ("6.1", lambda v, n, layers, b: n * (12 * layers * n + v + v + b)),
    ("6.2", "return microgpt.linear(hidden, fc2) -> return tuple(microgpt.linear(hidden, fc2))"),
    ("6.3", ((1, 0, 1, 0),)),
    ("6.3", [True, False, True, False]),
    (
        "6.4",
        "x = [a + b for a, b in zip(listened, x)] -> x[:] = [a + b for a, b in zip(listened, x)]",
    ),
    ("6.6", "max(slopes)[1:] -> list(max(slopes)[1:])"),
]


ANEW = "x = [microgpt.Value(a.data) for a in x]"
FC2 = "microgpt.linear(hidden, fc2)"
RELU = "h.relu() for h in wide ->"
WRONG = [
    ("6.2", f"wide = -> {ANEW}⏎    wide =", "No gradient reaches `x`"),
    ("6.2", f"{FC2} -> [y.data for y in {FC2}]", "compute with the Values"),
    ("6.2", f"{RELU} h.relu for h in wide", "call it"),
    ("6.2", f"{RELU} max(0, h.data) for h in wide", "no nodes"),
    ("6.2", f"{RELU} max(h, 0) for h in wide", "cannot compare"),
    ("6.2", f"{RELU} h.data.relu() for h in wide", "plain number has no"),
    ("6.2", "[h.relu() for h in wide] -> wide.relu()", "a list has no"),
    ("6.2", lambda x, a, b: microgpt.mlp(x, TRAINED["layer0.mlp_fc1"], b), "the trained model's"),
    ("6.3", ["True", "False", "True", "False"], "quotation marks"),
    ("6.3", ["mari", "anna"], "for each of the four pairs"),
    ("6.3", True, "for each of the four pairs"),
    ("6.4", "return [a + b for a -> return [(a + b).data for a", "compute with the Values"),
    ("6.5", lambda *given: microgpt.gpt(*given), "write it yourself"),
    ("6.5", lambda *given: [Value(y.data) for y in gpt(*given)], "the graph is cut"),
    ("6.5", lambda *given: [y.data for y in gpt(*given)], "the graph is cut"),
    ("6.5", "range(config.n_layer) -> range(config.n_head)", "no layer of that number"),
    (
        "6.6",
        "(name): -> (name, kept=microgpt.load()):\n= microgpt.load() -> = kept",
        "load the weights inside",
    ),
    ("6.6", lambda name: 0.31, "where the largest gradient *is*"),
    ("6.6", lambda name: "lm_head", "a tuple of three"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)


def test_where_the_solution_is_too_long_to_be_noted_nothing_is_said_of_steps():
    result = evaluate("6.6", lambda name: [][0])
    assert "Endless" not in str(result) and "n index is outside" in result.told


def test_the_packages_mlp_is_told_that_the_work_is_the_packages():
    result = evaluate("6.2", microgpt.mlp)
    assert result.status == "right" and "the work is the package's" in str(result)
