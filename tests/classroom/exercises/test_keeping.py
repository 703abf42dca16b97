"""Parts kept from notebooks: the file stands alone, nothing is lost, chapter 10 finds them all."""

import math
import subprocess
import sys

import pytest
from looked_at import run_cell
from support import ROOT

import microgpt
from classroom.exercises.assembly import keep, kept
from classroom.exercises.assembly.definitions import self_contained
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.solutions import source_text

CELLS = [
    "import math\nfrom microgpt import Value\nimport random as dice\n",
    source_text(find("1.6").solution.right),
    """
EPS = 1e-5
SIZES = [1, 2]
weights = {"wte": [[Value(0.5)]]}


def added(terms):
    result = 0
    for term in terms:
        result = result + term
    return result


def is_done(n):
    return n <= 0 or is_done(n - 1)
""",
    source_text(find("2.5").solution.right),
    """
def my_rmsnorm(x):
    scale = (added(xi * xi for xi in x) / len(x) + EPS) ** -0.5
    return [xi * scale for xi in x]


def my_softmax(logits):
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    return [e / added(exps) for e in exps]


def needs_weights(x, w):
    return weights["wte"]


def needs_a_module(x):
    return dice.random() + math.pi + is_done(3) + len(SIZES)


def makes_a_node(x):
    return Value(x)


def outer():
    factor = 3

    def inner(x, w):
        return factor

    return inner


inner = outer()
three = 3


def lost(x, w):
    return absent(x)
""",
    """
from dataclasses import dataclass
from functools import cache, wraps


@dataclass(eq=False)
class Data:
    data: float
    _children: tuple = ()
    grad: float = 0

    def __add__(self, other):
        return Data(self.data + other.data, (self, other))


def _exp(self):
    return Data(math.exp(self.data), (self,))


Data.exp = _exp
Data.__radd__ = Data.__add__
Data.log = lambda self: Data(math.log(self.data), (self,))

my_decay = lambda rate, step, num_steps: rate * left(step, num_steps)


@cache
def left(step, num_steps):
    return 1 - step / num_steps


plus = added


def shifted(function):
    @wraps(function)
    def inner(logits):
        return function([logit - 1 for logit in logits])

    return inner


@shifted
def decorated(logits):
    return [plus(logits)]


nameless = [lambda rate, step, num_steps: rate][0]
""",
]


@pytest.fixture
def notebook():
    """The names of a notebook whose cells have run, as IPython keeps their sources."""
    space = {"__name__": "__main__"}
    for source in CELLS:
        run_cell(source, space)
    return space


@pytest.mark.parametrize("name", ["my_rmsnorm", "my_softmax", "needs_a_module", "my_backward"])
def test_each_file_runs_by_itself(notebook, tmp_path, name):
    (tmp_path / "part.py").write_text(self_contained(notebook[name]), encoding="utf-8")
    command, place = [sys.executable, "part.py"], {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=place, check=True)


def test_what_a_part_needs_comes_along_and_nothing_else(notebook):
    code = self_contained(notebook["my_rmsnorm"])
    assert "EPS = 1e-05" in code and code.index("def added") < code.index("def my_rmsnorm")
    assert "SIZES" not in code and "weights" not in code and code.endswith("part = my_rmsnorm\n")
    code = self_contained(notebook["needs_a_module"])
    assert "import math" in code and "import random as dice" in code
    assert code.count("def is_done") == 1 and "SIZES = [1, 2]" in code
    assert "from microgpt.autograd import Value" in self_contained(notebook["makes_a_node"])


def test_methods_given_later_come_along(notebook):
    notebook["MyValue"].backward = notebook["my_backward"]
    code = self_contained(notebook["MyValue"])
    assert "MyValue.backward = my_backward" in code
    assert code.index("class MyValue") < code.index("MyValue.backward = my_backward")


REFUSED = [
    (
        ValueError,
        "linear",
        "needs_weights",
        "linear cannot be kept: it uses `weights`.*\\(dict\\) cannot",
    ),
    (ValueError, "linear", "inner", "the code of inner cannot be found: define it at the"),
    (ValueError, "linear", "lost", "linear cannot be kept: it uses `absent`, .* run the cell"),
    (TypeError, "relu", "my_softmax", "there is no part 'relu'; the parts are value, linear"),
    (TypeError, "softmax", "three", "must be a class or a function, not 3"),
]


@pytest.mark.parametrize(("error", "part", "name", "said"), REFUSED)
def test_what_cannot_be_kept_is_told_by_name(notebook, tmp_path, error, part, name, said):
    with pytest.raises(error, match=said):
        keep(folder=tmp_path, **{part: notebook[name]})
    assert not list(tmp_path.iterdir())


def test_a_part_without_its_name_is_refused(notebook, tmp_path):
    with pytest.raises(TypeError, match=r"say which part it is, such as keep\(softmax=my_softmax"):
        keep(notebook["my_softmax"], folder=tmp_path)


def test_a_changed_part_is_not_lost(notebook, tmp_path, capsys):
    keep(softmax=notebook["my_softmax"], folder=tmp_path)
    keep(softmax=notebook["my_softmax"], folder=tmp_path)
    assert capsys.readouterr().out.count("holds your softmax; chapter 10 finds it.") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["softmax.py"]
    keep(softmax=notebook["my_rmsnorm"], folder=tmp_path)
    assert "it is now softmax_1.py" in capsys.readouterr().out
    assert "def my_softmax" in (tmp_path / "softmax_1.py").read_text(encoding="utf-8")


def test_a_broken_file_is_told_and_the_others_are_found(notebook, tmp_path, capsys):
    keep(softmax=notebook["my_softmax"], folder=tmp_path)
    (tmp_path / "mlp.py").write_text("part = 1 / 0\n")
    assert list(kept(tmp_path)) == ["softmax"]
    assert "mlp.py cannot be used: ZeroDivisionError" in capsys.readouterr().out


WAITING = [
    (["value"], [], "value waits for its backward: keep(backward=my_backward) in chapter 2"),
    (["backward"], [], "backward waits for its class: keep(value=MyValue) in chapter 1"),
    (["value", "backward"], ["value"], "value has a backward of its own"),
]


@pytest.mark.parametrize(("names", "found", "said"), WAITING)
def test_what_waits_for_another_part_is_told(notebook, tmp_path, capsys, names, found, said):
    parts = {"value": notebook["MyValue"], "backward": notebook["my_backward"]}
    if len(names) == 2:
        notebook["MyValue"].backward = notebook["my_backward"]
    keep(folder=tmp_path, **{name: parts[name] for name in names})
    assert list(kept(tmp_path)) == found
    assert said in capsys.readouterr().out


def test_nothing_kept_is_nothing_found_and_told_how_to(tmp_path, capsys):
    assert kept(tmp_path / "nowhere") == {}
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "nothing is kept in" in said
    assert "open the notebook in which you solved it" in said and "keep(softmax=my_softm" in said


def test_a_dataclass_comes_with_its_decorator_and_what_it_got_later(notebook, tmp_path):
    keep(value=notebook["Data"], folder=tmp_path)
    keep(backward=notebook["my_backward"], folder=tmp_path)
    make = kept(tmp_path)["value"]
    assert (make(1.0) + make(2.0)).data == 3.0 and make(0.0).exp().data == 1.0
    assert make(1.0).log().data == 0.0 and make.__radd__ is make.__add__


def test_a_lambda_and_decorated_functions_can_be_kept(notebook, tmp_path):
    keep(linear_decay=notebook["my_decay"], softmax=notebook["decorated"], folder=tmp_path)
    parts = kept(tmp_path)
    assert parts["linear_decay"](0.1, 1, 2) == 0.05
    assert parts["softmax"]([2, 4])[0] == 4
    keep(linear_decay=notebook["nameless"], folder=tmp_path)
    assert kept(tmp_path)["linear_decay"](0.1, 1, 2) == 0.1


def test_what_was_kept_can_be_kept_again(notebook, tmp_path):
    keep(softmax=notebook["my_softmax"], folder=tmp_path)
    again = kept(tmp_path)["softmax"]
    assert "def added" in self_contained(again) and math.isclose(
        sum(p.data for p in again([microgpt.Value(1.0), microgpt.Value(2.0)])), 1
    )
