"""A learner's session in a real kernel: nonsense, endless loops, and a kernel that lives on."""

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

FIRST = "from classroom.exercises import check\n\n\ndef f(name):\n    "
LOOP = "while True:\n        pass"
DEAF = "while True:\n        try:\n            while True: pass\n        except: pass"
CHECK = "\n\n\ncheck('0.1', f)"
# what is typed, and what of its output must be there
CELLS = {
    "loop": (FIRST + LOOP + CHECK,
             ["✗ 0.1", "f('jo') did not finish within 0.5 seconds", "of your code"]),
    "deaf": (FIRST + DEAF + CHECK, ["did not finish within 0.5 seconds", "at line "]),
    "sleep": ("import time\ncheck('0.1', lambda name: time.sleep(1000))",
              ["did not finish within 0.5 seconds", "time.sleep(1000)"]),
    "error": (FIRST + "first = name[0]\n    return first / 2" + CHECK,
              ["raised TypeError", "at line 6 of your code: return first / 2"]),
    "exit": ("check('0.1', lambda name: exit())", ["raised SystemExit", "whole kernel"]),
    "input": ("check('0.1', lambda name: input('?'))", ["✗ 0.1", "input('?')"]),
    "deep": (FIRST + "return f(name)" + CHECK,
             ["RecursionError", "line 5 of your code: return f(name)", "calls itself"]),
    "loud": (FIRST + "while True:\n        print(name)" + CHECK,
             ["did not finish", "Your code printed:", "    jo", "… and more"]),
    "open": (FIRST + "raise NotImplementedError" + CHECK,
             ["☐ 0.1 What comes next?: not attempted yet"]),
    "thing": ("check('0.1', object())", ["✗ 0.1", "needs your function itself"]),
    "right": ("check('0.1', lambda name: list(name[1:]))", ["✓ 0.1 What comes next?"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each cell put out; its last line must be no result of its own."""
    folder = str(tmp_path_factory.mktemp("kernel"))
    cells = [nbformat.v4.new_code_cell(source) for source, _ in CELLS.values()]
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


@pytest.mark.parametrize("name", CELLS)
def test_each_answer_is_told(said, name):
    for part in CELLS[name][1]:
        assert part in said[name]
    for mark in ("ipykernel", "Traceback", "0x"):
        assert mark not in said[name]


def test_the_innermost_loop_is_named_and_what_needs_no_more_is_one_line(said):
    assert "at line 7 of your code: while True: pass\n" in said["deaf"]
    assert said["right"].count("\n") == said["open"].count("\n") == 1
