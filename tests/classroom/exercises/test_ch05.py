"""Chapter 05: other right ways pass, and what no slip of its tables says is told as well."""

from looked_at import typed
from told import chapter_tests

import microgpt
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.solutions import source_text

RIGHT = [
    ("5.2", lambda x, w: tuple(sum(wi * xi for wi, xi in zip(row, x)) for row in w)),
    ("5.4", "return [xi * scale for xi in x] -> return tuple(xi * scale for xi in x)"),
    ("5.3", "return head_out, attn_weights -> return [tuple(head_out), attn_weights]"),
    ("5.5", "return microgpt.linear(x_attn, wo) -> return tuple(microgpt.linear(x_attn, wo))"),
]


def attention_with(gathered):
    """The solution of 5.5, typed, with its heads' outputs gathered in another way."""
    code = source_text(find("5.5").solution.right)
    return typed(code.replace(" += head_out", gathered if gathered[0] == "." else f" {gathered}"))


OLD_FIRST = (
    "return micro -> for rows in (keys, values): rows.insert(0, rows.pop())⏎    return micro"
)
OUT = "= [dot(attn_weights, column) for column in zip(*values)] ->"
WRONG = [
    ("5.2", lambda x, w: [microgpt.linear(x, [row])[0] for row in w], "done by `linear`"),
    ("5.2", "dot(row, x) for -> Value(dot(row, x).data) for", "No gradient reaches `x`"),
    ("5.2", "dot(row, x) for -> dot(row, x).data for", "compute with the Values"),
    ("5.2", "dot(row, x) -> dot([Value(wi.data) for wi in row], x)", "reaches `w`"),
    ("5.4", "xi * scale -> Value((xi * scale).data)", "No gradient reaches `x`"),
    ("5.4", "square_sum = dot(x, x) -> square_sum = dot(x, x).data", "the scale is made of x, too"),
    ("5.4", "inside**-0.5 -> 1 / math.sqrt(inside)", "plain numbers"),
    ("5.3", "scores = -> q = [Value(a.data) for a in q]⏎    scores =", "reaches `q`"),
    ("5.5", attention_with("+= [Value(h.data) for h in head_out]"), "cuts the graph"),
    ("5.5", attention_with(".append(head_out)"), "`append` puts a list"),
    ("5.5", OLD_FIRST, "the new vector comes to its end"),
    ("5.5", microgpt.attention, "asks for yours"),
    ("5.6", lambda name, head: ["BOS", *name], "the positions are asked for"),
    ("5.6", lambda name, head: 1, "for each position that asks"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)
