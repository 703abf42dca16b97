"""`tools/notebooks.py` on small notebooks made for the test."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from support import NOTEBOOKS

from tools.execute import NotebookFailed, execute
from tools.normalise import KEPT_METADATA, WIDGET_VIEW, as_text, normalise
from tools.notebooks import chosen_notebooks, main

ROOT = Path(__file__).parents[2]


def write(folder, *cells, name="02_small.ipynb", **metadata):
    path = folder / name
    nbformat.write(new_notebook(cells=list(cells), metadata=metadata), path)
    return path


def edit(path, number, source):
    """Change the source of a cell as an author does, in an editor that knows nothing of ids."""
    notebook = nbformat.read(path, 4)
    notebook.cells[number].source = source
    nbformat.write(notebook, path)


def untidy():
    """A notebook with everything that changes from run to run."""
    stream = [new_output("stream", text="a\n"), new_output("stream", text="b\n")]
    widget = new_output("display_data", data={WIDGET_VIEW: {"model_id": "f00"}, "text/plain": "W"})
    result = new_output("execute_result", data={"text/plain": "1"}, execution_count=41)
    result.metadata = {"image/png": {"alt": "kept"}, "empty": {}}
    cells = [
        new_markdown_cell("\n# Title  \n\ntext\t\n\n"),
        new_code_cell(
            "a",
            outputs=stream,
            execution_count=7,
            metadata={"execution": {"iopub.execute_input": "2026-01-01"}},
        ),
        new_code_cell("b", outputs=[widget], execution_count=3, metadata={"collapsed": True}),
        new_code_cell("c", outputs=[result], execution_count=41, metadata={"tags": ["x"]}),
        new_code_cell("never run"),
        new_code_cell("a"),
        new_code_cell("a", metadata={"jupyter": {"source_hidden": True}, "slideshow": {}}),
    ]
    return new_notebook(
        cells=cells,
        metadata={"widgets": {"s": 1}, "language_info": {"name": "python", "version": "3"}},
    )


def test_normal_form_drops_what_changes_and_keeps_what_counts():
    notebook = normalise(untidy())
    nbformat.validate(notebook)
    title, a, b, c, never, second, third = notebook.cells
    assert title.source == "# Title\n\ntext"
    assert [output.text for output in a.outputs] == ["a\nb\n"]
    assert b.outputs[0].data == {"text/plain": "W"}
    assert (c.outputs[0].execution_count, c.outputs[0].metadata) == (
        3,
        {"image/png": {"alt": "kept"}},
    )
    assert [x.execution_count for x in (a, b, c, never)] == [1, 2, 3, None]
    assert (a.metadata, b.metadata, c.metadata) == ({}, {}, {"tags": ["x"]})
    assert third.metadata == {"jupyter": {"source_hidden": True}}
    assert set(third.metadata) <= set(KEPT_METADATA)
    assert "widgets" not in notebook.metadata
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.kernelspec.name == "python3"


def test_normal_form_of_a_normal_form_is_the_same():
    once = normalise(untidy())
    assert as_text(normalise(once)) == as_text(once)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_setup_cell_says_what_to_do_where_the_course_is_not_installed(path):
    notebook = nbformat.read(path, 4)
    setup = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    bare = [sys.executable, "-O", "-I", "-S", "-c", setup]  # the standard library alone
    done = subprocess.run(bare, capture_output=True, text=True, cwd=path.parent, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ImportError: No course here: in its folder run `make lab`, or: pip install '.[lab]'"
    )


def test_the_argument_is_left_alone():
    notebook = untidy()
    before = as_text(notebook)
    normalise(notebook)
    assert as_text(notebook) == before


def test_ids_are_different_and_do_not_depend_on_other_cells():
    notebook = untidy()
    before = [cell.id for cell in normalise(notebook).cells]
    assert len(set(before)) == len(before)
    notebook.cells.insert(1, new_code_cell("new"))
    after = [cell.id for cell in normalise(notebook).cells]
    assert after[:1] + after[2:] == before


def test_executing_writes_once(tmp_path, capsys):
    path = write(tmp_path, new_code_cell("x = 6"), new_code_cell("print(x)\nx * 7"))
    assert main(["--notebooks", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "02_small.ipynb: written\n"
    first, time = path.read_bytes(), path.stat().st_mtime_ns
    outputs = nbformat.read(path, 4).cells[1].outputs
    assert [o.get("text") or o.data["text/plain"] for o in outputs] == ["6\n", "42"]
    assert main(["--notebooks", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "02_small.ipynb: unchanged\n"
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, time)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_cell_is_named_and_the_file_left_alone(tmp_path, capsys):
    bad = [new_markdown_cell("# T"), new_code_cell("ok = 1"), new_code_cell("\ny = 1\n1 / 0")]
    path = write(tmp_path, *bad)
    write(tmp_path, new_code_cell("1"), name="03_fine.ipynb")
    before = path.read_bytes()
    assert main(["--notebooks", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "02_small.ipynb: cell 3 (y = 1): ZeroDivisionError: division by zero",
        "  left untouched: 02_small.ipynb",
        "03_fine.ipynb: written",
    ]
    assert path.read_bytes() == before


def test_a_cell_tagged_to_raise_may_raise(tmp_path):
    tagged = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    path = write(tmp_path, tagged, new_code_cell("'after'"))
    assert main(["--notebooks", str(tmp_path)]) == 0
    cells = nbformat.read(path, 4).cells
    assert cells[0].outputs[0].ename == "ZeroDivisionError"
    assert cells[1].outputs[0].data["text/plain"] == "'after'"


def test_a_slow_cell_and_a_dead_kernel_are_named(tmp_path):
    slow = new_notebook(cells=[new_code_cell("1"), new_code_cell("while True: pass")])
    with pytest.raises(NotebookFailed, match=r"n: cell 2 \(while True: pass\): did not finish"):
        execute(slow, tmp_path, "n", timeout=1)
    dead = new_notebook(cells=[new_code_cell("import os\nos._exit(1)")])
    with pytest.raises(NotebookFailed, match=r"n: cell 1 \(import os\): the kernel died"):
        execute(dead, tmp_path, "n")


def test_kernels_know_nothing_of_the_author(tmp_path, monkeypatch):
    monkeypatch.delenv("MICROGPT_PROGRESS", raising=False)
    source = "import os\nprint(os.environ['MICROGPT_PROGRESS'], os.getcwd())"
    notebook = new_notebook(cells=[new_code_cell(source)])
    execute(notebook, tmp_path, "n")
    assert notebook.cells[0].outputs[0].text == f"off {tmp_path.resolve()}\n"


def test_measured_outputs_stay_unless_renewed(tmp_path, capsys):
    tagged = {"tags": ["nbval-ignore-output"]}
    source = "import time\nprint(time.perf_counter_ns())"
    path = write(tmp_path, new_code_cell(source, metadata=tagged))

    def output():
        return nbformat.read(path, 4).cells[0].outputs[0].text

    main(["--notebooks", str(tmp_path)])
    first = output()
    main(["--notebooks", str(tmp_path)])
    assert output() == first
    assert capsys.readouterr().out.endswith("unchanged\n")
    main(["--renew", "02", "--notebooks", str(tmp_path)])
    assert output() != first


def test_measured_outputs_do_not_stay_when_the_cell_changed(tmp_path):
    tagged = {"tags": ["nbval-ignore-output"]}
    path = write(tmp_path, new_code_cell("print('old')", metadata=tagged))
    main(["--notebooks", str(tmp_path)])
    edit(path, 0, "print('new')")
    assert main(["--notebooks", str(tmp_path)]) == 0
    assert nbformat.read(path, 4).cells[0].outputs[0].text == "new\n"


THE_MACHINE = "import os\nprint('mean', os.environ.get('THE_MACHINE', 2.302), 'nats')"


def test_a_number_that_comes_out_differently_is_an_error_that_names_the_cell(
    tmp_path, capsys, monkeypatch
):
    path = write(tmp_path, new_code_cell("x = 1"), new_code_cell(THE_MACHINE), new_code_cell("x"))
    folder = ["--notebooks", str(tmp_path)]
    assert main(folder) == 0
    before = path.read_bytes()
    monkeypatch.setenv("THE_MACHINE", "2.298")
    capsys.readouterr()
    assert main(folder) == 1
    assert capsys.readouterr().out.splitlines() == [
        "02_small.ipynb: cell 2 (import os):",
        "    stored stdout: mean 2.302 nats",
        "    now    stdout: mean 2.298 nats",
        "02_small.ipynb: left untouched; if you changed what makes it, "
        'make notebooks NB="--accept 02" stores it',
    ]
    assert path.read_bytes() == before
    assert main(["--accept", *folder]) == 0
    assert "now    stdout: mean 2.298 nats" in capsys.readouterr().out
    assert nbformat.read(path, 4).cells[1].outputs[0].text == "mean 2.298 nats\n"


def test_an_edited_cell_and_those_after_it_may_print_something_else(tmp_path, capsys):
    path = write(tmp_path, new_code_cell("x = 1"), new_code_cell("print(x)"), new_code_cell("2"))
    folder = ["--notebooks", str(tmp_path)]
    assert main(folder) == 0
    edit(path, 0, "x = 5")
    capsys.readouterr()
    assert main(folder) == 0
    assert capsys.readouterr().out.splitlines() == [
        "02_small.ipynb: cell 2 (print(x)) (edited, or after an edited cell):",
        "    stored stdout: 1",
        "    now    stdout: 5",
        "02_small.ipynb: written",
    ]
    edit(path, 2, "3")
    assert main(folder) == 0
    assert nbformat.read(path, 4).cells[2].outputs[0].data["text/plain"] == "3"


def test_chapters_are_chosen_by_number(tmp_path):
    for name in ("00_a.ipynb", "02_b.ipynb", "10_c.ipynb", "notes.ipynb"):
        (tmp_path / name).touch()

    def names(*chapters):
        return [path.name[:2] for path in chosen_notebooks(tmp_path, list(chapters))]

    assert names() == ["00", "02", "10"]
    assert names("10", "2") == ["02", "10"]
    with pytest.raises(SystemExit, match=r"no notebook 05_\*.ipynb"):
        names("5")


def test_an_unknown_chapter_is_one_line(tmp_path):
    with pytest.raises(SystemExit, match=r"\Ano notebook 77_.*\Z"):
        main(["77", "--notebooks", str(tmp_path)])


def test_lint_prints_what_breaks_the_rules(tmp_path, capsys):
    write(tmp_path, new_code_cell("x = 1;"))
    assert main(["lint", "--notebooks", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "02_small.ipynb: no_trailing_semicolon: cell 1: a line that ends with ; 'x = 1;'" in out
