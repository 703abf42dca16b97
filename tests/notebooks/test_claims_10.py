"""What the text of chapter 10 says in words is what its cells put out."""

import re
from functools import cache
from html.entities import name2codepoint

import nbformat
import pytest
from support import ROOT

from classroom.exercises.assembly import NAMES
from classroom.viz.script import blocks_of, lines_by_chapter


@cache
def cells():
    return nbformat.read(ROOT / "notebooks" / "10_whole_machine.ipynb", as_version=4).cells


@cache
def text():
    return " ".join(" ".join(c.source for c in cells() if c.cell_type == "markdown").split())


def printed(start):
    """What the cell put out in whose source this stands."""
    (cell,) = [c for c in cells() if c.cell_type == "code" and start in c.source]
    return "".join(
        output.get("text") or output["data"]["text/plain"] + "\n" for output in cell.outputs
    )


def results(start):
    """The two losses of each run that a cell of the lab sheet printed, and its weights."""
    rows = re.findall(r"([\d,]+) weights, trained on ([\d.]+), unseen ([\d.]+)", printed(start))
    return [(int(w.replace(",", "")), float(seen), float(unseen)) for w, seen, unseen in rows]


def unseen(start):
    return [row[2] for row in results(start)]


def luck():
    (cell,) = [c for c in cells() if c.source.startswith("for seed in range(5)")]
    return results(cell.source)


def test_the_lines_of_the_script():
    (script,) = [c.source for c in cells() if "whole-script" in c.metadata.get("tags", [])]
    counted = lines_by_chapter(script)
    assert "the 29 lines that lay out" in text() and max(counted.values()) == counted[6] == 29
    assert "the chain rule, takes 15" in text() and counted[2] == 15
    assert "40 of the 149 lines of code" in text()
    assert counted[2] + counted[7] + counted[8] == 40 and sum(counted.values()) == 149
    assert len(blocks_of(script)) == 11
    assert "the 30 losses" in text() and "NUM_STEPS = 30 " in script


def test_three_gradients_of_four():
    wrong, total = re.search(r"([\d,]+) of ([\d,]+) differ", printed("class StackValue")).groups()
    share = int(wrong.replace(",", "")) / int(total.replace(",", ""))
    assert "Three gradients of four are wrong" in text() and 0.7 < share < 0.8


def test_which_part_is_named():
    assert "✓ 2 steps agree" in printed("def no_maximum") and "✗ softmax" in printed("no_maximum(")
    three = printed("class NoCorrection")
    assert all(f"✗ {name}: " in three for name in ("value", "softmax", "adam"))
    assert "How many of the ten" in text() and len(NAMES) == 10


def test_positions_help_with_every_seed():
    differences = re.findall(r", ([+-]\d\.\d+)\n", printed("pairs = list"))
    assert len(differences) == 5 and all(d.startswith("+") for d in differences)
    assert "Five times out of five the positions help" in text()
    assert "worth 0.016" in text() and round(sum(map(float, differences)) / 5, 3) == 0.016


def test_only_bias_correction_straddles_the_zero():
    told = re.findall(r"([\w ,]+) \+[\d.]+ ± [\d.]+, (\d) of 5 worse", printed("draw_effects(full"))
    assert [name.strip() for name, worse in told if worse != "5"] == ["no bias correction"]
    assert len(told) == 8


def test_lab_1_luck():
    losses = [row[2] for row in luck()]
    assert "0.018: from 2.348 to 2.366" in text()
    assert (min(losses), max(losses)) == (2.348, 2.366)


def test_lab_2_backwards():
    forward = [row[2] for row in luck()][:3]
    assert "2.370, 2.354, 2.354 against 2.361, 2.348, 2.355" in text()
    assert unseen("backwards, seed") == [2.370, 2.354, 2.354] and forward == [2.361, 2.348, 2.355]
    assert "comes within 0.01" in text()
    assert all(abs(a - b) < 0.01 for a, b in zip(unseen("backwards, seed"), forward))


def test_lab_3_deeper():
    deep, flat = results("n_layer=3"), luck()
    assert "2.5 times the weights" in text() and round(deep[0][0] / flat[0][0], 1) == 2.5
    changes = [a[2] - b[2] for a, b in zip(deep, flat)]
    assert "0.004 less with one seed, 0.004 more with the other" in text()
    assert changes == [pytest.approx(-0.004, abs=0.0011), pytest.approx(0.004, abs=0.0011)]


def test_lab_4_wider():
    runs, usual = results("for n_embd in"), luck()
    assert "13 times the weights" in text() and round(runs[2][0] / usual[0][0]) == 13
    wins = [usual[i][1] - runs[2 + i][1] for i in (0, 1)]
    losses = [runs[2 + i][2] - usual[i][2] for i in (0, 1)]
    assert "wins a little against 16 (0.010 and 0.003)" in text()
    assert wins == [pytest.approx(0.010, abs=6e-4), pytest.approx(0.003, abs=6e-4)]
    assert "it loses (0.011 and 0.019)" in text()
    assert losses == [pytest.approx(0.011, abs=6e-4), pytest.approx(0.019, abs=6e-4)]
    assert all(runs[i][k] > usual[i][k] for i in (0, 1) for k in (1, 2))


def test_lab_5_longer():
    short, long = results("for num_steps in (250, 4000)")
    usual = luck()[0]
    assert "2.468 after 250 steps, 2.361 after 1,000 (Lab 1), 2.271 after 4,000" in text()
    assert (short[2], usual[2], long[2]) == (2.468, 2.361, 2.271)
    assert "worth 0.09" in text() and round(usual[2] - long[2], 2) == 0.09
    assert "both numbers are alike" in text() and abs(long[1] - long[2]) < 0.01


def test_lab_6_own_words():
    start = "docs = sorted(name2codepoint)"
    runs = results(start)
    assert "a list of 252 words" in text() and len(name2codepoint) == 252
    assert runs[0][1] > runs[1][1] > runs[2][1]
    assert runs[1][2] < runs[0][2] < runs[2][2]
    words = printed(start).strip().splitlines()[-1].strip().split(", ")
    assert "three of its five words are on it" in text()
    assert sum(word in name2codepoint for word in words) == 3 and len(words) == 5
    trained_on = len(name2codepoint) - len(name2codepoint) // 5
    assert "reads each word 20 times" in text() and round(4000 / trained_on) == 20
