"""What the text of chapters 09 and 11 says in words is what their cells put out."""

import json
import math
import random
import re
import sys
from functools import cache

import nbformat
import pytest
from support import ROOT

from classroom import NumpyRun, mean_loss, timing
from classroom.lab.figures import count_params, stored_figures
from classroom.viz import next_character, ten_names
from classroom.widgets import CostExplorer
from classroom.widgets.sampling import weights_after
from microgpt import Config, asset_path, flatten, load, load_docs, next_token_probs, sample


@cache
def cells(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells


@cache
def text(name):
    return " ".join(" ".join(c.source for c in cells(name) if c.cell_type == "markdown").split())


def printed(name, start):
    """What the cell put out in whose source this stands."""
    (cell,) = [c for c in cells(name) if c.cell_type == "code" and start in c.source]
    return "".join(o.get("text") or o["data"]["text/plain"] + "\n" for o in cell.outputs)


EIGHT, NINE, ELEVEN = "08_training", "09_sampling", "11_efficiency"


def test_what_looking_back_and_remembering_are_worth():
    leads = [list(map(float, re.findall(r"-0\.\d+", row))) for row in lines("def lead(")]
    whole, deaf, empty = leads
    lost = sorted(round(b - a, 3) for a, b in zip(whole, deaf))
    assert "smaller by 0.002 to 0.009 of 0.06 or 0.07 (with seed 5 not at all)" in text(EIGHT)
    assert (lost[0], lost[-1]) == (0.002, 0.009) and {round(x, 2) for x in whole} == {-0.06, -0.07}
    assert "three quarters or more are still there" in text(EIGHT)
    assert min(b / a for a, b in zip(whole, empty)) > 0.75
    rows = [list(map(float, re.findall(r"\d\.\d+", row))) for row in lines("trained on others")]
    assert "Half of it: 0.03 on the first list. On the second it is 0.06" in text(EIGHT)
    assert [round(b - a, 2) for a, b in rows] == [0.03, 0.06]


def test_the_least_that_a_name_of_twenty_can_cost():
    """Counted after the question, not in the code below it."""
    last = lines("few = docs[:20]")[6]
    assert "a name  3.04" in last and "The run comes to 3.04" in text(EIGHT)
    assert "so ln 20 = 3.00 nats a name" in text(EIGHT) and f"{math.log(20):.2f}" == "3.00"
    assert not any("log(20)" in c.source for c in cells(EIGHT) if c.cell_type == "code")


def test_no_name_of_the_last_window_was_read_before():
    docs = load_docs()
    random.Random(42).shuffle(docs)
    assert "on a name that the model has not seen" in text(EIGHT)
    assert not set(docs[950:1000]) & set(docs[:950])


def test_the_dice_are_saved_with_the_run():
    (cell,) = [c.source for c in cells(EIGHT) if "half_way.json" in c.source]
    assert cell.index("run.rng = rng") < cell.index("run=run")
    assert "`rng` the state of the dice" in text(EIGHT)


def lines(start):
    return printed(EIGHT, start).splitlines()


def test_how_many_names_fill_the_block():
    said = printed(NINE, "cut off")
    assert re.findall(r": +(\d+) of 100 cut", said) == ["0", "0", "23"]
    assert "None at 0.5 and 1" in text(NINE) and "At 3, 23 of 100 go on" in text(NINE)


def test_a_thousand_darts():
    rows = re.findall(r"(\w+) +([\d.]+) +(\d+)(?: {3}|\n)", printed(NINE, "due_and_hit"))
    off = {name: abs(float(due) - int(hit)) for name, due, hit in rows}
    assert len(rows) == 27 and max(off, key=off.__getitem__) == "l" and round(off["l"]) == 11
    assert "off by 11 at most (`l`)" in text(NINE)
    hit = {name: int(count) for name, _, count in rows}
    assert "or none (`f`)" in text(NINE) and [name for name in hit if not hit[name]] == ["f"]


def test_bits_and_equal_choices():
    said = printed(NINE, "dice_picture(four")
    bits = [float(found) for found in re.findall(r"([\d.]+) bits[;.]", said)]
    assert bits == [0.73, 2.14, 3.59, 4.14] and "27 faces: 4.75 bits" in said
    hottest = next_character(*load(), "em", 1.5).entropy
    assert f"{hottest:.2f} bits are as uncertain as {2**hottest:.1f} equal choices" in text(NINE)
    assert "4.14 bits are as uncertain as 17.6 equal choices" in text(NINE)
    assert "with 0.73 bits, is less uncertain than a coin" in text(NINE)
    assert "4.75 for a fair die with 27 faces" in text(NINE)


def test_at_which_temperatures_they_are_names():
    said = printed(NINE, "0.2, 0.001")
    assert "anin, anin, anin" in said and "At 0.001 the best letter gets everything" in text(NINE)
    assert "blobitn" in said and "top_k=1" in said
    assert sample(*load(), random.Random(1), 1.0) == "bssenr" and "`bssenr`" in text(NINE)


def test_the_finished_names_of_the_tree():
    said = printed(NINE, "name_tree(")
    finished = re.search(r"finished names \(\* in the data\): (.*?)\. 18", said, re.IGNORECASE)[1]
    total = sum(float(each.split()[-1]) for each in finished.split(", "))
    assert "together hold 13 in 100" in text(NINE) and round(100 * total) == 13
    assert "The other 87 go on" in text(NINE) and "`emma`, with 5 in 100" in text(NINE)


def test_new_names_at_other_temperatures():
    rows = json.loads(asset_path("novelty.json").read_text(encoding="utf-8"))["rows"]
    assert "(495), but there are only 310 different" in text(NINE)
    assert rows["0.2"] == {"new": 495, "different": 310}
    assert "nearly all are new (971)" in text(NINE) and rows["1.5"]["new"] == 971
    assert rows["0.5"] == {"new": 734, "different": 916}


def test_what_lies_outside_the_best_five_and_what_top_p_keeps():
    said = printed(NINE, "outside the best five")
    assert "outside the best five: 0.3252" in said and "A third: without the cut" in text(NINE)
    assert "for 0.9: {'em': 13, 'sh': 8}" in said
    assert "takes 13 of the 27 tokens; after `sh`, where the model is surer, 8." in text(NINE)


def test_where_the_darts_land_and_what_begins_a_name():
    probs = next_token_probs(*load(), prefix="em")
    assert "`a` to `h` reach to 0.46, `i` reaches to 0.63" in text(NINE)
    assert (round(sum(probs[:8]), 2), round(sum(probs[:9]), 2)) == (0.46, 0.63)
    assert "even from `micro`, with which no name of the data begins" in text(NINE)
    assert not any(name.startswith("micro") for name in load_docs())
    docs, after_q = load_docs(), next_token_probs(*load(), prefix="q")
    random.Random(42).shuffle(docs)
    assert "`a` and `h` more often than `u`: of the 1,000 names it read, nine have" in text(NINE)
    assert sum("q" in name for name in docs[:1000]) == 9
    assert min(after_q["abcdefgh".index(c)] for c in "ah") > after_q[20] + 0.05
    _, config, tokenizer = load()
    untrained = next_character(weights_after(0), config, tokenizer, "ma", 0.5)
    assert "still flat, 4.44 of 4.75 bits" in text(NINE) and f"{untrained.entropy:.2f}" == "4.44"
    sure = next_character(weights_after(0), config, tokenizer, "ma", 0.05)
    assert "magnified, and `t` gets 0.78, but" in text(NINE)
    assert round(sure.probs[tokenizer.encode("t")[0]], 2) == 0.78
    names = ten_names(weights_after(0), config, tokenizer, "ma", 0.05)
    assert f"the names are `{names[0]}` and the like" in text(NINE)


@pytest.mark.parametrize("name", [EIGHT, NINE, "10_whole_machine", ELEVEN])
def test_no_printed_line_is_cut(name):
    """A phone and the book's column show 72 characters; what has HTML is shown by that."""
    for cell in cells(name):
        for output in cell.get("outputs", []):
            if "text/html" not in output.get("data", {}):
                shown = output.get("text") or output["data"]["text/plain"]
                assert max(map(len, shown.splitlines())) <= 72, cell.source


def test_the_names_of_the_reference_script():
    assert printed(NINE, "uses up as many").startswith("biad amadon karel mararo nele ")
    assert "`biad`, `amadon`, `karel`: letter for letter" in text(NINE)


def test_new_names():
    said = printed(NINE, "new: {len(new)}")
    assert "new: 734 of 1000; different ones: 916" in said and "trained on: 9" in said
    assert "in 31 other blocks: 9.4 on average, 4 to 18" in said
    assert "are hit 4 to 18 times, 9.4 on average" in text(NINE)
    assert "Only 9 are among" in text(NINE) and "(9 hits) does not stand out" in text(NINE)
    assert "among the others (4 to 18)" in text(NINE)


def test_names_that_stand_in_the_block_that_was_read_and_in_another():
    docs = load_docs()
    random.Random(42).shuffle(docs)
    read, *others = [{*docs[i : i + 1000]} for i in range(0, 32_000, 1000)]
    shared = [len(read & other) for other in others]
    assert "(2 to 10 names of each are among its own, too)" in text(NINE)
    assert (min(shared), max(shared)) == (2, 10)


def test_names_that_were_read_over_very_many_draws():
    """A name's probability at temperature 0.5 is its product: no dice; `lm_head` twice as large."""
    docs, (weights, config, tokenizer) = load_docs(), load()
    random.Random(42).shuffle(docs)
    for param in flatten({"lm_head": weights["lm_head"]}):
        param.data *= 2
    model = NumpyRun(docs, tokenizer, config, weights).model

    def hits(block):
        losses = [(mean_loss([d], model, config, tokenizer), len(d) + 1) for d in {*block}]
        return 1000 * sum(math.exp(-loss * count) for loss, count in losses)

    read, *others = [hits(docs[i : i + 1000]) for i in range(0, 32_000, 1000)]
    assert "it gets 14 hits in a thousand, the others 7 to 17" in text(NINE)
    assert (round(read), round(min(others)), round(max(others))) == (14, 7, 17)


@pytest.mark.parametrize("seed", [0, 1])
def test_names_that_were_read_come_no_oftener(seed):
    """Another thousand draws: the block that was read lies in the range of those never read."""
    docs, model = load_docs(), load()
    random.Random(42).shuffle(docs)
    rng = random.Random(seed)
    drawn = [sample(*model, rng, 0.5) for _ in range(300)]
    blocks = [set(docs[i : i + 1000]) for i in range(0, 32_000, 1000)]
    read, *others = [sum(name in block for name in drawn) for block in blocks]
    assert min(others) <= read <= max(others)


def test_what_is_left_at_a_twentieth():
    names = ten_names(*load(), prefix="ma", temperature=0.05)
    assert "three names are left for the ten seeds, `maria` seven times" in text(NINE)
    assert len(set(names)) == 3 and names.count("maria") == 7


def test_calls_with_and_without_the_cache():
    assert re.search(r"olivia: +7 or +28 calls, same: True", printed(NINE, "def spell"))
    assert "Seven against 28" in text(NINE)


def test_one_node_in_place_of_33():
    said = printed(ELEVEN, "def pairs")
    assert "33 nodes made" in said and " 1 nodes made" in said
    assert "all 32 slopes the same in every bit: True" in said
    assert "33 against 1, with the same slopes" in text(ELEVEN)


def test_which_function_luck_has_chosen_in_the_stored_profile():
    rows = re.findall(r"(\d+)% +([\d,]+) calls of (\w+)", printed(ELEVEN, "profile.runcall"))
    spent = {name: (int(share), int(calls.replace(",", ""))) for share, calls, name in rows}
    (added, adds), (multiplied, times) = spent["__add__"], spent["__mul__"]
    assert "one function, here `__add__`, take so much longer than `__mul__`" in text(ELEVEN)
    assert added > 2 * multiplied and 0.95 < times / adds < 1.05


def test_nodes_of_the_loss_of_mia():
    said = printed(ELEVEN, "as chains")
    assert "34,987 nodes as chains, 5,379 with dot" in said
    assert "left of the 35,000" in text(ELEVEN) and "3,632 of the 5,379 are parameters" in said
    assert "3,632 were there before" in text(ELEVEN) and 5379 - 3632 == 1747
    letters, rows = len({26, *map("abcdefghijklmnopqrstuvwxyz".index, "mia")}), len("mia") + 1
    assert 4192 - 16 * (27 - letters) - 16 * (16 - rows) == 3632
    assert "all but 23 rows of `wte` and 12 of `wpe`" in text(ELEVEN) and (letters, rows) == (4, 4)
    assert printed(ELEVEN, "VectorLearner").startswith(
        "73 nodes; the same loss to 12 decimals: True"
    )


def test_four_engines_train_the_same_model():
    said = printed(ELEVEN, "first_losses")
    assert said.count("'3.4639', '3.2561', '3.2569', '3.1531', '2.9022'] True") == 4


def test_lists_as_nodes_keep_12_decimals_of_a_run_but_not_every_bit():
    vector, scalar = (timing.first_losses(name, 20) for name in ("vector", "scalar"))
    assert vector != scalar and all(abs(a - b) < 1e-12 for a, b in zip(vector, scalar))
    assert "a run's losses agree *to 12 decimals*, no longer to the bit" in text(ELEVEN)


def test_twice_as_wide_is_four_times_the_matrices_of_a_layer_and_at_most_twice_the_rest():
    """What `plain` makes of a row, n products, n additions and the 0, four times; the weights."""

    def of_a_layer(width):
        rows = 8 * width * (2 * width + 1) + width * (8 * width + 1)  # fc2 has the longer rows
        return 4 * rows + 12 * width * width

    found = re.findall(r"width +(\d+): +([\d,]+) nodes", printed(ELEVEN, "power_law"))
    made = {int(width): int(nodes.replace(",", "")) for width, nodes in found}
    words = "four times for the matrices of a layer, at most twice for everything else"
    assert words in text(ELEVEN)
    for width in (8, 16):
        assert 3.8 < of_a_layer(2 * width) / of_a_layer(width) < 4
        rest = [made[w] - of_a_layer(w) for w in (width, 2 * width)]
        assert 0 < rest[0] < rest[1] < 2 * rest[0]


def test_the_padding_of_two_names():
    said = printed(ELEVEN, "arrays.padded")
    assert "[[26  1 14 26  0]\n [26  4 12 12  0]]" in said
    assert "(26, 1, 14), and two more are there to fill the row" in text(ELEVEN)
    assert "0.1667 0.1667 0.1667 0.     0." in said


def test_where_torch_meets_numpy():
    lines = {c["name"]: c for c in stored_figures()["curves"] if c["what"] == "n_embd"}
    torch, numpy = (dict(zip(lines[n]["sizes"], lines[n]["seconds"])) for n in ("torch", "numpy"))
    closer = lines["numpy"]["power"] - lines["torch"]["power"]
    meet = 128 * (torch[128] / numpy[128]) ** (1 / closer)
    assert f"at a width of about {round(meet, -1):.0f}" in text(ELEVEN)


def test_the_largest_model_of_a_coffee_break():
    """The sizes that the page names take less than 15 minutes; nothing larger does."""
    explorer, limit, named = CostExplorer(), 15 * 60, (512, 8, 32)
    assert "25 million parameters: width 512, 8 layers, length 32" in text(ELEVEN)
    fits = {}
    for width in (128, 256, 512):
        for layers in (1, 2, 4, 8, 12):
            for length in (16, 32, 64, 128, 256, 512):
                sizes = {"n_embd": width, "n_layer": layers, "block_size": length}
                if dict(explorer.costs(**sizes))["numpy_batched"] <= limit:
                    fits[width, layers, length] = count_params(Config(27, **sizes))
    assert max(fits, key=fits.__getitem__) == named and round(fits[named] / 1e6) == 25
    sizes = dict(zip(("n_embd", "n_layer", "block_size"), named))
    assert 14 < dict(explorer.costs(**sizes))["numpy_batched"] / 60 < 15


def test_what_the_stored_figures_say_of_the_engines():
    figures = stored_figures()
    off = {r["name"]: r["difference"] for r in figures["ladder"] if r["difference"] is not None}
    exact = [name for name, difference in off.items() if difference < 1e-14]
    assert "The losses of six differ by rounding only" in text(ELEVEN)
    assert exact == ["plain", "scalar", "vector", "numpy", "compiled", "torch"]
    powers = {c["name"]: c["power"] for c in figures["curves"] if c["what"] == "n_embd"}
    assert "for all engines but `ddp`" in text(ELEVEN) and {*off} == {*powers}
    assert "`torch` is flattest over the width" in text(ELEVEN)
    assert min(powers, key=powers.__getitem__) == "torch"
    assert "Of 400 bytes a node 24 are the number itself" in text(ELEVEN)
    assert "nodes a token, 400 bytes each" in printed(ELEVEN, "nodes_and_memory")
    assert sys.getsizeof(0.5) == 24


def test_what_is_only_looked_up():
    shapes = Config(27).shapes()
    tables = sum(shapes[name][0] * shapes[name][1] for name in ("wte", "wpe"))
    assert "The 688 in `wte` and `wpe` are only looked up" in text(ELEVEN) and tables == 688
    width, layers, length = 12_288, 96, 2048  # GPT-3
    scores = 4 * layers * length * width / (2 * 175e9)  # forwards, against 2 a parameter
    assert "In GPT-3 both are small" in text(ELEVEN)
    assert scores < 0.03 and (50_257 + length) * width / 175e9 < 0.01


@pytest.mark.parametrize("engine, low, high", [("scalar", 8, 20), ("numpy", 700, 2000)])
def test_the_range_of_the_ladder_holds_the_stored_machine(engine, low, high):
    (ratio,) = [row["ratio"] for row in stored_figures()["ladder"] if row["name"] == engine]
    assert low <= ratio <= high
    assert "`scalar` was 8 to 20 times" in text(ELEVEN)
    assert "`numpy` 700 to 2,000 times" in text(ELEVEN)


def test_who_wins_the_race():
    """The stored race, which `tests/classroom/lab/test_race.py` runs again in part."""
    stored = json.loads(asset_path("race.json").read_text(encoding="utf-8"))
    tables, gpts = ({row["name"]: row for row in stored[kind]} for kind in ("tables", "GPTs"))
    mean = {name: sum(row["losses"]) / 2 for name, row in {**tables, **gpts}.items()}
    best = min(tables, key=mean.__getitem__)
    assert best == "5 letters" and mean["6 letters"] > mean[best]
    for seed in (0, 1):
        goal = min(row["losses"][seed] for row in tables.values())
        passed = [name for name, row in gpts.items() if row["losses"][seed] < goal]
        assert passed == ["64 wide", "64 wide, two layers"]
    said = "64 wide: 2.03 where the best table, of five letters, has 2.05", "Two layers: 2.01."
    assert all(words in text(ELEVEN) for words in said)
    found = [f"{mean[name]:.2f}" for name in ("64 wide", best, "64 wide, two layers")]
    assert found == ["2.03", "2.05", "2.01"]
    for name, gpt in gpts.items():  # no table with up to twice as many numbers is as good
        smaller = [t for t, row in tables.items() if row["numbers"] < 2 * gpt["numbers"]]
        assert all(mean[t] > mean[name] for t in smaller)
    assert "three letters say in 30,067 numbers, 32 wide says better in 14,528" in text(ELEVEN)
    sizes = tables["3 letters"]["numbers"], gpts["32 wide"]["numbers"]
    assert sizes == (30_067, 14_528) and mean["32 wide"] < mean["3 letters"]
    assert "It took 19 seconds, and `plain` would have taken two weeks" in text(ELEVEN)
    took = printed(ELEVEN, "gpts, race.SIZES")
    assert "64 wide             19 s; plain about 14.3 days" in took
    assert "plain about 30.8 days" in took and "two layers, a month" in text(ELEVEN)
