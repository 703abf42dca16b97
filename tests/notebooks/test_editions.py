"""The student and the solution edition, made of one small notebook."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support import NOTEBOOKS

from classroom.exercises.kit.pages import find_places
from tools.editions import moved_links, solution_edition, student_edition
from tools.notebooks import main

HEADING = "### Exercise 0.1 · What comes next?  ●○○ · 5 min\nWrite `next_letters(name)`."
STUB = 'def next_letters(name):\n    raise NotImplementedError\n\n\ncheck("0.1", next_letters)'
HINTS = "Expected output: a tick.\n\n<details><summary>Hint 1</summary>\n\nA slice.\n\n</details>\n"
SOLUTION = """
<details><summary>Solution</summary>

From the second letter on.

```python
def next_letters(name):
    return list(name[1:])
```

</details>
"""
QUIZ = "<details><summary>Answer</summary>\n\nYes.\n\n</details>"
LINKS = '[b](../assets/b.md) ![b](../assets/b.png) [c](01_c.ipynb) <img src="../assets/d.png">'


def notebook(solution=SOLUTION):
    cells = [
        new_markdown_cell(f"# 0 · Start\n{LINKS}"),
        new_code_cell("from classroom.exercises import check"),
        new_markdown_cell(HEADING),
        new_code_cell(STUB),
        new_markdown_cell(HINTS + solution),
        new_markdown_cell("## Quiz\n" + QUIZ),
    ]
    return new_notebook(cells=cells)


def test_the_student_edition_has_hints_and_answers_but_no_solution():
    text = nbformat.writes(student_edition(notebook()))
    assert "Hint 1" in text and "<summary>Answer" in text and "NotImplementedError" in text
    for word in ("Solution", "name[1:]", "From the second letter"):
        assert word not in text


def test_a_cell_of_nothing_but_a_solution_is_gone():
    whole = notebook(solution="")
    whole.cells.insert(5, new_markdown_cell(SOLUTION))
    assert len(student_edition(whole).cells) == len(whole.cells) - 1


def test_the_solution_edition_has_every_stub_filled():
    stub = solution_edition(notebook()).cells[3].source
    assert stub == (
        'def next_letters(name):\n    return list(name[1:])\n\n\ncheck("0.1", next_letters)'
    )


def test_no_solution_no_edition():
    with pytest.raises(ValueError, match=r"exercise 0\.1 needs one stub and one folded solution"):
        solution_edition(notebook(solution=""))


def test_links_out_of_the_folder_still_lead_there(tmp_path):
    page = notebook()
    moved_links(page, tmp_path / "notebooks", tmp_path / "build" / "student")
    source = page.cells[0].source
    assert "[b](../../assets/b.md) ![b](../../assets/b.png) [c](01_c.ipynb)" in source
    assert 'src="../../assets/d.png"' in source


@pytest.fixture
def course(tmp_path):
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook(), tmp_path / "notebooks" / "00_start.ipynb")
    return tmp_path


def editions(course):
    folders = ["--notebooks", str(course / "notebooks"), "--build", str(course / "build")]
    return main(["editions", *folders])


def test_both_editions_are_written_and_the_notebooks_left_alone(course, capsys):
    path = course / "notebooks" / "00_start.ipynb"
    before = path.read_bytes()
    (course / "build" / "student").mkdir(parents=True)
    (course / "build" / "student" / "old.ipynb").touch()
    assert editions(course) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["student/00_start.ipynb: written", "solutions/00_start.ipynb: written"]
    assert path.read_bytes() == before
    files = {
        name: sorted(each.name for each in (course / "build" / name).iterdir())
        for name in ("student", "solutions")
    }
    assert files == {"student": ["00_start.ipynb", "AGENTS.md"], "solutions": ["00_start.ipynb"]}
    solved = nbformat.read(course / "build" / "solutions" / "00_start.ipynb", as_version=4)
    assert solved.cells[3].outputs[0].text == "✓ 0.1 What comes next?\n"
    student = nbformat.read(course / "build" / "student" / "00_start.ipynb", as_version=4)
    assert "NotImplementedError" in student.cells[3].source


def test_a_solution_that_its_check_rejects_is_told(course, capsys):
    wrong = notebook(solution=SOLUTION.replace("name[1:]", "name"))
    nbformat.write(wrong, course / "notebooks" / "00_start.ipynb")
    assert editions(course) == 1
    assert "the solution of exercise 0.1 is not right" in capsys.readouterr().out


def test_the_student_edition_asks_assistants_to_explain_and_never_to_finish_a_stub(course):
    editions(course)
    page = (course / "build" / "student" / "AGENTS.md").read_text(encoding="utf-8")
    for words in ("**Explain**", "**Ask back.**", "**Never finish a stub.**", "two folded hints"):
        assert words in page
    assert "```" not in page


def lines_of(code):
    """The lines of some code that say something of their own."""
    lines = (line.split("  #")[0].strip() for line in code.splitlines())
    return {line for line in lines if len(line) >= 25 and not line.startswith(("def ", "class "))}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_line_of_a_solution_is_in_the_student_edition(path):
    """A line may be there only where the chapter itself shows it, in a cell that runs."""
    page = nbformat.read(path, as_version=4)
    shown = {line for c in page.cells if c.cell_type == "code" for line in lines_of(c.source)}
    edition = student_edition(page)
    prose = "\n".join(cell.source for cell in edition.cells if cell.cell_type == "markdown")
    places = find_places(page.cells)
    assert places and "<summary>Solution" not in nbformat.writes(edition)
    for place in places:
        told = [line for line in lines_of(place.solution) - shown if line in prose]
        assert not told, f"{place.id}: {told}"
