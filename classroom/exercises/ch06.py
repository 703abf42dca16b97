"""The checks of chapter 06: counting parameters, the MLP, the residual stream, the whole `gpt`."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import microgpt
from classroom.exercises.kit.checking import (
    expect,
    expect_calls,
    expect_value,
    gives,
    raises,
    require,
    when,
)
from classroom.exercises.kit.registry import exercise
from classroom.exercises.shared.likenesses import (
    block_like,
    gpt_like,
    matrix,
    mlp_plus_input,
    mlp_relu_first,
    mlp_relu_last,
    mlp_relu_twice,
    mlp_without_relu,
    read_tokens,
    vector,
)
from microgpt import Config, Value, linear


def count_parameters(vocab_size: int, n_embd: int, n_layer: int, block_size: int) -> int:
    """Parameters of a model of these sizes."""
    tables = (2 * vocab_size + block_size) * n_embd
    return tables + n_layer * 12 * n_embd**2


def _counted(tables: int, per_layer: int) -> Callable[[int, int, int, int], int]:
    """A count with `tables` matrices of the vocabulary's size and so many n x n per layer."""
    return lambda vocab_size, n_embd, n_layer, block_size: (
        (tables * vocab_size + block_size) * n_embd + n_layer * per_layer * n_embd**2
    )


@exercise("6.1", "Count the parameters", difficulty=1, minutes=10)
def check_count_parameters(answer: Any) -> None:
    """Check ``count_parameters(vocab_size, n_embd, n_layer, block_size)``."""
    expect_calls(
        answer,
        count_parameters,
        cases=[(27, 16, 1, 16), (27, 16, 2, 16), (27, 32, 1, 16), (5, 4, 3, 8)],
        causes=[
            gives(_counted(1, 12), "`lm_head` is missing: a second vocab_size × n_embd matrix."),
            gives(_counted(2, 8), "a layer lacks 4 n²: four attention matrices, two of the MLP."),
            gives(_counted(2, 4), "the two MLP matrices are missing."),
            gives(_counted(2, 6), "the MLP is four times wider inside: 4 * n_embd by n_embd."),
            gives(
                lambda v, n, layers, block: count_parameters(v, n, 1, block),
                "each layer has matrices of its own.",
            ),
            gives(
                lambda v, n, layers, block: layers * count_parameters(v, n, 1, block),
                "the three tables are there once, not once a layer.",
            ),
            gives(
                lambda v, n, layers, block: count_parameters(v, n, layers, 0),
                "the position embeddings are missing: block_size × n_embd.",
            ),
        ],
    )


@exercise("6.2", "mlp", difficulty=1, minutes=10)
def check_mlp(answer: Any) -> None:
    """Check ``mlp(x, fc1, fc2)``: values, then gradients."""
    rng = random.Random(62)
    cases = [(vector(rng, 2), matrix(rng, 8, 2), matrix(rng, 2, 8)) for _ in range(4)]
    expect_calls(
        answer,
        microgpt.mlp,
        cases,
        show_as="mlp({0}, fc1, fc2) with random fc1 (8 x 2) and fc2 (2 x 8)",
        causes=[
            gives(mlp_without_relu, "the ReLU between the two linear layers is missing."),
            gives(mlp_relu_last, "the ReLU belongs between the layers, not behind the second."),
            gives(mlp_plus_input, "`mlp` returns what is to be added; the block does the adding."),
            gives(mlp_relu_first, "the ReLU belongs between the layers, not before the first."),
            gives(
                mlp_relu_twice,
                "one ReLU is enough, between the layers; what is added may be negative.",
            ),
            gives(
                lambda x, fc1, fc2: [h.relu() for h in linear(x, fc1)],
                "that is the wide layer; `linear(..., fc2)` brings it back.",
            ),
            raises(AttributeError, "`relu` is a method: call it, `h.relu()`.", "'function'"),
            raises(AttributeError, "`relu` is a method: call it, `h.relu()`.", "'method'"),
            raises(ValueError, "first `fc1` (into the wide layer), then `fc2` (back)."),
        ],
    )
    x, fc1, fc2 = cases[0]
    right = _slopes(microgpt.mlp, x, fc1, fc2)
    got: Any = lambda: _slopes(answer, x, fc1, fc2)  # noqa: E731 - named only to keep the line short
    cut = "the graph is cut: call `.relu()` on the nodes, do not use `max` on their `.data`."
    expect(
        "the gradients of x after mlp(x, fc1, fc2)[0].backward()",
        got,
        right,
        causes=[gives([0, 0], cut), when(lambda a, b: a != b, cut)],
    )


def _slopes(mlp: Callable[..., Any], x: Sequence[Value], fc1: Any, fc2: Any) -> list[Any]:
    """Gradients of x by the first output, with fresh leaves for x."""
    leaves = [Value(xi.data) for xi in x]
    mlp(leaves, fc1, fc2)[0].backward()
    return [leaf.grad for leaf in leaves]


PAIRS = [("mari", "rami"), ("mari", "mira"), ("anna", "nana"), ("ana", "anna")]
"""Which of these look the same to one layer without position embeddings?"""


@exercise("6.3", "Who can tell the order", difficulty=2, minutes=10, kind="predict", extra=True)
def check_order(answer: Any) -> None:
    """Check the four predictions."""
    if isinstance(answer, (list, tuple)):
        choices = all(isinstance(one, (bool, int)) and one in (0, 1) for one in answer)
        require(choices, f"{answer!r} holds something else than True and False.")
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
                lambda got, expected: len(got) != 4,
                "one True or False for each of the four pairs.",
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


@exercise("6.4", "The stream that lost its size", difficulty=2, minutes=15, kind="find the bug")
def check_block(answer: Any) -> None:
    """Check the mended ``block`` on random vectors."""
    require(callable(answer), 'pass the mended function itself: check("6.4", block).')
    rng = random.Random(64)
    weights = [matrix(rng, 4, 4) for _ in range(4)] + [matrix(rng, 8, 4), matrix(rng, 4, 8)]
    cases = [(vector(rng, 4), [], [], *weights, 2) for _ in range(3)]
    expect_calls(
        answer,
        block_like("nothing"),
        cases,
        show_as="block({0}, ...) at the first position, with random weights",
        may_change=True,
        causes=[
            gives(
                block_like("both"), "both additions still add the *normed* vector, not x itself."
            ),
            gives(
                block_like("second"),
                "the first addition is mended; look at the one behind the MLP.",
            ),
            gives(
                block_like("first"),
                "the addition behind the MLP is mended; look at the first one.",
            ),
            gives(block_like("mlp unnormed"), "the MLP must still read the normed vector."),
            gives(block_like("attention unnormed"), "attention must still read the normed vector."),
            gives(block_like("overwrites"), "nothing is added any more: x is overwritten."),
            gives(
                block_like("never norms"),
                "attention and the MLP must still read the normed vector.",
            ),
        ],
    )


@exercise("6.5", "The whole gpt", difficulty=3, minutes=30)
def check_gpt(answer: Any) -> None:
    """Check ``gpt(token_id, pos_id, keys, values, state_dict, config)`` on short documents."""
    require(callable(answer), 'pass the function itself: check("6.5", gpt).')
    small = Config(vocab_size=3, n_embd=4, n_head=2, n_layer=2, block_size=4)
    state_dict = microgpt.init_params(small, random.Random(65), std=0.5)
    slips = {
        "positions": "the position embedding is not added.",
        "first norm": "the rmsnorm right after the embedding is missing.",
        "norm": "the rmsnorm before attention and MLP is missing.",
        "residual": "the residual additions are missing: attention and MLP overwrite x.",
        "second layer": "only one layer is run: loop over `config.n_layer`.",
        "lm_head": "the last step is missing: the logits are `linear(x, lm_head)`.",
        "mlp": "the MLP is missing.",
        "attention": "attention is missing.",
        "same layer": "every layer has matrices of its own: `layer{i}`, not always `layer0`.",
        "last norm": "GPT-2 has a norm before `lm_head`; this model has none.",
        "softmax": "these are probabilities; the logits are asked for, before any softmax.",
        "blocks": "attention and MLP are missing: the loop over the layers.",
    }
    expect_calls(
        lambda *ids: read_tokens(answer, ids, state_dict, small),
        lambda *ids: read_tokens(microgpt.gpt, ids, state_dict, small),
        cases=[(0,), (2,), (0, 1), (2, 2, 1)],
        show_as="the last logits of a small model with 2 layers, first token {0}",
        causes=[
            gives(
                lambda *ids, slip=slip: read_tokens(gpt_like(slip), ids, state_dict, small), words
            )
            for slip, words in slips.items()
        ]
        + [raises(ValueError, "attention wants the cache of its layer: `keys[i]`, `values[i]`.")],
    )
    for key in ("wte", "layer0.attn_wk", "layer1.mlp_fc1"):
        expect(
            f"the gradients of {key} after a backward from a logit",
            lambda key=key: _grads(answer, key, state_dict, small),
            _grads(microgpt.gpt, key, state_dict, small),
            causes=[
                when(lambda got, _: not any(map(any, got)), CUT),
                raises(AttributeError, CUT),
            ],
        )


CUT = "the graph is cut: work with the nodes, not with their `.data`."


def _grads(gpt: Callable[..., Any], key: str, state_dict: Any, config: Config) -> Any:
    """Gradients of a matrix by one of the logits after two tokens."""
    for param in microgpt.flatten(state_dict):
        param.grad = 0
    read_tokens(gpt, (0, 1), state_dict, config)[1].backward()
    return [[param.grad for param in row] for row in state_dict[key]]


def steepest(name: str) -> tuple[str, int, int]:
    """Matrix, row and column of the weight that the loss of a name depends on most."""
    return max(_all_slopes(name), key=lambda found: abs(found[0]))[1]


def _all_slopes(name: str) -> list[tuple[float, tuple[str, int, int]]]:
    state_dict, config, tokenizer = microgpt.load()
    microgpt.document_loss(tokenizer.document_ids(name), state_dict, config).backward()
    return [
        (param.grad, (key, i, j))
        for key, rows in state_dict.items()
        for i, row in enumerate(rows)
        for j, param in enumerate(row)
    ]


@exercise("6.6", "The steepest weight", difficulty=2, minutes=15, kind="experiment", extra=True)
def check_steepest(answer: Any) -> None:
    """Check ``steepest(name)``."""
    expect_calls(
        answer,
        steepest,
        cases=[("emma",), ("kai",), ("mia",)],
        causes=[
            gives(
                lambda name: max(_all_slopes(name))[1],
                "the largest gradient with its sign; a large negative one counts as much: `abs`.",
            ),
            gives(
                lambda name: min(_all_slopes(name))[1],
                "the most negative gradient; a large positive one counts as much: `abs`.",
            ),
            gives(
                lambda name: min(_all_slopes(name), key=lambda found: abs(found[0]))[1],
                "the smallest of all; the largest is asked for.",
            ),
            gives(
                lambda name: max(abs(slope) for slope, _ in _all_slopes(name)),
                "the gradient came out; where it *stands* is asked: matrix, row, column.",
            ),
            gives(
                lambda name: ("wte", 26, 15),
                "that is the last of all: are the gradients 0? `backward()` fills them in.",
            ),
            when(
                lambda got, right: len(got) == 3 and got[0] in microgpt.load()[0],
                "compare `grad`, not `data`, and load the weights inside the function: the "
                "gradients of other names pile up in old ones.",
            ),
        ],
    )
