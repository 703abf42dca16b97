"""What chapters 0 and 1 say in words, held by running it."""

from __future__ import annotations

import json
import random

import pytest
from first_model import first_loss, loss_of, running, shuffled, squared
from support import ROOT

from classroom.lab.film import stored_film
from classroom.lab.sampling import ten_names
from classroom.widgets import NameJourney, NamesExplorer
from microgpt import (
    Value,
    flatten,
    load,
    next_token_probs,
    sample,
    topological_sort,
)
from microgpt.inference import float_weights


@pytest.fixture(scope="module")
def gpt():
    return shuffled()


def test_chapter_1_the_fifth_field_is_read_by_no_arithmetic():
    a, b = Value(2.0), Value(3.0)
    loss = squared(a, b)
    for node in topological_sort(loss):
        node._op = "nonsense"
    loss.backward()
    assert (a.grad, b.grad) == (39, 26)


def test_chapter_1_the_diary_is_not_rewritten():
    a, b = Value(2), Value(3)
    c = a * b
    a.data = 10
    assert c.data == 6
    assert tuple(c._local_grads) == (3, 2)


def test_chapter_1_equal_numbers_are_different_nodes():
    assert Value(2) != Value(2)
    a = Value(2)
    assert a == a
    c = a * Value(3)
    assert ((c + a) - c * a).data == -4


def test_chapter_1_three_operations_use_a_and_two_use_c():
    a, b = Value(2), Value(3)
    c = a * b
    nodes = topological_sort(((c + a) - c * a).relu() + 1)
    users = [sum(leaf in node._children for node in nodes) for leaf in (a, c)]
    page = (ROOT / "notebooks/01_value.ipynb").read_text(encoding="utf-8")
    assert "three operations use `a` and two use `c`" in page and users == [3, 2]


def test_chapter_1_shortcuts_are_a_fifth_of_the_nodes_of_a_loss(gpt):
    nodes = topological_sort(first_loss(gpt)[0])
    assert (len(nodes), sum(node._op == "dot" for node in nodes)) == (7_003, 1_442)


def test_chapter_1_no_relu_gets_exactly_0(gpt):
    page = (ROOT / "notebooks/01_value.ipynb").read_text(encoding="utf-8")
    weights, came = load()[0], []
    for name in gpt[0][:60]:
        nodes = topological_sort(loss_of(gpt, name, weights))
        came += [node._children[0].data for node in nodes if node._op == "relu"]
    assert f"60 names, none of our GPT's {len(came):,} ReLUs gets exactly 0" in page
    assert 0 not in came


def test_chapter_1_what_has_no_value_stops_with_a_reason():
    with pytest.raises(ValueError, match=r"log\(0.0\) does not exist"):
        Value(0.0).log()


def test_chapter_1_a_reader_hears_four_hairs():
    c = 2.001 * 3
    assert c + 2.001 - 8 == pytest.approx(4 * 0.001)


def test_chapter_0_the_ten_names_are_new_to_the_model(gpt):
    names = [
        "malet",
        "saman",
        "alini",
        "sariem",
        "ekari",
        "mayja",
        "lonnan",
        "alamin",
        "bayn",
        "aran",
    ]
    model, rng = load(), random.Random(42)
    assert [sample(*model, rng, temperature=0.5) for _ in range(10)] == names
    assert not set(names) & set(gpt[0][:1000])
    assert sorted(set(names) & set(gpt[0])) == ["aran", "saman"]


def test_chapter_0_what_a_small_model_does_not_know(gpt):
    read = gpt[0][:1000]
    page = (ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    assert "8 begin with `em`, and 4 of those go on with `m`, as `emmitt` does" in page
    ours = [name for name in read if name.startswith("em")]
    assert (len(ours), sum(name.startswith("emm") for name in ours)) == (8, 4)
    assert "emmitt" in ours and "emma" not in read
    model = load()
    after = {start: next_token_probs(*model, start) for start in ("em", "emma")}
    best = sorted(range(27), key=lambda i: -after["em"][i])[:3]
    assert "m" not in {model[2].chars[i] for i in best}
    assert max(range(27), key=after["emma"].__getitem__) == model[2].chars.index("n")


def test_chapter_0_which_numbers_emma_uses(gpt):
    page = (ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    weights = load()[0]
    loss_of(gpt, "emma", weights).backward()
    uses = {name: sum(any(w.grad for w in row) for row in rows) for name, rows in weights.items()}
    assert "four columns have some: `e`, `m`, `a` and `BOS`" in page and uses["wte"] == 4
    assert "so do 8 of the 64 detectors" in page and uses["layer0.mlp_fc1"] == 8
    slopes = [w.grad for w in flatten(weights)]
    assert "In all, 1,856 numbers have a slope." in page and sum(map(bool, slopes)) == 1_856
    before = loss_of(gpt, "emma", weights).data
    for weight, slope in zip(flatten(weights), slopes):
        weight.data -= 0.001 * slope
    assert loss_of(gpt, "emma", weights).data < before


def test_chapter_0_the_film_turns_noise_into_a_name():
    page = (ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    (first, *_), *_, (last, *_) = stored_film().names
    assert f"turn noise into this pattern, and `{first}` into `{last}`" in page


def test_chapter_0_nearly_all_names_were_read_once(gpt):
    assert (len(set(gpt[0][:1000])), max(map(len, gpt[0]))) == (998, 15)


def test_chapter_0_how_many_guesses_the_model_hits(gpt):
    page = " ".join((ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8").split())
    docs, tokenizer, _ = gpt
    weights, config, _ = load()
    read, model = set(docs[:1000]), (float_weights(weights), config, tokenizer)
    hits, asked = 0, ""
    new = [name for name in docs[-600:] if name not in read]
    for name in new:
        for place, came in enumerate(name + "."):
            probs = next_token_probs(*model, name[:place])
            hits += [*tokenizer.chars, "."][probs.index(max(probs))] == came
        asked += name + "."
    assert f"Over {len(new)} names of the list that it has not read it hits 28" in page
    assert "would hit 15, blind guessing 4" in page
    shares = hits / len(asked), asked.count("a") / len(asked), 1 / 27
    assert [round(100 * share) for share in shares] == [28, 15, 4]
    assert random.Random(10).choice(docs[1000:]) not in read


def test_chapter_0_a_number_has_six_steps_a_token(gpt):
    tokens = sum(len(name) + 1 for name in gpt[0][:1000])
    assert round(6 * 4192 * tokens / 1e6) == 179 and round(175e9 / 4192 / 1e6) == 42


def test_chapter_1_a_plain_number_is_negated_before_a_node_is_made():
    a, b = Value(6), Value(3)
    assert (len(topological_sort(a - b)), len(topological_sort(a - 3))) == (5, 3)
    assert [leaf.data for leaf in (a - 3)._children] == [6, -3]


def test_chapter_0_from_which_temperature_on_the_ten_names_differ():
    model = load()
    different = {step: len(set(ten_names(*model, "", step * 0.05, None))) for step in range(1, 61)}
    explorer = NamesExplorer(T=0.1)
    assert explorer.names == ten_names(*model, "", 0.1, None)
    page = (ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    slider = explorer.controls["T"]
    assert f"all the settings from {slider.min} to {slider.max:g}" in page
    assert different[1] <= 6 and different[2] <= 7
    assert all(different[step] < 10 for step in range(1, 6))
    assert all(different[step] == 10 for step in range(8, 61))


def test_chapter_0_the_name_travels_at_half_a_temperature():
    page = (ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    assert "the numbers that it really computes, at `T = 0.5`" in page
    model, first = load(), NameJourney().set(step=4).result
    best = max(next_token_probs(*model, "", temperature=0.5))
    assert first == f"Step 5 of 36, softmax: the best guess is a with {best:.2f}."


def test_chapter_1_the_grown_class_says_what_the_package_says():
    cells = json.loads((ROOT / "notebooks/01_value.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    grown = [s.split("\n\n\n")[0] for s in sources if s.startswith("class Value")]
    assert len(grown) == 3
    space: dict = {}
    exec(grown[-1], space)  # four fields, and constants on both sides
    for make in (running, squared, lambda a, b: 1 + 2 * a * b + 1):
        ours = make(space["Value"](2), space["Value"](3))
        theirs = make(Value(2), Value(3))
        assert ours.data == theirs.data
        left, right = topological_sort(ours), topological_sort(theirs)
        assert [n._local_grads for n in left] == [n._local_grads for n in right]
