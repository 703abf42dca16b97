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
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source.splitlines(keepends=True),
        "outputs": [],
        "execution_count": None,
    }


GOOD = [code(SETUP), md(HEADING), code(STUB), md(solution("def double(x):\n    return 2 * x"))]


@pytest.fixture(autouse=True)
def one_exercise(no_exercises):
    @registry.exercise("2.1", "double", difficulty=1, minutes=5)
    def check_double(double):
        expect_calls(double, lambda x: 2 * x, [(1,), (2,)])


def verify(tmp_path, capsys, *cells, name="02_backward.ipynb"):
    notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / name).write_text(json.dumps(notebook), encoding="utf-8")
    exit_code = main(["verify", "--notebooks", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    return exit_code, lines[-1], "\n".join(lines[:-1])


def test_all_agree(tmp_path, capsys):
    expected = (0, "exercises 1, complaints 0", "")
    assert verify(tmp_path, capsys, *GOOD) == expected


def test_a_wrong_solution(tmp_path, capsys):
    wrong = md(solution("def double(x):\n    return x + 1"))
    exit_code, summary, said = verify(tmp_path, capsys, *GOOD[:3], wrong)
    assert exit_code == 1
    assert summary == "exercises 1, complaints 1"
    assert "2.1: the solution is rejected" in said and "double(2) gave 3, expected 4" in said


def test_a_solution_that_raises(tmp_path, capsys):
    wrong = md(solution("import nowhere_at_all\ndef double(x):\n    return 2 * x"))
    exit_code, summary, said = verify(tmp_path, capsys, *GOOD[:3], wrong)
    assert exit_code == 1 and "ModuleNotFoundError" in said


@pytest.mark.parametrize(
    ("stub", "said_of_it"),
    [
        (STUB.replace("raise NotImplementedError", "return 2 * x"), "the stub is not simply open"),
        (STUB.replace("raise NotImplementedError", "return 0"), "the stub is not simply open"),
        (STUB + '\ncheck("2.1", double)', "checked 2 times"),
        (STUB.replace("raise", "raise 1 / 0 #"), "the stub is not simply open"),
    ],
)
def test_a_stub_that_is_not_open(tmp_path, capsys, stub, said_of_it):
    exit_code, summary, said = verify(tmp_path, capsys, *GOOD[:2], code(stub), GOOD[3])
    assert exit_code == 1
    assert said_of_it in said


@pytest.mark.parametrize(
    ("cells", "said_of_it"),
    [
        (GOOD[:3], "no folded solution"),
        (GOOD[:2] + GOOD[3:], "checked in 0 cells"),
        (GOOD[:1] + GOOD[2:], "has no heading"),
        (GOOD[:1], "in the notebooks 0 times"),
        (GOOD + GOOD[1:], "in the notebooks 2 times"),
        ([md(HEADING.replace("5 min", "6 min")), *GOOD[2:]], "the registry has the heading"),
        ([md(HEADING.replace("●○○", "●●○")), *GOOD[2:]], "the registry has the heading"),
        ([md(HEADING.replace("double ", "twice ")), *GOOD[2:]], "the registry has the heading"),
        (GOOD + [md(HEADING.replace("2.1", "2.2")), code(STUB.replace("2.1", "2.2"))], "no check"),
        ([*GOOD, md(solution("double = 3"))], "no folded solution"),
    ],
)
def test_what_does_not_belong_together(tmp_path, capsys, cells, said_of_it):
    exit_code, summary, said = verify(tmp_path, capsys, *cells)
    assert exit_code == 1
    assert said_of_it in said


def test_an_empty_course_is_not_verified(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(registry, "_registry", {})
    assert main(["verify", "--notebooks", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "exercises 0, complaints 0\n"


def test_a_missing_folder_is_one_line(tmp_path, capsys):
    assert main(["verify", "--notebooks", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().out.startswith("there is no folder ")


def test_earlier_cells_and_earlier_solutions_are_there(tmp_path, capsys):
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
    expected = (0, "exercises 2, complaints 0", "")
    assert verify(tmp_path, capsys, *cells) == expected


def test_cells_run_in_the_folder_of_the_notebooks(tmp_path, capsys):
    (tmp_path / "two.txt").write_text("2")
    cells = [code(SETUP), code('factor = int(open("two.txt").read())'), *GOOD[1:3]]
    done = md(solution("def double(x):\n    return factor * x"))
    assert verify(tmp_path, capsys, *cells, done)[0] == 0


def test_needed_cells_follow_names_backwards():
    cells = [
        "import random",
        "rng = random.Random(1)",
        "docs = ['b', 'a']",
        "slow = [x for x in range(10)]",
        "rng.shuffle(docs)",
        "def first():\n    return docs[0]",
        "grid = {}",
        "grid[0] = first()",
    ]
    assert needed_cells(cells, "print(grid)") == [2, 5, 6, 7]
    assert needed_cells(cells, "rng.random()") == [0, 1, 2, 4]
    assert needed_cells(cells, "1 + 1") == []
    package = ["import microgpt", "microgpt.save(path)", "microgpt.gpt = mine"]
    assert needed_cells(package, "microgpt") == [0, 2]


def test_needed_cells_do_not_follow_a_name_that_is_bound_anew():
    cells = ["names = slow()", "for x in names: pass", "names = ['a']", "names.append('b')"]
    assert needed_cells(cells, "print(names)") == [2, 3]
    assert needed_cells([*cells, "names += ['c']"], "names") == [2, 3, 4]
    assert needed_cells([*cells, "if 1:\n    names = []"], "names") == [2, 3, 4]


def test_needed_cells_ignore_the_insides_of_functions():
    cells = ["docs = slow()", "rate = 0.1", "total = [docs for docs in 'ab']"]
    target = "def train(docs, steps=3):\n    loss = rate\n    return [loss for loss in docs]"
    assert needed_cells(cells, target) == [1]
    assert needed_cells(cells, "print(total)") == [2]
    assert needed_cells(cells, "{docs: rate for docs in 'ab'}, {docs for docs in 'c'}") == [1]


def test_a_function_that_uses_what_a_later_cell_binds(tmp_path, capsys):
    cells = [code(SETUP), code("def factor():\n    return two"), code("two = 2"), *GOOD[1:3]]
    done = md(solution("def double(x):\n    return factor() * x"))
    assert verify(tmp_path, capsys, *cells, done)[0] == 0


@pytest.mark.parametrize(
    ("stub", "code_of_solution", "result"),
    [
        (STUB, "def double(x):\n    return 2 * x", "def double(x):\n    return 2 * x\n\n\ncheck("),
        ('answer = ...\ncheck("2.1", answer)', "answer = 4", 'answer = 4\n\ncheck("2.1", answer)'),
        (
            'LIMIT = 3\n\n\n@wraps\ndef f(x):\n    ...\n\n\ncheck("2.1", f)',
            "def f(x):\n    return LIMIT",
            "LIMIT = 3\n\n\ndef f(x):\n    return LIMIT\n\n\ncheck(",
        ),
        ('check("2.1", answer)', "answer = 4", 'answer = 4\n\ncheck("2.1", answer)'),
        ('a = ...\nb = ...\ncheck("2.1", a, b)', "a = 1\nb = 2", "a = 1\nb = 2\n\ncheck("),
        ('a = ...\ncheck("2.1", a)', 'a = 1\ncheck("2.1", a)', 'a = 1\ncheck("2.1", a)\n'),
        ('a = bug()\n\ncheck("2.1", ...)', 'a = 1\ncheck("2.1", a)', 'a = 1\ncheck("2.1", a)\n'),
    ],
)
def test_the_solution_takes_the_place_of_what_it_defines(stub, code_of_solution, result):
    new = filled(stub, code_of_solution)
    assert new.startswith(result)
    assert new.count("check(") == 1


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
