"""The script of chapter 10, taken out of its cell: short, bare, and with the known losses."""

import contextlib
import gc
import io
import json
import linecache
import os
import subprocess
import sys

import nbformat
import pytest
from support import ROOT, assert_same_floats

from classroom.exercises.assembly.own_script import (
    FIRST_WORDS,
    PLACES,
    keep_script,
    names_at_hand,
    run_bare,
    script_around,
)
from classroom.lab.script import blocks_of

NOTEBOOKS = ROOT / "notebooks"
FIGURES = json.loads((ROOT / "tests" / "data" / "figures.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def script():
    cells = nbformat.read(NOTEBOOKS / "10_whole_machine.ipynb", as_version=4).cells
    tagged = [c for c in cells if "whole-script" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    return tagged[0].source


def with_steps(script, count):
    changed = script.replace("NUM_STEPS = 30 ", f"NUM_STEPS = {count} ")
    assert changed.count(f"NUM_STEPS = {count} ") == 1
    return changed


def run_in_place(script):
    """Run it as the notebook would; what it defined and printed.

    Its graphs hold no cycles: looking for some would take a third of the time.
    """
    space, printed, before = {"__name__": "__main__"}, io.StringIO(), os.getcwd()
    os.chdir(NOTEBOOKS)
    gc.disable()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(script, "<script>", "exec"), space)
    finally:
        gc.enable()
        os.chdir(before)
    return space, printed.getvalue()


def test_at_most_200_lines_of_at_most_80_characters(script):
    lines = script.splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 80
    assert script.startswith(FIRST_WORDS)


def test_it_needs_three_modules_of_python_and_nothing_else(script):
    imports = [line for line in script.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["import math", "import os", "import random"]
    assert "microgpt" not in script


def test_the_first_losses(script):
    space, printed = run_in_place(with_steps(script, 5))
    assert_same_floats(space["losses"], FIGURES["names"]["losses"][:5])
    assert len(space["params"]) == FIGURES["names"]["num_params"]
    assert printed.startswith(f"step 5: loss {FIGURES['names']['losses'][4]:.4f}\n")


@pytest.mark.slow
def test_all_1000_losses_of_the_reference_and_its_first_names(script):
    space, printed = run_in_place(with_steps(script, 1000))
    assert_same_floats(space["losses"], FIGURES["names"]["losses"])
    assert printed.splitlines()[-5:] == FIGURES["names"]["samples"][:5]


SIZES = "n_embd, n_head, n_layer, block_size = 16, 4, 1, 16"
OTHER = {
    "15 numbers, 4 heads": (SIZES, SIZES.replace("16, 4, 1, 16", "15, 4, 2, 5")),
    "more heads than numbers": (SIZES, SIZES.replace("16, 4, 1, 16", "3, 5, 0, 1")),
    "other Adam": ("= 0.01, 0.85, 0.99, 1e-8", "= 0.1, 0.5, 0.9, 1e-6"),
    "other weights": ("gauss(0, 0.08)", "gauss(0.1, 0.3)"),
    "other MLP": ("4 * n_embd, n_embd)", "7 * n_embd, n_embd)"),
    "another seed": ("seed(42)", "seed(1)"),
    "hotter": ("temperature = 0.5", "temperature = 2"),
}


@pytest.mark.parametrize("old, new", OTHER.values(), ids=OTHER)
def test_any_number_may_be_changed(script, old, new):
    assert old in script
    space, printed = run_in_place(with_steps(script, 2).replace(old, new))
    assert len(space["losses"]) == 2 and len(printed.splitlines()) >= 6


def test_a_longer_run_keeps_a_positive_rate_to_its_end(script):
    space, _ = run_in_place(with_steps(script, 0).replace("max(NUM_STEPS, 1000)", "2000"))
    space["params"][0].grad = 1.0
    before = space["params"][0].data
    space["adam"](1999)
    assert space["params"][0].data < before
    assert "step / max(NUM_STEPS, 1000)" in script


def test_a_list_of_ones_own_comes_first_and_the_course_brings_one(script, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names_at_hand()
    assert (tmp_path / "input.txt").read_bytes() == (ROOT / "assets" / "names.txt").read_bytes()
    (tmp_path / "input.txt").write_text("abc\n")
    names_at_hand()
    assert (tmp_path / "input.txt").read_text() == "abc\n"
    assert all(f'"{place}"' in script for place in PLACES)
    assert script.index('"input.txt"') < script.index('"assets/names.txt"')


def test_a_bare_python_runs_the_saved_file(script, tmp_path):
    (tmp_path / "assets").mkdir()
    names = (ROOT / "assets" / "names.txt").read_text(encoding="utf-8")
    (tmp_path / "assets" / "names.txt").write_text(names, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "my_microgpt.py"
    assert keep_script(with_steps(script, 3) + "\n", path) == (
        f"my_microgpt.py holds {len(script.splitlines())} lines."
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", path.name], cwd=path.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"step 3: loss {FIGURES['names']['losses'][2]:.4f}" and len(lines) == 6
    assert run_bare(path) == done.stdout.strip()


def test_words_of_ones_own_named_input_txt(script, tmp_path):
    (tmp_path / "input.txt").write_text("tyrannosaurus\nallosaurus\n\n stegosaurus \n")
    (tmp_path / "mine.py").write_text(with_steps(script, 2))
    lines = run_bare(tmp_path / "mine.py").splitlines()
    assert lines[0].startswith("step 2: loss ") and len(lines) == 6


def test_without_any_data_it_says_which_file_is_missing(script, tmp_path):
    (tmp_path / "mine.py").write_text(script)
    assert "FileNotFoundError" in run_bare(tmp_path / "mine.py")
    assert "input.txt" in run_bare(tmp_path / "mine.py")


def without(script, *chapters):
    lines = script.splitlines()
    kept = [b for b in blocks_of(script) if b.chapter not in chapters]
    return "\n".join("\n".join(lines[b.first - 1 : b.last]) for b in kept)


def test_a_trained_script_speaks_without_chapters_2_7_and_8(script):
    _, printed = run_in_place(without(script, 2, 7, 8))
    assert len(printed.splitlines()) == 5


@pytest.mark.parametrize("chapter", [1, 3, 4, 5, 6])
def test_no_other_chapter_may_go(script, chapter):
    with pytest.raises((NameError, SyntaxError)):
        run_in_place(without(script, 2, 7, 8, chapter))


def test_where_nothing_may_be_written_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "no_folder").write_text("a file")
    advice = r"cannot be written here \(.*\): copy the notebook to a folder of your own"
    with pytest.raises(OSError, match=f"'mine.py' {advice}"):
        keep_script("x = 1\n", tmp_path / "no_folder" / "mine.py")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("shutil.copyfile", refuse)
    with pytest.raises(PermissionError, match=f"'input.txt' {advice}"):
        names_at_hand()


def test_a_changed_file_is_never_lost(tmp_path):
    path = tmp_path / "my_microgpt.py"
    assert keep_script("x = 1\n", path) == "my_microgpt.py holds 1 lines."
    assert keep_script("x = 1\n", path) == "my_microgpt.py holds 1 lines."
    path.write_text("mine\n")
    said = keep_script("x = 1\n", path)
    assert said.startswith("The my_microgpt.py that was here differs: it is now my_microgpt_1.py.")
    path.write_text("mine again\n")
    assert "it is now my_microgpt_2.py" in keep_script("x = 1\n", path)
    assert (tmp_path / "my_microgpt_1.py").read_text() == "mine\n"
    assert (tmp_path / "my_microgpt_2.py").read_text() == "mine again\n"
    assert path.read_text() == "x = 1\n"


def test_a_run_that_takes_too_long_is_stopped(tmp_path):
    (tmp_path / "slow.py").write_text("while True:\n    pass\n")
    assert run_bare(tmp_path / "slow.py", seconds=0.5) == (
        "slow.py was stopped after 0.5 seconds: fewer steps?"
    )


def test_an_error_is_told_with_what_came_before(tmp_path):
    (tmp_path / "wrong.py").write_text("print('begun')\n1 / 0\n")
    assert run_bare(tmp_path / "wrong.py") == "begun\nZeroDivisionError: division by zero"


def test_where_there_are_no_processes_it_runs_here(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    (tmp_path / "a.py").write_text("import os\nprint(os.path.exists('a.py'), __name__)\n")
    before = os.getcwd()
    assert run_bare(tmp_path / "a.py").startswith("True ")
    assert os.getcwd() == before


def test_the_script_is_found_by_one_of_its_functions(script):
    name = "<the script's cell>"
    source = with_steps(script, 0)
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {}
    before = os.getcwd()
    os.chdir(NOTEBOOKS)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, name, "exec"), space)
        assert script_around(space["gpt"]) == source + "\n"
    finally:
        os.chdir(before)
        del linecache.cache[name]


@pytest.mark.parametrize("other", [keep_script, print, 3])
def test_a_function_from_elsewhere_is_refused(other):
    with pytest.raises(LookupError, match="does not come from the script: run the cell"):
        script_around(other)
