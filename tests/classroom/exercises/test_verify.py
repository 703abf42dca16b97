"""Notebooks held against the registry: what agrees, and what each complaint says."""

import json

import pytest

from classroom.exercises.__main__ import main
from classroom.exercises.kit import registry
from classroom.exercises.kit.checking import expect, expect_calls
from classroom.exercises.kit.needed import needed_cells
from classroom.exercises.kit.pages import checked_ids, filled, find_places

HEADING = "### Exercise 2.1 · double  ●○○ · 5 min\nWrite `double(x)`."
STUB = 'def double(x):\n    raise NotImplementedError\n\n\ncheck("2.1", double)'
SETUP = "from classroom.exercises import check\nimport math"


def folded(title, body):
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def solution(code):
    fenced = folded("Solution", f"Twice.\n\n```python\n{code}\n```")
    return "Expected output: a tick.\n\n" + folded("Hint 1", "add") + folded("Hint 2", "x") + fenced


def md(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source):
    lines = source.splitlines(keepends=True)
    return {**md(lines), "cell_type": "code", "outputs": [], "execution_count": None}


GOOD = [code(SETUP), md(HEADING), code(STUB), md(solution("def double(x):\n    return 2 * x"))]


@pytest.fixture(autouse=True)
def one_exercise(no_exercises):
    @registry.exercise("2.1", "double", difficulty=1, minutes=5)
    def check_double(double):
        expect_calls(double, lambda x: 2 * x, [(1,), (2,)])


AGREE = (0, "exercises 1, complaints 0", "")


@pytest.fixture
def verify(tmp_path, capsys):
    """Verify a notebook of these cells: the exit code, the last line, and the lines before it."""

    def verified(*cells):
        notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / "02_backward.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        exit_code = main(["verify", "--notebooks", str(tmp_path)])
        lines = capsys.readouterr().out.splitlines()
        return exit_code, lines[-1], "\n".join(lines[:-1])

    return verified


def stub(old, new):
    """The exercise with another stub."""
    return [*GOOD[:2], code(STUB.replace(old, new)), GOOD[3]]


def heading(old, new):
    return [md(HEADING.replace(old, new)), *GOOD[2:]]


def solved(body):
    return [*GOOD[:3], md(solution(body))]


TWICE = [md(HEADING.replace("2.1", "2.2")), code(STUB.replace("2.1", "2.2"))]
COMPLAINTS = [
    (solved("def double(x):\n    return x + 1"), "double(2) gave 3, expected 4"),
    (solved("import nowhere_at_all\ndef double(x):\n    return 2 * x"), "ModuleNotFoundError"),
    (stub("raise NotImplementedError", "return 2 * x"), "the stub is not simply open"),
    (stub("raise NotImplementedError", "return 0"), "the stub is not simply open"),
    (stub("raise", "raise 1 / 0 #"), "the stub is not simply open"),
    (stub("check(", 'check("2.1", double)\ncheck('), "checked 2 times"),
    (GOOD[:3], "no folded solution"),
    (GOOD[:2] + GOOD[3:], "checked in 0 cells"),
    (GOOD[:1] + GOOD[2:], "has no heading"),
    (GOOD[:1], "in the notebooks 0 times"),
    (GOOD + GOOD[1:], "in the notebooks 2 times"),
    (heading("5 min", "6 min"), "the registry has the heading"),
    (heading("●○○", "●●○"), "the registry has the heading"),
    (heading("double ", "twice "), "the registry has the heading"),
    (GOOD + TWICE, "no check"),
    ([*GOOD, md(solution("double = 3"))], "no folded solution"),
]


@pytest.mark.parametrize(("cells", "said"), COMPLAINTS, ids=range(len(COMPLAINTS)))
def test_what_does_not_belong_together(verify, cells, said):
    exit_code, summary, lines = verify(*cells)
    assert exit_code == 1 and said in lines and not summary.endswith(" 0")


def test_an_empty_course_is_not_verified(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(registry, "_registry", {})
    assert main(["verify", "--notebooks", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "exercises 0, complaints 0\n"


def test_a_missing_folder_is_one_line(tmp_path, capsys):
    assert main(["verify", "--notebooks", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().out.startswith("there is no folder ")


def test_earlier_cells_and_earlier_solutions_are_there(verify):
    @registry.exercise("2.2", "four", difficulty=1, minutes=5)
    def check_four(answer):
        expect("answer", answer, 4)

    cells = [
        code(SETUP + "\nfrom IPython.display import display"),
        code("%matplotlib inline\nnumbers = [2]\ndisplay(numbers)"),
        code("numbers.append(3)"),
        code("raise RuntimeError('a cell that no exercise needs')"),
        *GOOD[1:],
        md(HEADING.replace("2.1 · double", "2.2 · four")),
        code('answer = ...\n\ncheck("2.2", answer)'),
        md(solution("answer = double(len(numbers))")),
    ]
    assert verify(*cells) == (0, "exercises 2, complaints 0", "")


def test_cells_run_in_their_folder_and_whatever_their_order(verify, tmp_path):
    (tmp_path / "two.txt").write_text("2")
    later = [code("def factor():\n    return two"), code('two = int(open("two.txt").read())')]
    done = md(solution("def double(x):\n    return factor() * x"))
    assert verify(GOOD[0], *later, *GOOD[1:3], done) == AGREE


def test_needed_cells_follow_names_backwards():
    cells = ["import random", "rng = random.Random(1)", "docs = ['b', 'a']", "slow = list('ab')"]
    cells += ["rng.shuffle(docs)", "def first():\n    return docs[0]", "grid = {}"]
    assert needed_cells([*cells, "grid[0] = first()"], "print(grid)") == [2, 5, 6, 7]
    assert needed_cells(cells, "rng.random()") == [0, 1, 2, 4]
    assert needed_cells(cells, "1 + 1") == []
    package = ["import microgpt", "microgpt.save(path)", "microgpt.gpt = mine"]
    assert needed_cells(package, "microgpt") == [0, 2]
    cells = ["names = slow()", "for x in names: pass", "names = ['a']", "names.append('b')"]
    assert needed_cells(cells, "print(names)") == [2, 3]  # bound anew
    assert needed_cells([*cells, "names += ['c']"], "names") == [2, 3, 4]
    assert needed_cells([*cells, "if 1:\n    names = []"], "names") == [2, 3, 4]


def test_needed_cells_ignore_the_insides_of_functions():
    cells = ["docs = slow()", "rate = 0.1", "total = [docs for docs in 'ab']"]
    target = "def train(docs, steps=3):\n    loss = rate\n    return [loss for loss in docs]"
    assert needed_cells(cells, target) == [1]
    assert needed_cells(cells, "print(total)") == [2]
    assert needed_cells(cells, "{docs: rate for docs in 'ab'}, {docs for docs in 'c'}") == [1]


DOUBLE = "def double(x):\n    return 2 * x"
LIMIT = 'LIMIT = 3\n\n\n@wraps\ndef f(x):\n    ...\n\n\ncheck("2.1", f)'
LIMITED = "LIMIT = 3\n\n\ndef f(x):\n    return LIMIT\n\n\ncheck("
# a stub, the code of the solution, and how the cell then begins
FILLED = [
    (STUB, DOUBLE, DOUBLE + "\n\n\ncheck("),
    ('answer = ...\ncheck("2.1", answer)', "answer = 4", 'answer = 4\n\ncheck("2.1", answer)'),
    (LIMIT, "def f(x):\n    return LIMIT", LIMITED),
    ('check("2.1", answer)', "answer = 4", 'answer = 4\n\ncheck("2.1", answer)'),
    ('a = ...\nb = ...\ncheck("2.1", a, b)', "a = 1\nb = 2", "a = 1\nb = 2\n\ncheck("),
    ('a = ...\ncheck("2.1", a)', 'a = 1\ncheck("2.1", a)', 'a = 1\ncheck("2.1", a)\n'),
    ('a = bug()\n\ncheck("2.1", ...)', 'a = 1\ncheck("2.1", a)', 'a = 1\ncheck("2.1", a)\n'),
]


@pytest.mark.parametrize(("stub", "code", "begin"), FILLED)
def test_the_solution_takes_the_place_of_what_it_defines(stub, code, begin):
    new = filled(stub, code)
    assert new.startswith(begin) and new.count("check(") == 1


def test_places_know_what_belongs_to_an_exercise():
    cells = [{**cell, "source": "".join(cell["source"])} for cell in GOOD]
    (place,) = find_places([*cells, md("## Recap"), md(folded("Hint 3", "no"))])
    assert (place.id, place.title, place.difficulty, place.minutes) == ("2.1", "double", 1, 5)
    assert (place.heading_cell, place.stub_cells, place.solution_cell) == (1, (2,), 3)
    assert place.hints == 2 and place.expected
    assert place.solution == "def double(x):\n    return 2 * x"


def test_checked_ids_ignore_strings_and_comments():
    assert checked_ids('# check("1.1", a)\ntext = \'check("1.2", b)\'\ncheck("1.3", c)') == ["1.3"]
    assert checked_ids("not python at all") == []
