"""Questions to a reader's `Value`: each operation alone, then graphs, then depth. Chapter 10.

The order matters: a fault of one operation is told before a fault of the walk, which every
operation's slope passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from classroom.exercises.assembly.faults import Fault
from classroom.exercises.assembly.outcomes import close
from classroom.exercises.kit.errors import error_name
from microgpt.autograd import Value


@dataclass(frozen=True)
class Question:
    """An expression of some leaves; wrong results that have a known cause.

    Attributes
    ----------
    text : str
        The expression, in terms of a, b and c.
    leaves : tuple of float
        Their data.
    compute : callable
        From leaves to the result.
    wrong : dict
        From the slopes of the leaves (a tuple), or the data of the result (a float), to a cause.
    """

    text: str
    leaves: tuple[float, ...]
    compute: Callable[..., Any]
    wrong: dict[Any, str]


QUESTIONS: tuple[Question, ...] = (
    Question("a + b", (2.0, 3.0), lambda a, b: a + b, {
        (1, 0): "`+` gives its second child no slope: the slopes are (1, 1).",
        (0, 1): "`+` gives its first child no slope: the slopes are (1, 1).",
        (0, 0): "the result of `+` has no children, or `backward` does not reach them.",
        (3, 2): "those are the slopes of `*`; those of `+` are 1 and 1.",
    }),
    Question("a * b", (2.0, 3.0), lambda a, b: a * b, {
        (2, 3): "a factor's slope is the *other* factor.",
        (1, 1): "those are the slopes of `+`; a factor's slope is the other factor.",
        (3, 0): "`*` gives its second child no slope.",
        (0, 2): "`*` gives its first child no slope.",
    }),
    Question("a + 3", (2.0,), lambda a: a + 3, {}),
    Question("a * 3", (2.0,), lambda a: a * 3, {}),
    Question("-a", (2.0,), lambda a: -a, {
        (0,): "`-a` makes a node without children, and the graph ends there: `self * -1`.",
        (1,): "the slope of `-a` is -1: build it as `self * -1`.",
    }),
    Question("a - b", (2.0, 5.0), lambda a, b: a - b, {
        3.0: "`a - b` comes out as `b - a`: it is `self + (-other)`.",
        7.0: "`a - b` adds: it is `self + (-other)`.",
        (1, 1): "the slope of b in `a - b` is -1: build it as `self + (-other)`.",
        (1, 0): "b gets no slope: `-b` must keep b as its child.",
    }),
    Question("a - 3", (2.0,), lambda a: a - 3, {1.0: "`a - 3` comes out as `3 - a`."}),
    Question("a ** 3", (2.0,), lambda a: a**3, {
        (8,): "the slope of `a ** k` is k * a ** (k - 1): the factor k is missing, and the 1.",
        (4,): "the slope of `a ** k` is k * a ** (k - 1): the factor k is missing.",
        (24,): "the slope of `a ** k` is k * a ** (k - 1): the power falls by 1.",
        (6,): "the slope of `a ** k` is k * a ** (k - 1), not k * a.",
        (3,): "the slope of `a ** k` is k * a ** (k - 1), not k.",
    }),
    Question("a ** -0.5", (0.5,), lambda a: a**-0.5, {}),
    Question("a / b", (2.0, 4.0), lambda a, b: a / b, {
        2.0: "`a / b` comes out as `b / a`: it is `self * other ** -1`.",
        (0.25, 0): "the divisor gets no slope: build it as `self * other ** -1`.",
        (0.25, 0.125): "the slope of the divisor is negative: build it as `self * other ** -1`.",
    }),
    Question("a / 4", (2.0,), lambda a: a / 4, {}),
    Question("a.exp()", (0.5,), lambda a: a.exp(), {
        (0.5,): "the slope of exp is exp(a) itself, not a.",
        (1,): "the slope of exp is exp(a) itself, not 1.",
    }),
    Question("a.log()", (0.5,), lambda a: a.log(), {
        (0.5,): "the slope of log is 1 / a, not a.",
        (1,): "the slope of log is 1 / a, not 1.",
        -1.0: "this is the logarithm to base 2; the natural one is meant.",
    }),
    Question("a.relu()", (2.0,), lambda a: a.relu(), {
        (0,): "where a is positive the slope of relu is 1.",
        (2,): "where a is positive the slope of relu is 1, not a.",
    }),
    Question("a.relu()", (-2.0,), lambda a: a.relu(), {
        (1,): "where a is negative the slope of relu is 0.",
        -2.0: "relu lets nothing below 0 through: `max(0, self.data)`.",
        2.0: "that is the size of a number; relu makes 0 of what is below 0.",
    }),
    Question("a.relu()", (0.0,), lambda a: a.relu(), {
        (1,): "the slope of relu at 0 is 0 in this course: `> 0`, not `>= 0`.",
        (0.5,): "the slope of relu at 0 is 0 in this course.",
    }),
    Question("a*2 + a*3", (2.0,), lambda a: a * 2 + a * 3, {
        (3,): "looks like `=` where `+=` is needed: only one share of the gradient stays.",
        (2,): "looks like `=` where `+=` is needed: only one share of the gradient stays.",
    }),
    Question("a + a", (2.0,), lambda a: a + a, {
        (1,): "two children that are the same node count once in yours: keep them in a tuple, "
        "not in a set, and let each arrow pass its share.",
    }),
    Question("a*5 + b*5", (2.0, 2.0), lambda a, b: a * 5 + b * 5, {
        (5, 0): "two nodes with the same number are taken for one: remember nodes, not their "
        "data, and write no `__eq__`.",
        (0, 5): "two nodes with the same number are taken for one: remember nodes, not their "
        "data, and write no `__eq__`.",
    }),
    Question("c*c + c with c = a*b", (2.0, 3.0), lambda a, b: (a * b) * (a * b) + a * b, {}),
)  # fmt: skip


def value_fault(make: Any) -> Fault | None:
    """What is wrong with a class like `Value`."""
    missing = [
        name
        for name in ("exp", "log", "relu", "backward")
        if not callable(getattr(make, name, None))
    ]
    if missing:
        return Fault(f"it has no `{missing[0]}`", "the GPT needs it, see chapters 1 and 2.")
    for question in QUESTIONS[:-1]:
        if fault := _answer(question, make):
            return fault
    return _order_fault(make) or _twice_fault(make) or _reflected_fault(make) or _depth_fault(make)


def _answer(question: Question, make: Any) -> Fault | None:
    own = [make(number) for number in question.leaves]
    reference = [Value(number) for number in question.leaves]
    result, right = question.compute(*own), question.compute(*reference)
    where = f"{question.text} at {_at(question.leaves)}"
    if fault := _foreign(where, result, make):
        return fault
    if not hasattr(result, "data"):
        return Fault(f"{where} is {result!r}", "the result must be a node of your class.")
    if not close(result.data, right.data):
        cause = _known(question, result.data)
        return Fault(f"{where} gave {_short(result.data)}, expected {_short(right.data)}", cause)
    result.backward()
    right.backward()
    got = tuple(leaf.grad for leaf in own)
    for name, slope, node in zip("abc", got, reference):
        if not close(slope, node.grad):
            words = f"{where}: {name}.grad came out {_short(slope)}, not {_short(node.grad)}"
            return Fault(words, _known(question, got))
    return None


def _foreign(where: str, result: Any, make: Any) -> Fault | None:
    """A node of another class: its own operators would go on from there."""
    if not isinstance(make, type) or isinstance(result, make) or not hasattr(result, "_children"):
        return None
    kind = "of the package's" if isinstance(result, Value) else "of another class"
    words = f"{where} is a `{type(result).__name__}` {kind}"
    return Fault(words, f"make nodes of your own class: `{make.__name__}(...)`.")


def _known(question: Question, found: Any) -> str:
    for wrong, cause in question.wrong.items():
        pair = isinstance(wrong, tuple), isinstance(found, tuple)
        if pair == (True, True) and all(map(close, found, wrong)):
            return cause
        if pair == (False, False) and close(found, wrong):
            return cause
    return ""


def _order_fault(make: Any) -> Fault | None:
    """Whether a node waits until it has all of its gradient; no order of two terms by luck."""
    for text, late in (("c*c + c", False), ("c + c*c", True)):
        a, b = make(2.0), make(3.0)
        c = a * b
        (c + c * c if late else c * c + c).backward()
        if not close(a.grad, 39):
            words = f"with c = a*b and L = {text} at a=2, b=3 the gradient of a came out "
            return Fault(
                f"{words}{_short(a.grad)}, not 39",
                "a node passes its gradient on before it has all of it; walk in reverse "
                "topological order."
                if a.grad < 39
                else "a node passes its gradient on more than "
                "once; each node has one turn, when it has all of its gradient.",
            )
    return None


def _twice_fault(make: Any) -> Fault | None:
    """Whether gradients of two graphs add up, as chapter 2 says, until Adam clears them."""
    a = make(2.0)
    (a * 3).backward()
    (a * 5).backward()
    if close(a.grad, 8):
        return None
    cause = "`backward` sets gradients back to 0 first; they add up until Adam's step clears them."
    return Fault(
        f"after (a * 3).backward() and (a * 5).backward() a.grad is {_short(a.grad)}, not 8",
        cause if close(a.grad, 5) else "",
    )


REFLECTED: dict[str, tuple[str, Callable[[Any], Any], float, float, str]] = {
    "__radd__": ("3 + a", lambda a: 3 + a, 5.0, 1.0, "`self + other`"),
    "__rmul__": ("3 * a", lambda a: 3 * a, 6.0, 3.0, "`self * other`"),
    "__rsub__": ("3 - a", lambda a: 3 - a, 1.0, -1.0, "`other + (-self)`: `other` comes first"),
    "__rtruediv__": ("3 / a", lambda a: 3 / a, 1.5, -0.75, "`other * self ** -1`: `other` first"),
}


def _reflected_fault(make: Any) -> Fault | None:
    """The reflected operators, those that are there: the parts of the GPT can do without."""
    for name, (text, compute, data, slope, how) in REFLECTED.items():
        if not hasattr(make, name):
            continue
        a = make(2.0)
        try:
            result = compute(a)
        except TypeError as error:
            words = f"{text} raised {error_name(error)}"
            return Fault(words, "a number + a Value needs `__radd__`, and your class has none.")
        if fault := _foreign(f"{text} at a=2", result, make):
            return fault
        if not close(getattr(result, "data", result), data):
            return Fault(
                f"{text} at a=2 gave {_short(result.data)}, expected {data:g}", f"it is {how}."
            )
        result.backward()
        if not close(a.grad, slope):
            words = f"{text} at a=2: a.grad came out {_short(a.grad)}, not {slope:g}"
            return Fault(words, f"build `{name}` of the other operators: {how}.")
    return None


def _depth_fault(make: Any) -> Fault | None:
    x = make(1.0)
    y = x
    for _ in range(3000):
        y = y + x
    try:
        y.backward()
    except RecursionError:
        return Fault(
            "a chain of 3,000 additions raised RecursionError",
            "the search calls itself once a node; keep a stack of your own. Longer names or more "
            "layers would end the training.",
        )
    if close(x.grad, 3001):
        return None
    return Fault(f"3,000 additions of x gave the slope {_short(x.grad)}, not 3001")


def _at(leaves: tuple[float, ...]) -> str:
    return ", ".join(f"{name}={number:g}" for name, number in zip("abc", leaves))


def _short(number: Any) -> str:
    return f"{number:.4g}" if isinstance(number, (int, float)) else repr(number)
