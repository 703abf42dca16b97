"""The six first changes of CONTRIBUTING.md, each made as it is told there, on copies."""

from __future__ import annotations

import random
import re
import sys
from dataclasses import replace
from types import ModuleType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support import NOTEBOOKS, ROOT

import microgpt
from classroom import widgets
from classroom.exercises import evaluate
from classroom.exercises.kit import registry
from classroom.exercises.kit.solutions import solution, variant
from classroom.exercises.kit.verify import verify
from classroom.overview.told import page_rows
from classroom.viz.kit import palette
from classroom.viz.kit.cells import drawing, label
from classroom.widgets import Explorer
from classroom.widgets.controls import int_slider
from microgpt import engines
from microgpt.engines.scalar import ScalarLearner
from tools.explorers import extremes
from tools.hygiene import RULES, Page
from tools.normalise import normalise
from tools.solutions import fold_in

TOLD = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Six first changes")[2]
HEADING = "### Exercise 3.9 · Twice  ●○○ · 5 min\nWrite `twice(x)`."
STUB = 'def twice(x):\n    raise NotImplementedError\n\n\ncheck("3.9", twice)'
BELOW = (
    "Expected output: a tick.\n\n<details><summary>Hint 1</summary>\n\nadd\n\n</details>\n\n"
    "<details><summary>Hint 2</summary>\n\nx and x\n\n</details>\n\n<details>"
    "<summary>Solution</summary>\n\n```python\ndef twice(x):\n    pass\n```\n\n</details>\n"
)


@pytest.fixture
def no_other_exercises(monkeypatch):
    monkeypatch.setenv("MICROGPT_PROGRESS", "off")
    monkeypatch.setattr(registry, "_registry", {})
    monkeypatch.setattr(registry, "_chapter_modules", lambda: [])


def make_exercise(**more_slips):
    @solution(
        "3.9", "Twice", difficulty=1, minutes=5,
        cases=lambda draw: [(3,), *((draw.number(-2, 2, 2),) for _ in range(3))],
        slips={"2 * x -> x + 1": "one is added: x is added to itself.", **more_slips},
    )  # fmt: skip
    def twice(x):
        return 2 * x  # x twice


def test_all_six_are_told_with_the_files_that_they_touch():
    rows = re.findall(r"^\*\*(\d)\. (.+?)\*\* \((\d) files?\)", TOLD, flags=re.M)
    assert [(number, files) for number, _, files in rows] == [
        *(("1", "1"), ("2", "1"), ("3", "3"), ("4", "3"), ("5", "2"), ("6", "1")),
    ]
    named = re.findall(r"`((?:classroom|microgpt|tests|notebooks)/[\w/.]+)`", TOLD)
    assert named and [name for name in named if not (ROOT / name).exists()] == []


def test_1_the_wording_of_a_hint():
    page = Page.read(NOTEBOOKS[3])
    below = next(cell for _, cell in page.markdown if "<summary>Hint 1</summary>" in cell.source)
    before = below.source
    below.source = before.replace("Hint 1</summary>\n\n", "Hint 1</summary>\n\nLook twice. ", 1)
    assert below.source != before
    changed = Page(page.path, normalise(page.notebook))
    assert [complaint for rule in RULES for complaint in rule(changed)] == []


def test_2_a_misconception(no_other_exercises):
    make_exercise()
    wrong = variant(registry.find("3.9").solution.right, "2 * x -> x * x")
    assert "a square" not in str(evaluate("3.9", wrong).cause)
    registry._registry.clear()
    make_exercise(**{"2 * x -> x * x": "that is a square: twice is a sum."})
    assert evaluate("3.9", wrong).cause == "that is a square: twice is a sum."


def test_3_an_exercise(no_other_exercises, tmp_path, capsys):
    make_exercise()
    cells = [new_markdown_cell(HEADING), new_code_cell(STUB), new_markdown_cell(BELOW)]
    notebook = new_notebook(cells=cells)
    fold_in(notebook)
    assert "return 2 * x  # x twice" in notebook.cells[2].source
    nbformat.write(notebook, tmp_path / NOTEBOOKS[3].name)
    assert verify(tmp_path) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "exercises 1, complaints 0"
    assert "| 3.9 | `x + 1` in place of `2 * x` | one is added" in "".join(page_rows(3))


class Doubling(Explorer):
    """What the page tells to write: a control, and a picture of its value."""

    def __init__(self) -> None:
        super().__init__(x=int_slider("x", 2, 0, 9, tooltip="what is doubled"))

    def draw(self, x: int):
        words = f"twice {x} is {2 * x}"
        return drawing(200, 40, [label(100, 24, words, 13)], f"A line of text: {words}."), words


def test_4_a_slider(monkeypatch):
    monkeypatch.setattr(widgets, "Doubling", Doubling, raising=False)
    said = [repr(explorer) for _, explorer in extremes("Doubling")]
    assert said == [f"Doubling(x={x}): twice {x} is {2 * x}" for x in (2, 0, 9)]


def test_5_a_rung(monkeypatch, tmp_path):
    class MineLearner(ScalarLearner):
        """The scalar engine under another name."""

    module = ModuleType("microgpt.engines.mine")
    module.MineLearner = MineLearner
    monkeypatch.setitem(sys.modules, module.__name__, module)
    row = replace(engines.find("scalar"), name="mine", place="mine.MineLearner")
    monkeypatch.setattr(engines, "_LADDER", [*engines.available(), row])
    docs = ["ana", "bo"]
    tokenizer = microgpt.CharTokenizer.from_docs(docs)
    config = microgpt.Config(tokenizer.vocab_size, n_embd=4, n_head=2, block_size=4)
    losses = []
    for engine in ("mine", "scalar"):
        start = microgpt.init_params(config, random.Random(1))
        run = microgpt.train(docs, tokenizer, config, start, 3, engine=engine)
        losses.append([step.loss for step in run])
    assert losses[0] == losses[1] and len(losses[0]) == 3


def test_6_a_colour(monkeypatch):
    monkeypatch.setitem(palette.COLOURS, "accent", "#123456")
    monkeypatch.setattr(palette, "VARIABLES", palette._variables())
    assert "#123456" in palette.filled("a { outline: 3px solid var(--mg-accent); }")
    drawn = palette.themed('<svg><rect fill="#123456"/></svg>')
    assert "var(--mg-accent,#123456)" in drawn.replace(" ", "")
