"""Chapter 05: other right ways pass, and what no slip of its tables says is told as well."""

from told import chapter_tests

import microgpt
from classroom.lab.tracing import trace
from microgpt import Value, dot, softmax


def rmsnorm_by_exp(x):
    mean_square = sum(xi**2 for xi in x) * (1 / len(x))
    scale = ((mean_square + 10**-5).log() * -0.5).exp()
    return tuple(xi * scale for xi in x)


def head_in_loops(q, keys, values):
    weights = softmax([dot(key, q) * len(key) ** -0.5 for key in keys])
    out = [Value(0.0)] * len(values[0])
    for weight, value in zip(weights, values):
        out = [o + weight * v for o, v in zip(out, value)]
    return [out, weights]


def attention_with(gather, after=microgpt.linear):
    """An `attention` that gathers its heads' outputs in a way of its own."""

    def attention(x, keys, values, wq, wk, wv, wo, n_head):
        q = microgpt.linear(x, wq)
        keys.append(microgpt.linear(x, wk))
        values.append(microgpt.linear(x, wv))
        size = len(q) // n_head
        out = []
        for begin in range(0, len(q), size):
            part = range(begin, begin + size)
            cache = [[[k[i] for i in part] for k in held] for held in (keys, values)]
            out.extend(gather(microgpt.attention_head([q[i] for i in part], *cache)[0]))
        return after(out, wo)

    return attention


def favourites_by_key(name, head):
    rows = trace(name, *microgpt.load()).layers[0].attn_weights[head]
    return tuple(max(range(len(row)), key=lambda t: row[t]) for row in rows)


RIGHT = [
    ("5.2", lambda x, w: tuple(sum(wi * xi for wi, xi in zip(row, x)) for row in w)),
    ("5.4", rmsnorm_by_exp),
    ("5.3", head_in_loops),
    ("5.5", attention_with(list)),
    ("5.6", favourites_by_key),
]


def old_keys_first(x, keys, values, *rest):
    out = microgpt.attention(x, keys, values, *rest)
    keys.insert(0, keys.pop())
    values.insert(0, values.pop())
    return out


OUT = "= [dot(attn_weights, column) for column in zip(*values)] ->"
WRONG = [
    ("5.2", lambda x, w: [microgpt.linear(x, [row])[0] for row in w], "done by `linear`"),
    ("5.2", "dot(row, x) for -> Value(dot(row, x).data) for", "No gradient reaches `x`"),
    ("5.2", "dot(row, x) for -> dot(row, x).data for", "compute with the Values"),
    ("5.2", "dot(row, x) -> dot([Value(wi.data) for wi in row], x)", "reaches `w`"),
    ("5.4", "xi * scale -> Value((xi * scale).data)", "No gradient reaches `x`"),
    ("5.4", "square_sum = dot(x, x) -> square_sum = dot(x, x).data", "the scale is made of x, too"),
    ("5.4", "inside**-0.5 -> 1 / math.sqrt(inside)", "plain numbers"),
    ("5.4", "inside**-0.5 -> inside ^ 2", "no power in Python"),
    ("5.3", "scores = -> q = [Value(a.data) for a in q]⏎    scores =", "reaches `q`"),
    ("5.3", "scores = -> q = [Value(float(a)) for a in q]⏎    scores =", "is a Value already"),
    ("5.3", f"{OUT} = [w * v for w, v in zip(attn_weights, values)]", "a whole list meet"),
    ("5.3", f"{OUT} = (dot(attn_weights, column) for column in zip(*values))", "is a generator"),
    ("5.5", attention_with(lambda out: [Value(h.data) for h in out]), "of `gather` cuts the graph"),
    ("5.5", attention_with(list, after=lambda out, wo: out), "`wo` blends"),
    ("5.5", attention_with(lambda out: [out]), "`append` puts a list"),
    ("5.5", old_keys_first, "the new vector comes to its end"),
    ("5.5", microgpt.attention, "asks for yours"),
    ("5.6", lambda name, head: ["BOS", *name], "the positions are asked for"),
    ("5.6", lambda name, head: 1, "for each position that asks"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)
