"""Wrong answers, each with what must be said of it, and what would be false of it."""

import pytest
from looked_at import SOLUTIONS, typed

from classroom.exercises.looking import look, recording

SOFTMAX = "def softmax(logits):\n    exps = [x.exp() for x in logits]\n"
NORM = "def rmsnorm(x):\n"
MEANS = "def running_means(numbers, beta):\n    mean, found = 0.0, []\n"
LOOP = MEANS + "    for c, n in enumerate(numbers, 1):\n"
MEAN = LOOP + "        mean = beta * mean + (1 - beta) * n\n"
FOUND = MEAN + "        found.append(mean / (1 - beta**c))\n"
VISIT = "def sort_nodes(root):\n    order, seen = [], set()\n    def visit(node):\n"
TINY = """
class Tiny:
    def __init__(self, data, children=(), slopes=()):
        self.data, self._children, self._slopes = data, children, slopes
    def __add__(self, other): return Tiny(self.data + other.data, (self, other), (1, 1))
    def __mul__(self, other):
        return Tiny(self.data * other.data, (self, other), (other.data, self.data))
    def __neg__(self): return self * Tiny(-1)
    def __sub__(self, other): return self + (-other)
"""
ADAM = """
class Adam:
    def __init__(self, params):
        self.params, self.t, self.m, self.v = params, 0, [0.0] * len(params), [0.0] * len(params)
    def step(self, rate):
        self.t += 1
        for i, p in enumerate(self.params):
            self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad
            self.v[i] = 0.99 * self.v[i] + 0.01 * p.grad * p.grad
            m_hat = self.m[i] / (1 - 0.85**self.t)
            v_hat = self.v[i] / (1 - 0.99**self.t)
            p.data -= rate * m_hat / (v_hat**0.5 + 1e-8)
"""
SUM = "Right so far, line 3: their sum, `sum(exps)`."
EACH = "Right so far, line 3: each divided by the sum, `e / sum(exps)`."
SQUARES = "Right so far, line 2: the mean of the squares, `dot(x, x) / len(x)`."
THERE = "Right so far, line 5: each mean divided by its own correction, `mean / (1 - beta**c)`."


def doubled(a, b):
    one = a - a + 1  # the number 1
    two = one + one  # twice that
    return a * b * two  # the product, twice


def first(numbers):
    same = list(numbers)  # a copy
    return same[0] * 10  # ten times the first


def places(text, letters):
    if not set(text) <= set(letters):
        raise ValueError(text)
    return [letters.index(letter) for letter in text]  # the place of each letter


def halves(numbers):
    return [number / 2 for number in numbers]


def marked(names):
    pairs = []
    for name in names:
        mark = "·" + name + "·"  # the name with a mark before and behind
        pairs += list(zip(mark, mark[1:]))  # each character with the next one
    return pairs


def window(numbers, first):
    part = numbers[first:]  # the numbers from the first on
    return sum(part)  # their sum


def doubles(numbers):
    found = []
    for number in numbers:
        found.append(2 * number)  # the double, into the list
    return found


NUMBERS = [[1.5, 3.5, 4.5], [2.5, 7.0, 0.75, 3.0], [n + 0.25 for n in range(60)]]
OURS = {
    **SOLUTIONS,
    "doubled": (doubled, [(3.0, 5.0), (4.0, 7.0)], []),
    "first": (first, [([3.5, 4.5],), ([7.5, 6.0],)], []),
    "places": (places, [("abd", "abcd"), ("ax", "abcd")], []),
    "halves": (halves, [([3.0, 5.0, 9.0],)], []),
    "marked": (marked, [(["emma", "mia"],), (["zoe", "al"],)], []),
    "window": (window, list(zip(NUMBERS, (1, 2, 4))), []),
    "doubles": (doubles, [(numbers,) for numbers in NUMBERS], []),
}

# an exercise, an answer, what is said of it, and what is not
SAID = [
    # how the values differ
    ("softmax", SOFTMAX + "    mean = sum(exps) / len(exps)\n    return [e / mean for e in exps]",
     ["but for one edit, in line 3: without `/ len(exps)` behind `sum(exps)` it comes out"]),
    ("softmax", SOFTMAX + "    return [e / sum(exps) for e in exps][::-1]",
     ["but for one edit, in line 3: without `[::-1]` it comes out"]),
    ("softmax", SOFTMAX + "    return [exps[i] / sum(exps) for i in range(len(exps) - 1)]",
     ["but for one edit, in line 3: without `- 1` behind `len(exps)` it comes out"]),
    ("softmax", SOFTMAX + "    return [[e / sum(exps)] for e in exps]",
     [EACH, "Line 3 goes on with"]),
    ("softmax", SOFTMAX + "    return {i: e / sum(exps) for i, e in enumerate(exps)}",
     [EACH, ": a dict, where some kind of list is wanted."]),
    ("softmax", SOFTMAX + "    for e in exps:\n        share = e / sum(exps)\n    return share",
     ["Line 5 returns `share`.", "The result: a number, where some kind of list is wanted."]),
    ("softmax", SOFTMAX + "    return [-e / sum(exps) for e in exps]",
     ["but for one edit, in line 3: without the `-` it comes out"]),
    ("rmsnorm", NORM + "    mean_square = dot(x, x) / len(x)\n"
     "    scale = mean_square + 1e-5 ** -0.5\n    return [xi * scale for xi in x]",
     [SQUARES, "Missing next on our way, or not right yet: 1e-5 added to it, 12.50001.",
      "Line 3 goes on with `mean_square + 1e-5 ** -0.5`, 328.7."]),
    ("rmsnorm", NORM + "    s = dot(x, x) / len(x) + 1e-5\n    return [xi / s for xi in x]",
     ["Right so far, line 2: 1e-5 added to it, `dot(x, x) / len(x) + 1e-5`.",
      "Missing next on our way: one over its root, 0.2828.",
      "Line 3 goes on with `[xi / s for xi in x]`"]),
    ("means", MEAN + "        found.append(mean)\n    return found",
     ["Right so far, line 4: added to beta of the mean so far, ",
      "Missing next on our way: the correction, 1 - beta to the power of the count, [0.1, 0.19, "]),
    ("means", LOOP + "        mean = (1 - beta) * mean + beta * n\n        found.append(mean)\n"
     "    return found",
     ["Missing next on our way, or not right yet: 1 - beta of the new number, [0.5, 0.3, 0.8]."]),
    ("means", LOOP + "        mean = (beta * mean + (1 - beta) * n) / (1 - beta**c)\n"
     "        found.append(mean)\n    return found",
     ["or not right yet: added to beta of the mean so far, [0.5, 0.75, 1.475].",
      "Line 4 goes on with `beta * mean + (1 - beta) * n`, [0.5, 4.8, 23.54]."]),
    # thrown away, not returned, returned too early
    ("rmsnorm", NORM + "    out, mean_square = list(x), dot(x, x) / len(x)\n    for xi in out:\n"
     "        xi * (mean_square + 1e-5) ** -0.5\n    return out",
     ["Right so far, line 4: every number times that, `xi * (mean_square + 1e-5) ** -0.5`, "
      "but nothing keeps it.", "Line 5 returns `out`."]),
    ("means", FOUND + "    print(found)", [THERE, "Nothing is returned; line 5 has it, `found`."]),
    ("means", FOUND + "        return found",
     ["but for one edit, in line 6, `return found`: behind the loop of line 3 it comes"]),
    ("means", FOUND.replace("found.append(", "yield (") + "    return",
     ["What is returned is a generator; some kind of list of plain values is wanted."]),
    ("means", "def running_means(beta, numbers):\n    return [beta * n for n in numbers]",
     ["Your function takes (beta, numbers); it is called with (numbers, beta), in this order."]),
    # gradients
    ("softmax", SOFTMAX.replace("x.exp()", "Value(x.data).exp()")
     + "    return [e / sum(exps) for e in exps]",
     ["The numbers are right; the gradients are not.", "No gradient reaches `logits`.",
      "Line 2 cuts the graph: `x.data` is only the number."]),
    ("rmsnorm", NORM + "    s = dot(x, x).data / len(x) + 1e-5\n"
     "    return [xi * s**-0.5 for xi in x]",
     ["The gradient of `x` is wrong.",
      "Line 2 cuts the graph: `dot(x, x).data` is only the number."]),
    ("rmsnorm", NORM + "    s = sum(xi.data**2 for xi in x) / len(x)\n"
     "    return [xi.data * (s + 1e-5) ** -0.5 for xi in x]",
     ["The numbers are right, but nodes are wanted."]),
    # exceptions, and what never ends
    ("softmax", "def softmax(logits):\n    exps = [math.exp(x) for x in logits]\n    return exps",
     ["It stops in line 2, `exps = [math.exp(x) for x in logits]`: "
      "the functions of `math` take plain numbers; a `Value` has methods"]),
    ("rmsnorm", NORM + "    mean_square = dot(x, x) / len(x)\n    return mean_sqare",
     [SQUARES, "It stops in line 3, `return mean_sqare`: `mean_sqare` has no value here"]),
    ("rmsnorm", NORM + "    return x / len(x)",
     ["It stops in line 2, `return x / len(x)`: `/` cannot join a list and an int."]),
    ("means", FOUND.replace("(numbers, 1)", "(numbers)") + "    return found",
     ["It stops in line 5, `found.append(mean / (1 - beta**c))`: something is divided by 0."]),
    ("means", MEANS + "    i = 0\n    while i < len(numbers):\n        mean = beta * mean\n",
     ["It goes on and on: line 4, `while i < len(numbers):`, is reached again and again."]),
    ("walk", "def sort_nodes(root):\n    return [*map(sort_nodes, [root])]",
     ["It stops: a function that calls itself"]),
    # walks
    ("walk", VISIT + "        if node not in seen:\n            seen.add(node)\n"
     "            order.append(node)\n            for child in node._children: visit(child)\n"
     "    visit(root)\n    return order",
     ["Missing next on our way, or not right yet: each node, behind its children, [3.5, -1.3, ",
      "The result: the same, in another order."]),
    ("walk", VISIT + "        for child in node._children:\n            visit(child)\n"
     "        order.append(node)\n    visit(root)\n    return order",
     ["each node, behind its children, [3.5, -1.3, -4.55, -1.05, 4.777]."], ["Line 5"]),
    ("walk", VISIT + "        if node in seen: return\n        seen.add(node)\n"
     "        for child in node._children: visit(child)\n        order.append(node)\n"
     "    visit(root)\n    return order[::-1]",
     ["but for one edit, in line 9: without `[::-1]` it comes out"]),
    # classes
    ("tiny", TINY.replace("(other.data, self.data)", "(self.data, other.data)"),
     ["Right so far, but for one thing in line 6, in `(self.data, other.data)`: changed,"]),
    ("tiny", TINY.replace("self + (-other)", "other + (-self)"),
     ["The result: `data` is 2.6, not -2.6."]),
    ("tiny", TINY.replace("__neg__", "neg"),
     ["It cannot be used as the exercise uses it: a Tiny cannot have `-` in front of it."]),
    ("adam", ADAM.replace("m_hat = self.m[i] / (1 - 0.85**self.t)", "m_hat = self.m[i]"),
     ["Missing next on our way: m, corrected, [0.3, -0.7, 0.3541, 0.1649, -0.01681, 0.1785]."]),
    ("adam", ADAM.replace("-= rate", "+= rate"),
     ["Right so far, line 10: v, corrected, `self.v[i] / (1 - 0.99**self.t)`.",
      "Line 11 goes on with `p.data += rate * m_hat / (v_hat**0.5 + 1e-8)`, then [0.6, -1.6, "]),
    ("adam", ADAM.replace("p.grad * p.grad", "abs(p.grad)"),
     ["Right so far, line 7: the mean of the slopes, m, ",
      "Missing next on our way, or not right yet: the mean of their squares, v, "]),
    # what is no proof: what is everywhere, what came in, one round, what is only asked for
    ("doubled", "def doubled(a, b):\n    x = 1 * 1\n    y = 1 + 1\n    return a * b",
     ["The result: what is wanted divided by 2."], ["Right so far"]),
    ("first", "def first(numbers):\n    mine = list(numbers)\n    return len(mine)",
     [], ["Right so far"]),
    ("window", """
        def window(numbers, first):
            for n in numbers[first:]: n = n * 3
            return n
     """, [], ["a number, where"]),
    ("window", "def window(numbers, first):\n    if numbers[first:]: return 8.5", [],
     ["Right so far, line 2"]),
    ("marked", """
        def marked(names):
            for n in names:
                m='·'+n+'·'
                return list(zip(m,m[1:]))
     """, ["line 3: the name with a mark before and behind",
           "That is done once; our way does it 2 times."]),
    ("marked", "def marked(names):\n    pairs = [[] for name in names]\n    return pairs",
     ["Missing next on our way: "]),
    # another road: its steps are found, and what it does not need is not missing
    ("rmsnorm", """
        def rmsnorm(x):
            root = sum(xi**2 / len(x) for xi in x) + 1e-5
            return [xi * root**-0.5 for xi in x][1:]
     """, ["but for one edit, in line 3: without `[1:]` it comes out"], ["Missing"]),
    ("softmax", SOFTMAX + "    return [e / exps[0] for e in exps]",
     ["Missing next on our way: their sum"], ["largest"]),
    ("window", """
        def window(numbers, first):
            t = 0
            for i in range(first, len(numbers)): t += numbers[i] / 2
            return t
     """, ["one edit, in line 3: without `/ 2` behind `numbers[i]` it comes"], ["on, ["]),
    ("window", "def window(numbers, first): return f'{sum(numbers[first:])}'",
     ["Right as a number alone, line 1: their sum, `sum(numbers[first:])`."], ["Missing"]),
    ("doubles", "def doubles(numbers):\n    for n in numbers: print(2 * n)",
     ["Missing next on our way: the double, into the list, [3, 7, 9]."], ["Right so far"]),
    ("window", "def window(numbers, first): return sum(numbrs[first:])", ["It stops"], ["Missing"]),
    ("window", "def window(numbers, first): return sum(list(set(numbers))[::-1])", [],
     ["other way round", "another order"]),
    # where no step is found: the first of ours, or the result alone
    ("rmsnorm", NORM + "    return [abs(xi.data) for xi in x]",
     ["Missing next on our way: the mean of the squares, 12.5."]),
    ("rmsnorm", """
        def made(share):
            def rmsnorm(x):
                return [xi * share for xi in x]
            return rmsnorm
        rmsnorm = made(0.5)
     """, ["Missing next on our way: the mean of the squares"]),
    ("halves", "def halves(numbers):\n    return numbers",
     ["The result: every number is 2 times what is wanted."], ["Right so far", "Missing"]),
    ("places", "def places(text, letters):\n    return [letters.find(x) for x in text]",
     ["Missing next: ValueError here."]),
    ("rmsnorm", NORM + "    n = 0.0\n    while True:\n        n = n + 0.5",
     ["It goes on and on: line 3, `while True:`"], ["Right so far"]),
]  # fmt: skip


@pytest.mark.parametrize("row", SAID)
def test_what_is_said(row, monkeypatch):
    monkeypatch.setattr(recording, "_SECONDS", 1)  # a busy machine changes nothing
    exercise, answer, there, *never = row
    solution, cases, roads = OURS[exercise]
    sight = look(typed(answer), solution, cases, roads=roads)
    said = "\n".join(sight.lines)
    assert [line for line in there if line not in said] == [], said
    assert [line for line in sum(never, []) if line in said] == [], said
    assert len(sight.lines) <= 4
