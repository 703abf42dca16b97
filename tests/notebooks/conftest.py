"""A notebook that breaks no rule, made up for the tests; they spoil it in one place at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from classroom.chapters import CHAPTERS
from classroom.exercises.kit import registry
from classroom.exercises.kit.checking import expect_calls
from tools.hygiene import Page
from tools.hygiene.skeleton import IS_IT_THE_COURSE
from tools.normalise import normalise

TOP = """# 5 · Attention
Each position asks all earlier ones a question.

[← 4](04_next_token.ipynb) · [contents](00_start_here.ipynb) · [6 →](06_mlp.ipynb)"""
BOX = """**By the end you can** compute one head by hand.

**You need** chapters 01 to 04.

**Time** 50 min lecture / 100 min self-study. **Short of time?**
Skip the [second section](#Section-2)."""
CLOSING = """## Recap
{points}

## What we have now
120 lines of the script.

## Quiz
{questions}

## Further reading
- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)

[Next: 6 MLP](06_mlp.ipynb)"""
WORDS = "Nineteen openings are enough, and for everybody on Earth it takes thirteen more. " * 5
ALT = "Heatmap of 3 by 3 weights; the largest, 0.81, is that of the letter m for itself."


def folded(title: str, body: str) -> str:
    """A folded block."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def exercise_cells(key: str, title: str) -> list[NotebookNode]:
    """Heading, stub with check and stored output, folded hints and solution."""
    heading = f"### Exercise {key} · {title}  ●○○ · 5 min\nWrite `double(x)`."
    stub = f'def double(x):\n    raise NotImplementedError\n\n\ncheck("{key}", double)'
    printed = f"☐ {key} {title}: not attempted yet\n"
    rest = "Expected output: a tick.\n\n" + folded("Hint 1", "add") + folded("Hint 2", "x + x")
    rest += folded("Solution", "```python\ndef double(x):\n    return 2 * x\n```")
    return [new_markdown_cell(heading), code(stub, stream(printed)), new_markdown_cell(rest)]


def stream(text: str, name: str = "stdout") -> NotebookNode:
    """What a cell printed."""
    return new_output("stream", name=name, text=text)


def code(source: str, *outputs: NotebookNode) -> NotebookNode:
    """An executed code cell; its number is set by the normal form."""
    return new_code_cell(source, execution_count=1, outputs=list(outputs))


def picture() -> NotebookNode:
    """The output of a picture."""
    words = f'<img src="data:image/png;base64,iVBORw0KGgo=" alt="{ALT}">'
    data = {"image/png": "iVBORw0KGgo=", "text/html": words, "text/plain": ALT}
    return new_output("display_data", data=data, metadata={"image/png": {"alt": ALT}})


def section(number: int) -> list[NotebookNode]:
    """A section: text and code in turn."""
    cells = [new_markdown_cell(f"## Section {number}\n{WORDS}")]
    for step in range(3):
        cells.append(code(f"print({number}.{step})", stream(f"{number}.{step}\n")))
        cells.append(new_markdown_cell(f"Step {step} of {number}. {WORDS}"))
    return cells


SETUP = f"""\
{IS_IT_THE_COURSE}from classroom.exercises import check
from classroom.viz import machine_map"""


def good_notebook() -> NotebookNode:
    """A notebook of chapter 05 that breaks no rule."""
    cells = [
        new_markdown_cell(TOP),
        code(SETUP),
        code("machine_map(5)", picture()),
        new_markdown_cell(BOX),
        *section(1),
        *section(2),
        *section(3),
        *section(4),
        *(c for n in (1, 2, 3) for c in exercise_cells(f"5.9{n}", f"double {n}")),
    ]
    questions = "\n".join(folded(f"Question {n}", f"Answer {n}.") for n in (1, 2, 3))
    points = "\n".join(f"{n}. One line." for n in range(1, 6))
    cells.append(new_markdown_cell(CLOSING.format(points=points, questions=questions)))
    cells[1].metadata["jupyter"] = {"source_hidden": True}
    return normalise(new_notebook(cells=cells))


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The good notebook in a folder with its neighbours, its exercises in the registry."""
    registry.all_exercises()
    for n in (1, 2, 3):
        key, title = f"5.9{n}", f"double {n}"

        def check_double(double: object) -> None:
            expect_calls(double, lambda x: 2 * x, [(1,), (2,)])

        known = registry.Exercise(key, title, 1, 5, "implement", check_double)
        monkeypatch.setitem(registry._registry, key, known)
    for chapter in CHAPTERS:
        (tmp_path / chapter.file).touch()
    return Page(tmp_path / "05_attention.ipynb", good_notebook())
