"""Parts in other styles fit together; what cannot fit is told with the part and a cure."""

import math
import random
from dataclasses import dataclass

import pytest
from own_parts import ADAM, Mine, Slotted

import microgpt
from classroom.exercises.assembly import assemble, parts
from classroom.exercises.assembly.machine import Machine
from classroom.exercises.kit.registry import find
from microgpt import Config, Value, dot, softmax

TINY = Config(27, n_embd=4, n_head=2, block_size=4)
rmsnorm, cross_entropy = (find(key).solution.right for key in ("5.4", "4.5"))


class Pairs(Slotted):
    """All its operators, so that `sum` works."""

    __radd__, __rmul__ = Mine.__add__, Mine.__mul__


class Closures:
    """As in micrograd: a node knows how to hand on, and has no list of slopes."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
        self.hand_on = lambda: None

    def node(self, data, *arrows):
        made = Closures(data, tuple(parent for parent, _ in arrows))

        def hand_on():
            for parent, slope in arrows:
                parent.grad += slope * made.grad

        made.hand_on = hand_on
        return made

    def wrap(self, other):
        return other if isinstance(other, Closures) else Closures(other)

    __add__, __mul__, __pow__ = Mine.__add__, Mine.__mul__, Mine.__pow__
    exp, log, relu, __neg__ = Mine.exp, Mine.log, Mine.relu, Mine.__neg__
    __sub__, __truediv__, __radd__ = Mine.__sub__, Mine.__truediv__, Mine.__add__

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack += [(node, True), *((parent, False) for parent in node.parents)]
        self.grad = 1
        for node in reversed(order):
            node.hand_on()


def from_a_zero(x, w):
    rows = []
    for row in w:
        total = Value(0.0)
        for wi, xi in zip(row, x):
            total = total + wi * xi
        rows.append(total)
    return rows


def imports_inside(logits):
    from microgpt import Value as Node
    from microgpt import total

    exps = [(logit + Node(-max(each.data for each in logits))).exp() for logit in logits]
    return [e / total(exps) for e in exps]


def with_helpers(q, keys, values):
    weights = softmax([score / Value(len(q) ** 0.5) for score in microgpt.linear(q, keys)])
    return microgpt.linear(weights, transposed(values)), weights


def transposed(rows):
    return list(zip(*rows))


def unbound(x, fc1, fc2):
    return from_a_zero(list(map(Value.relu, from_a_zero(x, fc1))), fc2)


def folded_up():
    def fold(terms):
        return fold(terms[:-1]) + terms[-1] if terms else Value(0.0)

    def linear(x, w):
        return [fold([wi * xi for wi, xi in zip(row, x)]) for row in w]

    return linear


def joins_lists(hand_on):
    """A `gpt` with the heads written out; what it hands to each of them is up to `hand_on`."""

    def gpt(token_id, pos_id, keys, values, state_dict, config):
        rms, rows = microgpt.rmsnorm, (state_dict["wte"][token_id], state_dict["wpe"][pos_id])
        x = rms([a + b for a, b in zip(*rows)])
        for i in range(config.n_layer):
            w = [state_dict[f"layer{i}.attn_{name}"] for name in ("wq", "wk", "wv", "wo")]
            q, k, v = (microgpt.linear(rms(x), each) for each in w[:3])
            keys[i].append(k)
            values[i].append(v)
            out = []
            for start in range(0, len(q), config.head_dim):
                cut = slice(start, start + config.head_dim)
                seen = [hand_on(row[cut] for row in cache[i]) for cache in (keys, values)]
                out = out + microgpt.attention_head(q[cut], *seen)[0]
            x = [a + b for a, b in zip(microgpt.linear(out, w[3]), x)]
            fc1, fc2 = (state_dict[f"layer{i}.mlp_fc{number}"] for number in (1, 2))
            x = [a + b for a, b in zip(microgpt.mlp(x=rms(x), fc1=fc1, fc2=fc2), x)]
        return microgpt.linear(x, w=state_dict["lm_head"])

    return gpt


STYLES = {
    "value": [Pairs, Closures],
    "linear": [
        from_a_zero,
        folded_up(),
        lambda x, w: [sum(a * b for a, b in zip(row, x)) for row in w],
    ],
    "softmax": [imports_inside],
    "rmsnorm": [rmsnorm],
    "cross_entropy": [cross_entropy],
    "attention_head": [with_helpers],
    "mlp": [unbound],
    "gpt": [joins_lists(list)],
    "adam": [ADAM],
}


@pytest.mark.parametrize("seed", range(16))
def test_right_parts_in_other_styles_fit(seed):
    rng = random.Random(seed)
    names = [name for name in STYLES if rng.random() < 0.75]
    given = {name: rng.choice(STYLES[name]) for name in names}
    report = assemble(1, TINY, **given)
    assert report.agrees, repr(report)


class Shy(Mine):
    """It lacks what `sum` needs, and a number that is subtracted from."""


@dataclass
class Equal(Mine):
    data: float
    _children: tuple = ()
    _local_grads: tuple = ()
    grad: float = 0


class Bare(Mine):
    def __init__(self, data, children, local_grads):
        super().__init__(data, children, local_grads)


class Rigid(Mine):
    def wrap(self, other):
        assert isinstance(other, Mine)
        return other


def own_node(x, w):
    rows = []
    for row in w:
        products = [(wi, xi.data) for wi, xi in zip(row, x)]
        products += [(xi, wi.data) for wi, xi in zip(row, x)]
        data = sum(wi.data * xi.data for wi, xi in zip(row, x))
        rows.append(Value(data, *map(tuple, zip(*products))))
    return rows


def constant_of_another(logits, zero=Value(0.0)):  # noqa: B008
    exps = [(logit - max(each.data for each in logits)).exp() for logit in logits]
    return [e / sum(exps, zero) for e in exps]


def asks_for_op(logits):
    return [] if any(logit._op == "?" for logit in logits) else parts.softmax(logits)


def returns_a_tuple(q, keys, values):
    weights = softmax([dot(q, k) / len(q) ** 0.5 for k in keys])
    return tuple(dot(weights, column) for column in zip(*values)), weights


def counts_keys(q, keys, values):
    weights = softmax([dot(q, keys[i]) / len(q) ** 0.5 for i in range(len(keys))])
    return [dot(weights, column) for column in zip(*values)], weights


class NodesForMoments(ADAM):
    def __init__(self, params):
        super().__init__(params)
        self.m = [Value(0.0) for _ in params]


def without(name):
    methods = {name: None} if name in ("relu", "backward") else {}
    return type("MyValue", (Pairs,), methods)


MISFITS = [
    ({"value": without("relu")}, "value", "it has no `relu`", "as in exercise 1.6"),
    ({"value": without("backward")}, "value", "no `backward`", "MyValue.backward = my_backward"),
    ({"value": Equal}, "value", "unhashable type: 'Equal'", "`@dataclass(eq=False)`"),
    ({"value": Bare}, "value", "missing 2 required", "`children=(), local_grads=()`"),
    ({"value": Rigid}, "value", "Rigid(3) + 10 raised AssertionError", "isinstance(other, Mine)"),
    ({"value": Shy, "linear": STYLES["linear"][-1]}, "value", "your `linear` asks", "`__radd__`"),
    ({"value": Closures, "linear": own_node}, "linear", "with your Closures", "or makes nodes"),
    ({"value": Pairs, "linear": own_node}, "linear", "with your Pairs", "or makes nodes"),
    ({"value": Mine, "softmax": constant_of_another}, "softmax", "not", "`type(x[0])(...)`"),
    ({"value": Mine, "softmax": asks_for_op}, "softmax", "'Mine' object", "asks a node for"),
    ({"adam": NodesForMoments}, "adam", "is itself a node", "begin them with 0.0"),
    ({"attention_head": returns_a_tuple, "gpt": joins_lists(list), "value": Mine},
     "attention_head + gpt", "can only concatenate list", "lists out"),
    ({"attention_head": counts_keys, "gpt": joins_lists(iter), "softmax": softmax},
     "attention_head + gpt", "has no len()", "lists in"),
]  # fmt: skip


@pytest.mark.parametrize("given, who, shows, cure", MISFITS)
def test_what_cannot_fit_is_told_with_its_reason(given, who, shows, cure):
    report = assemble(1, TINY, **given)
    assert list(report.faults) == [who], repr(report)
    assert shows in report.faults[who].text and cure in str(report.faults[who]), repr(report)
    assert "convert it first" not in repr(report) and "do not fit" not in repr(report)


def test_a_class_that_keeps_its_arrows_elsewhere_gets_no_fused_nodes():
    loss = Machine({"value": Closures}, quick=True).part("cross_entropy")(
        [Closures(1.0), Closures(2.0)], 0
    )
    loss.backward()
    assert isinstance(loss, Closures) and loss.data == pytest.approx(math.log(1 + math.e))


def test_nothing_of_the_notebook_or_the_package_is_changed():
    before = dict(globals()), dict(vars(microgpt.model)), dict(vars(microgpt))
    assemble(1, TINY, value=Pairs, linear=from_a_zero, gpt=joins_lists(list))
    assert (dict(globals()), dict(vars(microgpt.model)), dict(vars(microgpt))) == before
