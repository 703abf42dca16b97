"""A check from its call to its line: what is said of any answer, and what stays as it was."""

import builtins
import sys
import warnings

import pytest
from looked_at import typed

import microgpt.layers
from classroom.exercises import check, evaluate
from classroom.exercises.kit import errors, logbook, registry
from classroom.exercises.kit.causes import gives
from classroom.exercises.kit.checking import expect, expect_calls
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.seen import seen, unused


@pytest.fixture(autouse=True)
def two_exercises(no_exercises):
    @exercise("2.1", "double", difficulty=1, minutes=5)
    def check_double(double):
        cases = [(1,), (2,), (10,)]
        expect_calls(double, lambda x: 2 * x, cases, causes=[gives(lambda x: x * x, "squared.")])

    @exercise("2.2", "Pair", difficulty=2, minutes=5)
    def check_pair(Pair, total):
        expect("Pair(1, 2).sum()", lambda: Pair(1, 2).sum(), 3)
        expect("Pair(1, 2).product()", lambda: Pair(1, 2).product(), 2)
        expect("total", total, 3)


def stub(x):
    raise NotImplementedError


def squared(x):
    return x * x


OPEN = "☐ 2.1 double: not attempted yet\n"
CAUSE = "Likely cause: squared.\n"
PRINTED = [
    ("2.1", [lambda x: x + x], "✓ 2.1 double\n"),
    ("2.1", [stub], OPEN),
    ("2.1", [...], OPEN),
    ("2.2", [list, ...], "☐ 2.2 Pair: not attempted yet\n"),
    (
        "2.1",
        [squared],
        "✗ 2.1 double\n  squared(1) gave 1, expected 2.\n  Likely cause: squared.\n",
    ),
]


@pytest.mark.parametrize(("key", "answers", "printed"), PRINTED)
def test_what_is_printed(key, answers, printed, capsys):
    assert check(key, *answers) is None
    assert capsys.readouterr().out == printed


def test_a_half_done_class_is_not_finished():
    class Pair:
        def __init__(self, a, b):
            self.a, self.b = a, b

        def sum(self):
            return self.a + self.b

        def product(self):
            raise NotImplementedError

    text = str(evaluate("2.2", Pair, 3))
    assert text.startswith("☐ 2.2 Pair: not finished yet\n") and "raise NotImpl" in text


@pytest.mark.parametrize("key", ["2.9", "x", "", None, 4, 2.1, ["2.1"]])
def test_an_unknown_id_is_one_line(capsys, key):
    check(key, stub)
    out = capsys.readouterr().out
    assert out.startswith("✗ there is no exercise") and '"2.1"' in out and out.count("\n") == 1


@pytest.mark.parametrize(("key", "count"), [("2.1", 0), ("2.1", 2), ("2.2", 1), ("2.2", 3)])
def test_a_wrong_number_of_answers(key, count):
    result = evaluate(key, *[len] * count)
    assert result.status == "wrong" and f'check("{key}", ' in result.lines[0]


class Unsupported(NotImplementedError):
    """No stub's own exception."""


def refuses(x):
    raise Wrong("the number is told twice.")


def answered(body, **names):
    """A function of one number with this body."""
    return typed(f"def f(x):\n    {body}", **names)


HALF = typed("def half(x):\n    return x.half")
DOUBLE = typed("def double(x):\n    raise NotImplementedError")
G = typed("class G:\n    def __init__(self, x): x.y")
PATH = "/exercises"
# an answer, what is said of it, and what is not
SAID = [
    (refuses, ["refuses(1): the number is told twice."], "raised"),
    (answered("return half(x)", half=HALF), ["line 2 of another cell:"], "your"),
    (answered("half = x.half\n    return half"), ["line 2 of your code:"], "cell"),
    (typed("class F(G): pass", G=G), ["line 2 of another cell:"], "your code"),
    (answered("(x, y) = 3, 4\n    return x"), ["line 2: `x = …` overwrites"], "y ="),
    (typed("async def f(x): return 2 * x"), ["gave <coroutine object f>", "a number"], "dice"),
    (answered("return float([x])"), ["float() argument must be"], "math"),
    (5, ["the check needs your function itself, but was given 5."], "brackets"),
    (answered("return 2 * y"), ["`y` has no value here: a typing error, or a name of"], "notebook"),
    (answered("half = x\n    return hlaf"), ["`hlaf` has no value here: is `half` meant?"], "?:"),
    (answered("return statistics.mean([x])"), ["`import statistics` comes first"], "meant"),
    (answered("return double(x)", double=DOUBLE), ["`double`, which still raises"], "✗"),
    (answered("return int(input('?'))"), ["raised RuntimeError: nobody answers `input`"], "stdin"),
    (answered("raise Unsupported('no')", Unsupported=Unsupported), ["✗", "Unsupported: no"], "☐"),
    (print(), ["✗", "`print(...)`"], "☐"),
    # an exception is told with the line that raised, without the file's path
    (answered("y = x - x\n    return 1 / y"),
     ["f(1) raised ZeroDivisionError: ", "line 3 of your code: return 1 / y"], "ipython"),
    (answered("return f(x)"),
     ["f(1) raised RecursionError", "return f(x)", "calls itself"], "ipython"),
    (answered("import sys; sys.exit(3)"),
     ["f(1) raised SystemExit: 3", "sys.exit(3)", "whole kernel"], "ipython"),
    (answered("raise BaseException('odd')"), ["f(1) raised BaseException: odd"], "ipython"),
    (lambda x: x.data, ["raised AttributeError: 'int' object", "lambda x: x.data"], PATH),
    (lambda x: undefined, ["raised NameError: ", "undefined"], PATH),  # noqa: F821
    (answered("print('\\x1b[31mred')\n    raise ValueError('\\x1b[31mred\\x07')"),
     [r"f(1) raised ValueError: \x1b[31mred\x07"], "\x1b"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "there", "not_there"), SAID)
def test_what_is_told_is_true_of_the_answer(answer, there, not_there):
    result = evaluate("2.1", answer)
    said = f"{result}\n{result.told}"
    assert all(words in said for words in there) and not_there not in str(result), said


def test_of_two_functions_the_right_one_is_not_blamed():
    never = typed("def never(text): return 3")
    assert "`text`" in seen(unused, [never]) and seen(unused, [never, HALF]) == ""


def test_a_check_that_trips_over_the_answer_says_so(no_exercises):
    # Compiled as if it stood in a chapter's module: no line of the reader's has a part in it.
    space = {}
    source = "def check_fragile(answer):\n    answer.weights[0]"
    exec(compile(source, registry.__file__, "exec"), space)
    exercise("2.3", "fragile", difficulty=1, minutes=5)(space["check_fragile"])
    result = evaluate("2.3", 5)
    assert result.lines[0].startswith("the check cannot work with 5 (of type int): AttributeError")
    assert "another kind of thing" in result.told


def test_the_users_interrupt_is_passed_on_and_ends_no_cell(capsys):
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate("2.1", interrupted)
    check("2.1", interrupted)
    assert capsys.readouterr().out.startswith("☐ 2.1 double: stopped before")


def test_much_printing_is_cut_and_shown_only_when_wrong(capsys):
    def loud(x):
        for _ in range(10_000):
            print("here", x)
        print("to stderr", file=sys.stderr)
        return 2 * x if x < 10 else 0

    result = evaluate("2.1", loud)
    assert capsys.readouterr() == ("", "")
    shown = result.printed.splitlines()
    assert shown[0] == "here 1" and shown[-1] == "… and more" and len(shown) == 11
    assert evaluate("2.1", lambda x: print(x) or 2 * x).printed == ""
    assert len(evaluate("2.1", lambda x: print("x" * 10**6)).printed) < 1100, "one endless line"


def test_what_an_answer_does_to_python_is_put_back(capsys):
    names, limit = dict(vars(builtins)), sys.getrecursionlimit()

    def careless(x):
        warnings.warn("careless", stacklevel=1)
        sys.setrecursionlimit(limit + 500)
        return 2 * x

    def double(x):
        builtins.max = lambda *_: 0
        del builtins.len
        return 2 * x

    assert evaluate("2.1", careless).status == "right"
    assert evaluate("2.1", double).status in ("right", "wrong")
    assert (sys.getrecursionlimit(), vars(builtins)) == (limit, names)
    assert capsys.readouterr() == ("", "")


def test_a_check_is_recorded_and_evaluate_is_not(capsys):
    evaluate("2.1", lambda x: 2 * x)
    assert logbook.known().exercises == {}
    check("2.1", lambda x: 3)
    check("2.2", stub, ...)
    assert logbook.known().exercises == {"2.1": "wrong"}
    check("2.1", lambda x: 2 * x)
    check("2.1", lambda x: 3)
    assert logbook.known().exercises == {"2.1": "right"}
    assert str(evaluate("2.1", stub)) == OPEN.strip(), "a later check starts afresh"


def test_lines_of_the_machine_are_not_taken_for_the_readers():
    assert not errors.is_readers_file(microgpt.layers.__file__)
    assert not errors.is_readers_file(errors.__file__) and errors.is_readers_file(__file__)


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError("repr")


class Forbidding(type):
    def __getattribute__(cls, name):
        raise ValueError(name)


class OfNoClass:
    @property
    def __class__(self):
        raise RuntimeError("I have none")


ITSELF = []
ITSELF.append(ITSELF)
HOSTILE = [lambda: Forbidding("NotToBeLookedAt", (), {}), OfNoClass, Hostile, lambda: ITSELF]
HOSTILE += [lambda: lambda x: ITSELF, lambda: lambda x: Hostile()]


@pytest.mark.parametrize("make", HOSTILE, ids=range(len(HOSTILE)))
def test_an_answer_that_forbids_to_be_looked_at_is_wrong_like_any_other(make, capsys):
    check("2.1", make())
    check("2.2", make(), 3)
    said = capsys.readouterr().out
    assert "✗ 2.1 double\n  " in said and "✗ 2.2 Pair\n  " in said and "0x" not in said


@pytest.mark.parametrize("given", ["itself", "deep", "huge"])
def test_what_cannot_be_compared_is_not_called_another_kind_of_thing(given):
    answers = {"itself": ITSELF, "deep": [], "huge": 10**400}
    for _ in range(100_000):
        answers["deep"] = [answers["deep"]]
    result = evaluate("2.1", lambda x: answers[given])
    assert result.status == "wrong" and "another kind of thing" not in result.told
