"""What chapters 05 and 06 teach is what ships: the reader's functions against the package's."""

import ast
import math
import random
import re
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT, assert_same_floats

import microgpt
from classroom.exercises.ch05 import favourites
from classroom.exercises.kit.pages import find_places, read_cells
from classroom.exercises.shared.likenesses import read_tokens
from classroom.lab.ablated import train_without
from classroom.viz import logit_lens
from classroom.viz.soft_dictionary import soft_lookup
from microgpt import Config, Value, dot, init_params, softmax

NOTEBOOKS = {5: "05_attention.ipynb", 6: "06_mlp.ipynb"}
NUMBERS = st.floats(-5, 5, allow_subnormal=False)
TAUGHT = {"microgpt": microgpt, "Value": Value, "dot": dot, "softmax": softmax}


@cache
def solutions(chapter):
    """The functions of a notebook's solutions, as the reader ends up with them."""
    found = dict(TAUGHT)
    for place in find_places(read_cells(ROOT / "notebooks" / NOTEBOOKS[chapter])):
        definitions = [
            node
            for node in ast.parse(place.solution).body
            if isinstance(node, ast.FunctionDef | ast.Assign)
        ]
        exec(compile(ast.Module(definitions, []), place.id, "exec"), found)
    return found


@cache
def shown(chapter, *names):
    """Functions that a notebook's own cells define."""
    found = {**TAUGHT, "tokenizer": microgpt.load()[2]}
    for cell in read_cells(ROOT / "notebooks" / NOTEBOOKS[chapter]):
        if cell["cell_type"] == "code":
            body = ast.parse(cell["source"]).body
            wanted = [n for n in body if isinstance(n, ast.FunctionDef) and n.name in names]
            exec(compile(ast.Module(wanted, []), "cell", "exec"), found)
    return [found[name] for name in names]


def vectors(rows, columns):
    row = st.lists(NUMBERS, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


def values_and_gradients(function, *arguments):
    """Data of the outputs, and the gradients of all inputs by a weighted sum of the outputs."""
    leaves = []

    def wrap(thing):
        if isinstance(thing, float):
            leaves.append(Value(thing))
            return leaves[-1]
        return [wrap(part) for part in thing] if isinstance(thing, list) else thing

    outputs = flat(function(*[wrap(argument) for argument in arguments]))
    weighted = microgpt.total([output * (place + 1) for place, output in enumerate(outputs)])
    weighted.backward()
    return [output.data for output in outputs] + [leaf.grad for leaf in leaves]


def flat(thing):
    if isinstance(thing, Value):
        return [thing]
    return [value for part in thing for value in flat(part)]


def agree(mine, theirs, *arguments):
    assert_same_floats(
        values_and_gradients(mine, *arguments), values_and_gradients(theirs, *arguments)
    )


@given(vectors(1, 5), vectors(3, 5))
def test_linear(x, w):
    agree(solutions(5)["linear"], microgpt.linear, x[0], w)


@given(vectors(1, 6))
def test_rmsnorm(x):
    agree(solutions(5)["rmsnorm"], microgpt.rmsnorm, x[0])


@given(st.integers(1, 5).flatmap(lambda n: st.tuples(vectors(1, 4), vectors(n, 4), vectors(n, 4))))
def test_attention_head(case):
    q, keys, values = case
    agree(solutions(5)["attention_head"], microgpt.attention_head, q[0], keys, values)


@settings(max_examples=30)
@given(
    st.integers(1, 3).flatmap(
        lambda n: st.tuples(vectors(n, 4), st.lists(vectors(4, 4), min_size=4, max_size=4))
    ),
    st.sampled_from([1, 2, 4]),
)
def test_attention_over_a_sequence(case, n_head):
    xs, weights = case

    def read(attention):
        def run(xs, weights):
            keys, values = [], []
            return [attention(x, keys, values, *weights, n_head) for x in xs]

        return run

    agree(read(solutions(5)["attention"]), read(microgpt.attention), xs, weights)


@given(vectors(1, 3), vectors(12, 3), vectors(3, 12))
def test_mlp(x, fc1, fc2):
    agree(solutions(6)["mlp"], microgpt.mlp, x[0], fc1, fc2)


MODELS = st.builds(
    Config,
    vocab_size=st.just(5),
    n_embd=st.just(4),
    n_head=st.sampled_from([1, 2, 4]),
    n_layer=st.integers(1, 3),
    block_size=st.just(4),
)


def logits_and_gradients(gpt, ids, config, seed):
    params = init_params(config, random.Random(seed), std=0.7)
    logits = read_tokens(gpt, ids, params, config)
    microgpt.cross_entropy(logits, 3).backward()
    return [y.data for y in logits] + [p.grad for p in microgpt.flatten(params)]


@settings(max_examples=25, deadline=None)
@given(MODELS, st.lists(st.integers(0, 4), min_size=1, max_size=4), st.integers(0, 999))
def test_gpt_of_the_exercise_and_of_the_text(config, ids, seed):
    expected = logits_and_gradients(microgpt.gpt, ids, config, seed)
    names = ("block_without", "stream_without", "gpt_without")
    without = shown(6, *names)[-1]
    for gpt in (solutions(6)["gpt"], lambda *arguments: without("nothing", *arguments)):
        assert_same_floats(logits_and_gradients(gpt, ids, config, seed), expected)


@settings(max_examples=25, deadline=None)
@given(
    MODELS,
    st.lists(st.integers(0, 4), min_size=2, max_size=4),
    st.integers(0, 999),
    st.data(),
)
def test_changing_a_later_token_never_changes_an_earlier_output(config, ids, seed, data):
    place = data.draw(st.integers(1, len(ids) - 1))
    other = [*ids[:place], *data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=4 - place))]
    params = init_params(config, random.Random(seed), std=0.7)

    def outputs(tokens):
        keys, values = ([[] for _ in range(config.n_layer)] for _ in range(2))
        return [
            [y.data for y in microgpt.gpt(i, pos, keys, values, params, config)]
            for pos, i in enumerate(tokens)
        ]

    assert outputs(ids)[:place] == outputs(other)[:place]


@pytest.mark.parametrize("part", ["nothing", "residual", "norm", "first norm", "positions"])
@pytest.mark.parametrize("n_layer", [1, 3])
def test_the_models_trained_without_a_part_are_those_shown(part, n_layer):
    names = ("block_without", "stream_without", "gpt_without", "loss_without")
    loss_without = shown(6, *names)[-1]
    _, _, tokenizer = microgpt.load()
    config = Config(vocab_size=27, n_layer=n_layer)
    params = init_params(config, random.Random(7))
    run = train_without(part, ["olivia"], ["ava"], tokenizer, config, params, num_steps=1)
    expected = loss_without(part, "olivia", params, config).data
    assert run.losses == [pytest.approx(expected, abs=1e-12)]


def test_the_square_of_the_length():
    needed = solutions(5)["scores_needed"]
    counts = [needed("a" * (n - 1)) for n in (4, 8, 16, 32)]
    assert counts == [10, 36, 136, 528]
    assert "4 positions need 10 scores, 8 need 36, 16 need 136, 32 need 528" in whole_text(5)


def whole_text(chapter):
    """All Markdown of a notebook, folded answers too, on one line."""
    cells = read_cells(ROOT / "notebooks" / NOTEBOOKS[chapter])
    return " ".join(" ".join(c["source"] for c in cells if c["cell_type"] == "markdown").split())


def test_the_answers_about_the_soft_dictionary():
    page = whole_text(5)
    assert "`exp(6)` times the weight, four hundred times" in page
    assert round(math.exp(6), -2) == 400
    for name, last, first in (("oliv", "i", "o"), ("olivia", "a", "o"), ("ashlynn", "a", "a")):
        for query, wanted in (((4, 3), last), ((4, -3), first)):
            assert soft_lookup(name, query, vowel=4, consonant=-4).shares[wanted] > 0.9
    trap = soft_lookup("ashlynn", (4, 3), vowel=4, consonant=0)
    assert "scores 21 by its place alone, more than the 19 of the `a`" in page
    assert trap.scores[-1] == 21 and trap.scores[0] == 19 and trap.shares["n"] > trap.shares["a"]
    assert soft_lookup("ashlynn", (4, 3), vowel=4, consonant=-4).scores[-1] == 5
    tie = soft_lookup("olivia", (4, 0), vowel=4, consonant=-4).shares
    assert "0.50 of `i` (it is there twice), 0.25 of `o`, 0.25 of `a`" in page
    assert [round(tie[char], 2) for char in "ioa"] == [0.50, 0.25, 0.25]


def test_what_head_1_likes():
    names = random.Random(5).sample(microgpt.load_docs(), 200)
    found = Counter(
        ["BOS", *name][place] for name in names if len(name) < 16 for place in favourites(name, 1)
    )
    assert "most often the mark, then `a`, then `e`" in whole_text(5)
    assert [char for char, _ in found.most_common(3)] == ["BOS", "a", "e"]


def test_the_same_letter_once_in_a_name_gives_wte_and_wpe_the_same_gradient():
    state_dict, config, tokenizer = microgpt.load()
    microgpt.document_loss(tokenizer.document_ids("max"), state_dict, config).backward()
    row = state_dict["wte"][tokenizer.encode("x")[0]]
    assert [p.grad for p in row] == [p.grad for p in state_dict["wpe"][3]]


def prose(chapter):
    """The text that a reader sees: no folded answers, code, formulas, links or tables' heads."""
    cells = read_cells(ROOT / "notebooks" / NOTEBOOKS[chapter])
    texts = [c["source"] for c in cells if c["cell_type"] == "markdown"]
    text = "\n".join(text for text in texts if not text.startswith("Expected:"))
    for pattern in (r"(?s)<details>.*?</details>", r"`[^`]*`", r"(?s)\$\$.*?\$\$", r"\(http.*?\)"):
        text = re.sub(pattern, " ", text)
    return text


def printed(chapter):
    """All numbers that the notebook's cells put out in words."""
    cells = read_cells(ROOT / "notebooks" / NOTEBOOKS[chapter])
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    parts = [part for o in outputs for part in (o.get("text"), o.get("data", {}).get("text/plain"))]
    text = "\n".join("".join(part) for part in parts if part)
    return [abs(float(n.replace(",", ""))) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


GIVEN = {"1,000", "5,000", "2,048", "1,000,000,000"}  # names, weights, positions, a mask: set


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_every_number_in_the_text_is_in_an_output(chapter):
    outputs = printed(chapter)
    said = re.findall(r"(?<![\w.])(?:\d*\.\d{2,}|\d{1,3}(?:,\d{3})+)(?![\w])", prose(chapter))
    assert len(said) > 5
    for number in set(said) - GIVEN:
        decimals = len(number.partition(".")[2])
        value = float(number.replace(",", ""))
        assert any(round(x, decimals) == value for x in outputs), number


def test_what_the_exercises_of_chapter_05_expect():
    mine = solutions(5)
    assert [mine["scores_needed"](name) for name in ("ava", "")] == [10, 1]
    x, w = [Value(1.0), Value(2.0)], [[Value(1.0), Value(0.0)], [Value(10.0), Value(100.0)]]
    assert [y.data for y in mine["linear"](x, w)] == [1, 210]
    normed = mine["rmsnorm"]([Value(3.0), Value(4.0)])
    assert [round(y.data, 4) for y in normed] == [0.8485, 1.1314]
    assert favourites("ava", 1) == [0, 0, 1, 0]
    assert [favourites("olivia", 1)[place] for place in (2, 4)] == [1, 1]  # l and v: the o


def test_what_the_exercises_of_chapter_06_expect():
    assert solutions(6)["count_parameters"](27, 16, 1, 16) == 4192
    assert solutions(6)["count_parameters"](27, 16, 2, 16) == 7264
    assert solutions(6)["steepest"]("emma") == ("lm_head", 12, 11)
    assert solutions(6)["same_guess"] == [True, False, True, False]


def test_what_most_names_show_under_the_lens():
    model = microgpt.load()
    names = random.Random(5).sample(microgpt.load_docs(), 200)
    lenses = [logit_lens(name[:15], *model) for name in names]
    places = [(lens, at) for lens in lenses for at in range(len(lens.targets))]
    ends = [(lens.right(0, len(lens.name)), lens.right(2, len(lens.name))) for lens in lenses]
    assert [round(sum(column) / len(ends), 2) for column in zip(*ends)] == [0.32, 0.51]
    others = sum(lens.best(0, at)[0] != lens.best(2, at)[0] for lens, at in places)
    assert 0.28 < others / len(places) < 0.36
    surer = {kind: [] for kind in ("vowel", "consonant")}
    for lens, at in places:
        if 0 < at < len(lens.name):
            kind = "vowel" if lens.name[at - 1] in "aeiou" else "consonant"
            surer[kind].append(lens.best(2, at)[1] - lens.best(0, at)[1])
    means = {kind: sum(rises) / len(rises) for kind, rises in surer.items()}
    assert means["consonant"] > 1.5 * means["vowel"] > 0


def test_without_the_stream_no_gradient_vanishes_on_its_way_but_queries_have_nothing_to_choose():
    names = ("block_without", "stream_without", "gpt_without", "loss_without")
    loss_without = shown(6, *names)[-1]
    deep = Config(vocab_size=27, n_layer=8)
    sizes = {}
    for part in ("nothing", "residual"):
        weights = init_params(deep, random.Random(42))
        loss_without(part, "emma", weights, deep).backward()
        for kind in ("attn_wv", "attn_wo", "mlp_fc2", "attn_wq"):
            layers = [weights[f"layer{i}.{kind}"] for i in range(8)]
            sizes[part, kind] = [sum(p.grad**2 for row in m for p in row) for m in layers]
    for kind in ("attn_wv", "attn_wo", "mlp_fc2"):
        pairs = zip(sizes["residual", kind], sizes["nothing", kind])
        assert all(without > whole for without, whole in pairs)
    queries = sizes["residual", "attn_wq"]
    assert queries[-1] == min(queries) and queries[0] == max(queries)
    assert max(queries) < min(sizes["nothing", "attn_wq"]) / 1e3
