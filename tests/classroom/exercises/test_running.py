import builtins
import sys
import warnings

import pytest
from looked_at import typed

from classroom.exercises import check, evaluate
from classroom.exercises.kit import logbook, registry
from classroom.exercises.kit.checking import expect, expect_calls, gives
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


@pytest.mark.parametrize(
    ("key", "answers", "printed"),
    [
        ("2.1", [lambda x: x + x], "✓ 2.1 double\n"),
        ("2.1", [stub], "☐ 2.1 double: not attempted yet\n"),
        ("2.1", [...], "☐ 2.1 double: not attempted yet\n"),
        ("2.2", [list, ...], "☐ 2.2 Pair: not attempted yet\n"),
        (
            "2.1",
            [squared],
            "✗ 2.1 double\n  squared(1) gave 1, expected 2.\n  Likely cause: squared.\n",
        ),
    ],
)
def test_what_is_printed(key, answers, printed, capsys):
    assert check(key, *answers) is None
    assert capsys.readouterr().out == printed


def test_none_is_what_print_gives():
    result = evaluate("2.1", print())
    assert result.status == "wrong" and "`print(...)`" in result.cause


def test_a_stub_of_another_exercise_is_named():
    def my_softmax(x):
        raise NotImplementedError

    result = evaluate("2.1", lambda x: my_softmax(x))
    assert "`my_softmax`, which still raises NotImplementedError" in result.lines[0]


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
    assert result.status == "wrong"
    assert f'check("{key}", ' in result.lines[0]


def refuses(x):
    raise Wrong("the number is told twice.")


HALF = typed("def half(x):\n    return x.half")


@pytest.mark.parametrize(
    ("answer", "said", "not_said"),
    [
        (refuses, "refuses(1): the number is told twice.", "raised"),
        (typed("def f(x): return half(x)", half=HALF), "line 2 of another cell:", "your"),
        (typed("def f(x):\n    half = x.half\n    return half"), "line 2 of your code:", "cell"),
        (typed("class F(G): pass", G=typed("class G:\n    def __init__(self, x): x.y")),
         "line 2 of another cell:", "your code"),
        (typed("def f(x):\n    (x, y) = 3, 4\n    return x"), "line 2: `x = …` overwrites", "y ="),
        (typed("async def f(x): return 2 * x"), "write `def`", "dice"),
        (typed("def f(x): return float([x])"), "float() argument must be", "math"),
        (5, "the check needs your function itself, but was given 5.", "brackets"),
        (typed("def f(x):\n    return 2 * y"), "`y` is no name of your function's own", "notebook"),
    ],
)  # fmt: skip
def test_what_is_told_is_true_of_the_answer(answer, said, not_said):
    text = str(evaluate("2.1", answer))
    assert said in text and not_said not in text


def test_of_two_functions_the_right_one_is_not_blamed():
    never = typed("def never(text): return 3")
    assert "`text`" in seen(unused, [never]) and seen(unused, [never, HALF]) == ""


def raises_zero(x):
    y = x - x
    return 1 / y


def endless(x):
    return endless(x)


def leaves(x):
    sys.exit(3)


def private(x):
    raise BaseException("odd")


@pytest.mark.parametrize(
    ("answer", "line", "place", "cause"),
    [
        (raises_zero, "raises_zero(1) raised ZeroDivisionError: ", "return 1 / y", ""),
        (endless, "endless(1) raised RecursionError", "return endless(x)", "calls itself"),
        (leaves, "leaves(1) raised SystemExit: 3", "sys.exit(3)", "whole kernel"),
        (private, "private(1) raised BaseException: odd", "raise BaseException", ""),
        (lambda x: x.data, "raised AttributeError: 'int' object", "lambda x: x.data", ""),
        (lambda x: undefined, "raised NameError: ", "undefined", ""),  # noqa: F821
    ],
)
def test_exceptions_are_told_with_the_line_that_raised(answer, line, place, cause):
    result = evaluate("2.1", answer)
    assert result.status == "wrong"
    assert line in result.lines[0]
    assert place in result.lines[1]
    assert "/" not in result.lines[1].replace(place, ""), "no path of the file"
    assert cause in result.told


ITSELF = []
ITSELF.append(ITSELF)


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError("repr")


def test_a_check_that_trips_over_the_answer_says_so(no_exercises):
    # Compiled as if it stood in a chapter's module: no line of the reader's has a part in it.
    space = {}
    source = "def check_fragile(answer):\n    answer.weights[0]"
    exec(compile(source, registry.__file__, "exec"), space)
    exercise("2.3", "fragile", difficulty=1, minutes=5)(space["check_fragile"])
    result = evaluate("2.3", 5)
    assert result.lines[0].startswith("the check cannot work with 5 (of type int): AttributeError")
    assert "another kind of thing" in result.told


def test_input_is_not_waited_for():
    result = evaluate("2.1", lambda x: int(input("?")))
    assert "raised RuntimeError: nobody answers `input`" in result.lines[0]


def test_only_a_stubs_own_exception_means_not_attempted():
    class Unsupported(NotImplementedError):
        pass

    def double(x):
        raise Unsupported("no")

    assert evaluate("2.1", double).status == "wrong"


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


def test_warnings_and_the_recursion_limit_do_not_leak(capsys):
    before = sys.getrecursionlimit()

    def careless(x):
        warnings.warn("careless", stacklevel=1)
        sys.setrecursionlimit(before + 500)
        return 2 * x

    assert evaluate("2.1", careless).status == "right"
    assert sys.getrecursionlimit() == before
    assert capsys.readouterr() == ("", "")


def test_a_check_is_recorded_and_evaluate_is_not(capsys):
    evaluate("2.1", lambda x: 2 * x)
    assert logbook.statuses() == {}
    check("2.1", lambda x: 3)
    check("2.2", stub, ...)
    assert logbook.statuses() == {"2.1": "wrong"}
    check("2.1", lambda x: 2 * x)
    check("2.1", lambda x: 3)
    assert logbook.statuses() == {"2.1": "right"}


def test_a_later_check_starts_afresh():
    assert evaluate("2.1", lambda x: 0).status == "wrong"
    result = evaluate("2.1", stub)
    assert str(result) == "☐ 2.1 double: not attempted yet"


def test_lines_of_the_machine_are_not_taken_for_the_readers():
    import microgpt.layers
    from classroom.exercises.kit import errors

    assert not errors.is_readers_file(microgpt.layers.__file__)
    assert not errors.is_readers_file(errors.__file__) and errors.is_readers_file(__file__)


def a_class_without_attributes():
    class Forbidding(type):
        def __getattribute__(cls, name):
            raise ValueError(name)

    return Forbidding("NotToBeLookedAt", (), {})


def an_object_without_a_class():
    class OfNoClass:
        @property
        def __class__(self):
            raise RuntimeError("I have none")

    return OfNoClass()


HOSTILE = [a_class_without_attributes, an_object_without_a_class, Hostile, lambda: ITSELF]
HOSTILE += [lambda: lambda x: ITSELF, lambda: lambda x: Hostile()]


@pytest.mark.parametrize("make", HOSTILE, ids=range(len(HOSTILE)))
def test_an_answer_that_forbids_to_be_looked_at_is_wrong_like_any_other(make, capsys):
    check("2.1", make())
    check("2.2", make(), 3)
    said = capsys.readouterr().out
    assert "✗ 2.1 double\n  " in said and "✗ 2.2 Pair\n  " in said and "0x" not in said


def test_what_an_answer_does_to_pythons_builtins_is_put_back():
    before = dict(vars(builtins))

    def double(x):
        builtins.max = lambda *_: 0
        del builtins.len
        return 2 * x

    assert evaluate("2.1", double).status in ("right", "wrong")
    assert vars(builtins) == before


@pytest.mark.parametrize("given", ["itself", "deep", "huge"])
def test_what_cannot_be_compared_is_not_called_another_kind_of_thing(given):
    answers = {"itself": [], "deep": [], "huge": 10**400}
    answers["itself"].append(answers["itself"])
    for _ in range(100_000):
        answers["deep"] = [answers["deep"]]
    result = evaluate("2.1", lambda x: answers[given])
    assert result.status == "wrong"
    assert "another kind of thing" not in result.told


def test_control_characters_do_not_reach_the_terminal():
    def rings(x):
        print("\x1b[31mred\x07")
        raise ValueError("\x1b[31mred\x07")

    said = str(evaluate("2.1", rings))
    assert r"rings(1) raised ValueError: \x1b[31mred\x07" in said and "\x1b" not in said
