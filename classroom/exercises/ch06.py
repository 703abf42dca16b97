"""The checks of chapter 06: counting parameters, the MLP, the residual stream, the whole `gpt`."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import microgpt
from classroom.exercises.kit.checking import (
    Wrong,
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    remark,
    require,
    when,
)
from classroom.exercises.kit.registry import Fresh, exercise
from classroom.exercises.shared.block_slips import BLOCK_SLIPS, GPT_SLIPS, block_with, gpt_with
from classroom.exercises.shared.count_slips import count_causes, count_parameters
from classroom.exercises.shared.likenesses import matrix, read_tokens, vector
from classroom.exercises.shared.mlp_slips import MLP_CAUSES
from classroom.exercises.shared.steepest_slips import steepest, steepest_causes
from microgpt import Config, Value


@exercise("6.1", "Count the parameters", difficulty=1, minutes=10)
def check_count_parameters(answer: Any) -> None:
    """Check ``count_parameters(vocab_size, n_embd, n_layer, block_size)``."""
    cases = [(27, 16, 1, 16), (27, 16, 2, 16), (27, 32, 1, 16), (5, 4, 3, 8), (7, 6, 2, 11)]
    expect_calls(answer, count_parameters, cases, causes=count_causes())


X = [1.0, -2.0, 0.5]
FC1 = [[1.0, 0.5, -1.0], [0.5, 1.5, 1.0], [-1.0, 0.5, 2.0], [2.0, -0.5, 1.0], [0.5, -1.0, -3.0]]
FC2 = [[1.0, 0.5, -1.0, 2.0, 1.5], [-2.0, 1.0, 3.0, 0.5, -1.0], [0.5, -1.5, 1.0, -1.0, 2.5]]
"""Three numbers, five detectors: awake and asleep by turns, no two sizes alike."""


def _nodes(thing: Any) -> Any:
    return [_nodes(part) for part in thing] if isinstance(thing, list) else Value(thing)


@exercise("6.2", "mlp", difficulty=1, minutes=10)
def check_mlp(answer: Any) -> None:
    """Check ``mlp(x, fc1, fc2)``: values, then the gradients of all it was made from."""
    inputs = [X, [1.0, 1.0, -1.0], [-1.0, -1.0, -0.5]]
    expect_calls(
        answer,
        microgpt.mlp,
        cases=[(_nodes(x), _nodes(FC1), _nodes(FC2)) for x in inputs],
        show_as="mlp(x, fc1, fc2) with nodes x = {0}, fc1 = {1}, fc2 = {2}",
        causes=MLP_CAUSES,
    )
    if answer is microgpt.mlp:
        remark("the work is the package's: write it yourself before you go on.")
    cut = "the graph is cut: call `.relu()` on the nodes, do not use `max` on their `.data`."
    for place, what in enumerate(("x", "fc1", "fc2")):
        expect(
            f"the gradients of {what} after a backward from mlp's first number, x = {X}",
            lambda place=place: _slopes(answer, place),
            _slopes(microgpt.mlp, place),
            causes=[
                when(lambda got, right: got != right, cut),
                raises(AttributeError, "these are numbers; return the nodes that `linear` makes."),
            ],
        )


def _slopes(mlp: Callable[..., Any], place: int) -> list[Any]:
    """Gradients of one of the three arguments by the first output, with fresh leaves."""
    leaves = [_nodes(X), _nodes(FC1), _nodes(FC2)]
    mlp(*leaves)[0].backward()
    return _grads_of(leaves[place])


def _grads_of(thing: Any) -> Any:
    return [_grads_of(part) for part in thing] if isinstance(thing, list) else thing.grad


_CHOICES = ("bool", "int", "bool_")
PAIRS = [("mari", "rami"), ("mari", "mira"), ("anna", "nana"), ("ana", "anna")]
"""Which of these look the same to one layer without position embeddings?"""


@exercise(
    "6.3",
    "Who can tell the order",
    difficulty=2,
    minutes=10,
    kind="predict",
    extra=True,
    again=lambda rng: fresh_order(rng),
)
def check_order(answer: Any) -> None:
    """Check the four predictions."""
    if isinstance(answer, (list, tuple)):
        words = all(isinstance(one, str) and one.strip() in ("True", "False") for one in answer)
        asked = "one True or False for each pair, without quotation marks, such as [True, ...]."
        quoted = "True and False are words of Python: write them without quotation marks."
        choices = all(type(one).__name__ in _CHOICES and one in (0, 1) for one in answer)
        shown = f"{answer!r} holds something else than True and False."
        require(choices or not answer, shown, quoted if words else asked)
        answer = [bool(one) for one in answer]
    expect_value(
        answer,
        [True, False, True, False],
        causes=[
            gives(
                [True, True, True, True],
                "who asks still matters: the last letter's query, and how often a letter stands.",
            ),
            when(
                lambda got, expected: not isinstance(got, list) or len(got) != 4,
                "a list is asked for: one True or False for each of the four pairs.",
            ),
            when(
                lambda got, _: got[0] != got[2],
                "the first and the third pair are of one kind: the same letters and the same end.",
            ),
            when(
                lambda got, _: not got[0],
                "what tells a sum in which order its terms were added?",
            ),
            when(lambda got, _: got[1], "'mari' and 'mira' end differently: another letter asks."),
            when(lambda got, _: got[3], "'anna' has one n more than 'ana': it weighs more."),
        ],
    )


def fresh_order(rng: random.Random) -> Fresh:
    """Three other pairs: the same end, another end, a letter more."""
    name = rng.choice(["karin", "milos", "daren", "oscar", "elina"])
    front = list(name[:-1])
    rng.shuffle(front)
    same = "".join(front)
    same = (same if same != name[:-1] else same[::-1]) + name[-1]
    pairs = [(same, True), (name[-1] + name[:-1], False), (name[0] + name, False)]
    rng.shuffle(pairs)
    question = (
        "Position embeddings 0, one layer, as in exercise 6.3. Which of these give the same "
        f"probabilities for the next letter as {name!r}: {', '.join(repr(p) for p, _ in pairs)}? "
        "A list of three True or False."
    )
    solution = f"Only {same!r} has the same letters, each as often, and the same end."
    return Fresh(question, [alike for _, alike in pairs], solution)


@exercise("6.4", "The stream that lost its size", difficulty=2, minutes=15, kind="find the bug")
def check_block(answer: Any) -> None:
    """Check the mended ``block``: three positions, then the gradients of all weights."""
    require(callable(answer), 'pass the mended function itself: check("6.4", block).')
    expect(
        "block for three positions read one after the other, with random weights and 3 heads,",
        lambda: read_block(answer)[0],
        read_block(block_with("nothing"))[0],
        causes=[
            *(
                gives(lambda slip=slip: read_block(block_with(slip))[0], text)
                for slip, text in BLOCK_SLIPS.items()
            ),
            when(lambda got, _: got[0] is None, "nothing is returned; is a `return` missing?"),
            when(
                lambda got, right: len(got[0]) > len(right[0]),
                "`+` on lists puts one behind the other; add them number by number.",
            ),
            *_LIST_CAUSES,
        ],
    )
    names = ["x", "wq", "wk", "wv", "wo", "fc1", "fc2"]
    for name, got, right in zip(names, slopes_of_block(answer), slopes_of_block(block_with(""))):
        expect(f"the gradients of {name} after a backward from the last output", got, right,
               causes=[when(lambda got, _: True, CUT)])  # fmt: skip


CUT = "the graph is cut: work with the nodes, not with their `.data`."
_LIST_CAUSES = [
    raises(TypeError, "a list cannot be added to a node: add number by number.", "unsupported"),
    raises(TypeError, "a list cannot be used as a node: work number by number.", "'list'"),
]


def read_block(block: Callable[..., Any]) -> tuple[list[Any], list[Any]]:
    """The outputs of a block for three positions, and all leaves they were made from."""
    rng = random.Random(64)
    weights = [matrix(rng, 6, 6) for _ in range(4)] + [matrix(rng, 9, 6), matrix(rng, 6, 9)]
    xs, keys, values = [vector(rng, 6) for _ in range(3)], [], []  # type: ignore[var-annotated]
    outputs = [block(list(x), keys, values, *weights, 3) for x in xs]
    return outputs, [xs, *weights]


def slopes_of_block(block: Callable[..., Any]) -> list[Any]:
    """Gradients of inputs and weights by a weighted sum of the last output."""
    outputs, leaves = read_block(block)
    if any(not isinstance(y, Value) for y in outputs[-1]):
        message = "block returns plain numbers, expected nodes."
        raise Wrong(message, cause=CUT)
    microgpt.total([y * (i + 1) for i, y in enumerate(outputs[-1])]).backward()
    return [_grads_of(leaf) for leaf in leaves]


SMALL = Config(vocab_size=5, n_embd=6, n_head=3, n_layer=2, block_size=5)


@exercise("6.5", "The whole gpt", difficulty=3, minutes=30, own=("gpt",))
def check_gpt(answer: Any) -> None:
    """Check ``gpt(token_id, pos_id, keys, values, state_dict, config)`` on short documents."""
    require(callable(answer), 'pass the function itself: check("6.5", gpt).')
    state_dict = microgpt.init_params(SMALL, random.Random(65), std=0.5)

    def reads(gpt: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *ids: read_tokens(gpt, ids, state_dict, SMALL)

    expect_calls(
        reads(answer),
        reads(microgpt.gpt),
        cases=[(0,), (2, 1), (1, 3, 0, 3)],
        show_as="the last logits of a small model with 2 layers and 3 heads, first token {0},",
        causes=[
            *(gives(reads(gpt_with(slip)), words) for slip, words in GPT_SLIPS.items()),
            *(gives(reads(gpt_with(slip)), words) for slip, words in BLOCK_SLIPS.items()),
            raises(ValueError, _APPENDED, "and 12"),
            raises(ValueError, _APPENDED, "12 and"),
            raises(ValueError, _CACHES, "got 2 and 0"),
            raises(ValueError, _CACHES, "got 2 and 1"),
            *_KEY_CAUSES,
            *_LIST_CAUSES,
        ],
    )
    for key in state_dict:
        expect(
            f"the gradients of {key} after a backward from a logit",
            lambda key=key: _grads(answer, key, state_dict),
            _grads(microgpt.gpt, key, state_dict),
            causes=[
                when(lambda got, right: got != right, CUT),
                raises(AttributeError, CUT),
            ],
        )


_APPENDED = "the two rows are put one after the other; add them number by number."
_CACHES = "attention wants the cache of its layer: `keys[i]`, `values[i]`, not the list of all."
_KEY_CAUSES = [
    raises(
        KeyError,
        "the loop runs too often: there are `config.n_layer` layers, counted from 0 (and not one "
        "for each head).",
        "layer2",
    ),
    raises(
        KeyError,
        "there is no second layer in these weights: are they the notebook's? Use `state_dict`.",
        "layer1",
    ),
    raises(
        KeyError,
        "there is no matrix of that name: they are `wte`, `wpe`, `lm_head` and, for each layer, "
        "`layer0.attn_wq`, `attn_wk`, `attn_wv`, `attn_wo`, `mlp_fc1`, `mlp_fc2`.",
    ),
    raises(IndexError, "is a row of `wte`, `wpe` or a layer taken that is not there?"),
]


def _grads(gpt: Callable[..., Any], key: str, state_dict: Any) -> Any:
    """Gradients of a matrix by one of the logits after three tokens."""
    for param in microgpt.flatten(state_dict):
        param.grad = 0
    read_tokens(gpt, (0, 1, 4), state_dict, SMALL)[1].backward()
    return _grads_of(state_dict[key])


@exercise("6.6", "The steepest weight", difficulty=2, minutes=15, kind="experiment", extra=True)
def check_steepest(answer: Any) -> None:
    """Check ``steepest(name)`` on names with steepest weights, one each, in three matrices."""
    names = ["kai", "mia", "ann", "siqi", "isaaq"]
    expect_calls(
        answer, steepest, cases=[(name,) for name in names], causes=steepest_causes(answer)
    )
