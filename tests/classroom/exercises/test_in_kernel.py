"""A learner's session in a real kernel: nonsense, endless loops, and a kernel that lives on."""

import re

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

FIRST = "from classroom.exercises import check\n\n\ndef f(name):\n    "
CELLS = {
    "loop": FIRST + "while True:\n        pass\n\n\ncheck('0.1', f)",
    "deaf": "def f(name):\n    while True:\n        try:\n            while True:\n"
    "                pass\n        except:\n            pass\n\n\ncheck('0.1', f)",
    "sleep": "import time\ncheck('0.1', lambda name: time.sleep(1000))",
    "error": "def f(name):\n    first = name[0]\n    return first / 2\n\n\ncheck('0.1', f)",
    "exit": "check('0.1', lambda name: exit())",
    "input": "check('0.1', lambda name: input('?'))",
    "deep": "def f(name):\n    return f(name)\n\n\ncheck('0.1', f)",
    "loud": "def f(name):\n    while True:\n        print(name)\n\n\ncheck('0.1', f)",
    "open": "def f(name):\n    raise NotImplementedError\n\n\ncheck('0.1', f)",
    "thing": "check('0.1', object())",
    "right": "check('0.1', lambda name: list(name[1:]))",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each cell put out; its last line must be no result of its own."""
    folder = str(tmp_path_factory.mktemp("kernel"))
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    cells.insert(0, nbformat.v4.new_code_cell("import os\nos.environ['MICROGPT_PROGRESS'] = 'off'"))
    cells[0].source += "\nos.environ['MICROGPT_CHECK_SECONDS'] = '0.5'"
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": folder}}
    nbclient.NotebookClient(notebook, timeout=60, resources=resources).execute()
    texts = {}
    for name, cell in zip(CELLS, cells[1:]):
        assert [o.output_type for o in cell.outputs] == ["stream"] * len(cell.outputs), name
        texts[name] = "".join(output.text for output in cell.outputs)
    return texts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("loop", ["✗ 0.1", "f('jo') did not finish within 0.5 seconds", "of your code"]),
        ("deaf", ["did not finish within 0.5 seconds", "at line "]),
        ("sleep", ["did not finish within 0.5 seconds", "time.sleep(1000)"]),
        ("error", ["raised TypeError", "at line 3 of your code: return first / 2"]),
        ("exit", ["raised SystemExit", "whole kernel"]),
        ("input", ["✗ 0.1", "input('?')"]),
        ("deep", ["RecursionError", "line 2 of your code: return f(name)", "calls itself"]),
        ("loud", ["did not finish", "Your code printed:", "    jo", "… and more"]),
        ("open", ["☐ 0.1 What comes next?: not attempted yet"]),
        ("thing", ["✗ 0.1", "needs your function itself"]),
        ("right", ["✓ 0.1 What comes next?"]),
    ],
)
def test_each_answer_is_told(said, name, parts):
    for part in parts:
        assert part in said[name]
    for mark in ("ipykernel", "Traceback", "0x"):
        assert mark not in said[name]


def test_the_innermost_loop_is_named_though_the_first_try_was_swallowed(said):
    assert re.search(r"at line [45] of your code: (while True:|pass)\n", said["deaf"])


def test_right_and_open_are_one_line(said):
    assert said["right"].count("\n") == said["open"].count("\n") == 1
