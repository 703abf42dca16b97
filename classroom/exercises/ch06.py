"""Exercises of chapter 06: counting parameters, the MLP, the residual stream, the whole `gpt`."""

from __future__ import annotations

import itertools
import math  # noqa: F401 - for slips
import random
from collections.abc import Iterable
from typing import Any

import microgpt
from classroom.exercises.judges.flow import expect_cache, flows
from classroom.exercises.kit.causes import Raised, outcome, raises, when
from classroom.exercises.kit.checking import expect, require
from classroom.exercises.kit.comparing import is_number, plain, show
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.registry import Fresh
from classroom.exercises.kit.solutions import Asked, Case, prediction, solution
from classroom.exercises.kit.state import remark
from microgpt import Config
from microgpt.model import empty_cache

TABLES, LAYER = "tables = rows * n_embd ->", "a_layer = 12 * n_embd**2 ->"


def matrix_by_matrix(vocab_size, n_embd, n_layer, block_size):  # noqa: D103
    wte = vocab_size * n_embd  # the numbers in wte
    wpe = block_size * n_embd  # the numbers in wpe
    heads = 4 * n_embd * n_embd  # the numbers in the four matrices of attention
    mlp = 8 * n_embd * n_embd  # the numbers in the two matrices of the MLP
    layers = n_layer * (heads + mlp)  # the numbers in all layers
    return wte + wpe + layers + wte  # all together, lm_head too


def tables_first(vocab_size, n_embd, n_layer, block_size):  # noqa: D103
    two = 2 * vocab_size * n_embd  # the numbers in wte and lm_head
    wpe = block_size * n_embd  # the numbers in wpe
    heads = 4 * n_embd * n_embd  # the numbers in the four matrices of attention
    mlp = 8 * n_embd * n_embd  # the numbers in the two matrices of the MLP
    layer = heads + mlp  # the numbers in one layer
    layers = n_layer * layer  # the numbers in all layers
    return two + wpe + layers  # all together


@solution(
    "6.1", "Count the parameters", difficulty=1, minutes=10, roads=[matrix_by_matrix, tables_first],
    cases=lambda draw: [
        (27, 16, 1, 16), (27, 16, 2, 16), (27, 32, 1, 16), (29, 16, 1, 16),
        *(
            (draw.whole(21, 40), n, layers, draw.whole(10, 20))
            for n, layers in ((4, 3), (8, 2), (12, 4))
        ),
    ],
    slips={
        "return tables + layers -> return 4192": "that is the number of our model, whatever the sizes: use the arguments.",
        f"{TABLES} tables = (vocab_size + block_size) * n_embd": "one of the two tables of vocab_size × n_embd (`wte`, `lm_head`) is missing.",
        f"{TABLES} tables = n_layer * rows * n_embd": "the three tables are there once, not once a layer.",
        f"{LAYER} a_layer = 8 * n_embd**2": "a layer lacks 4 n²: it has four attention matrices and two of 4 n² in the MLP.",
        f"{LAYER} a_layer = 11 * n_embd**2": "attention has four matrices, `attn_wo` among them.",
        f"{LAYER} a_layer = 12 * n_embd**2 + 9 * n_embd": "this model has no biases.",
        f"{LAYER} a_layer = 4 * n_embd**2 + 2 * 64 * n_embd": "64 is the inner width for n_embd 16; it is 4 * n_embd.",
        "n_layer * a_layer -> n_layer * 8 * n_embd**2 + 4 * n_embd**2": "attention has four matrices of its own in each layer, as the MLP has two.",
        f"{TABLES} tables = (vocab_size + 2 * block_size) * n_embd": "`lm_head` has a row for each token, as `wte` has, not for each position.",
        "n_layer * a_layer -> a_layer": "each layer has matrices of its own.",
    },
)  # fmt: skip
def count_parameters(vocab_size, n_embd, n_layer, block_size):
    rows = 2 * vocab_size + block_size  # the rows of wte, lm_head and wpe
    tables = rows * n_embd  # the numbers in these three
    a_layer = 12 * n_embd**2  # those of a layer: 4 n² in attention, 8 n² in the MLP
    layers = n_layer * a_layer  # those of all layers
    return tables + layers  # both together


def mlp_case(draw: Draw, n: int) -> Case:
    """A vector, and matrices into a wide layer whose detectors are awake and asleep by turns."""
    while True:
        x, fc1, fc2 = draw.vector(n), draw.matrix(2 * n, n), draw.matrix(n, 2 * n)
        awake = [h.data > 0 for h in microgpt.linear(x, fc1)]
        if 2 <= sum(awake) < 2 * n and awake != sorted(awake):
            return x, fc1, fc2


def require_mlp(answer: Any) -> None:
    """Gradients reach all that the answer was made from."""
    if answer is microgpt.mlp:
        remark("the work is the package's: write it yourself before you go on.")
    flows(microgpt.mlp, mlp_case(Draw("flow"), 2), ("x", "fc1", "fc2"),
          "mlp(x, fc1, fc2) with x = {0}, fc1 = {1}, fc2 = {2}")(answer)  # fmt: skip


ONE_RELU = "one ReLU is enough, between the layers; "


@solution(
    "6.2", "mlp", difficulty=1, minutes=10,
    cases=lambda draw: [mlp_case(draw, n) for n in (2, 3, 3, 2)],
    show_as="mlp(x, fc1, fc2) with nodes x = {0}, fc1 = {1}, fc2 = {2}",
    slips={
        "h.relu() -> h": "no ReLU between the two linear layers: `h.relu()` returns a new node, hand those to `fc2`.",
        "h.relu() -> h if h.data > 0 else h * 0.01": "below 0 a ReLU gives 0, not a small share.",
        "[h.relu() for h in wide] -> [h for h in wide if h.data > 0]": "a sleeping detector gives 0, it is not left out: `fc2` needs all of them.",
        "h.relu() -> h\nmicrogpt.linear(hidden, fc2) -> [y.relu() for y in microgpt.linear(hidden, fc2)]": "the ReLU belongs between the layers, not behind the second.",
        "h.relu() -> h\nmicrogpt.linear(x, fc1) -> microgpt.linear([xi.relu() for xi in x], fc1)": "the ReLU belongs between the layers, not before the first.",
        "microgpt.linear(hidden, fc2) -> [y.relu() for y in microgpt.linear(hidden, fc2)]": ONE_RELU + "what is added may be negative.",
        "microgpt.linear(x, fc1) -> microgpt.linear(microgpt.rmsnorm(x), fc1)": "no norm here: the block norms x before it calls `mlp`.",
        "microgpt.linear(hidden, fc2) -> [a + b for a, b in zip(microgpt.linear(hidden, fc2), x)]": "`mlp` returns what is to be added; the block does the adding.",
        "microgpt.linear(x, fc1) -> microgpt.linear(x, fc2)\nmicrogpt.linear(hidden, fc2) -> microgpt.linear(hidden, fc1)": "first `fc1` (into the wide layer), then `fc2` (back).",
    },
    also=[
        raises(AttributeError, "`relu` is a method: call it, `h.relu()`.", "'function' object has no attribute 'data'", "'method' object has no attribute 'da"),
        raises(AttributeError, "`0` and `.data` are no nodes: call `.relu()` on each node.", "'int' object has no attribute 'data'", "'float' object has no attribute 'data'"),
        raises(TypeError, "`max` cannot compare nodes: call `h.relu()`.", "not supported between"),
        raises(ValueError, "those are the trained model's matrices: use the parameters of your function.", "got 16 and"),
    ],
    then=require_mlp,
)  # fmt: skip
def mlp(x, fc1, fc2):
    wide = microgpt.linear(x, fc1)  # x through fc1, into the wide layer
    hidden = [h.relu() for h in wide]  # the ReLU of each of these numbers
    return microgpt.linear(hidden, fc2)  # those through fc2, back


SAME_GUESS = (True, False, True, False)
WHY = (
    "'mari' and 'rami' have the same letters and the same end: a sum does not tell in which order its terms were added.",
    "'mari' and 'mira' end differently: another letter asks.",
    "'anna' and 'nana' have the same letters, each as often, and the same end.",
    "'anna' has one n more than 'ana': it weighs more.",
)


def told_of_pairs() -> dict[tuple[bool, ...], str]:
    """For each list of four, what is true of the pairs that are wrong in it."""
    lists = itertools.product((True, False), repeat=len(WHY))
    by_hand = " (Measured? Is `wpe` 0 in what was read with? And sums in another order differ in the last digit: round.)"
    return {
        guess: " ".join(why for why, g, right in zip(WHY, guess, SAME_GUESS) if g != right)
        + by_hand * (not any(guess))
        for guess in lists
        if guess != SAME_GUESS
    }


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
        f"probabilities for the next letter as {name!r}: {', '.join(repr(p) for p, _ in pairs)}? A list of three True or False."
    )
    solution = f"Only {same!r} has the same letters, each as often, and the same end."
    return Fresh(question, [alike for _, alike in pairs], solution)


ONE_EACH = "a list is asked for: one True or False for each of the four pairs."
prediction(
    "6.3", "Who can tell the order", difficulty=2, minutes=10, extra=True, again=fresh_order,
    asked={"same_guess": Asked(SAME_GUESS, told_of_pairs(), also=(
        when(lambda got, _: isinstance(got, list) and {*map(str.strip, got)} <= {"True", "False"}, "True and False are words of Python: write them without quotation marks."),
        when(lambda got, _: not isinstance(got, list) or len(got) != 4, ONE_EACH),
        when(lambda got, _: any(each not in (True, False) for each in got), ONE_EACH),
    ))},
)  # fmt: skip


def cache_case(draw: Draw, before: int, n_head: int, size: int) -> Case:
    """The arguments of a `block` that has met some positions before."""
    n = n_head * size
    past = [draw.matrix(before, n) for _ in ("keys", "values")]
    heads = [draw.matrix(n, n, -1.7, 1.7) for _ in "qkvo"]
    return draw.vector(n), *past, *heads, draw.matrix(2 * n, n), draw.matrix(n, 2 * n), n_head


BLOCK_FLOW = cache_case(Draw("flow"), 1, 2, 2)


def require_block(answer: Any) -> None:
    """The cache grows by one, and gradients reach all that a block is made from."""
    expect_cache(answer, block, BLOCK_FLOW, at=1)
    names = ("x", "keys", "values", "wq", "wk", "wv", "wo", "fc1", "fc2")
    flows(block, BLOCK_FLOW, names, "block with n_head = 2 for x = {0}")(answer)


A_LIST = raises(
    TypeError, "a list and a node cannot be added: add number by number.", "int or a float, not ["
)
FIRST_SUM = "[a + b for a, b in zip(listened, x)]"
SECOND_SUM = "[a + b for a, b in zip(thought, x)]"


def block_slips(
    keys: str = "keys", values: str = "values", n_head: str = "n_head"
) -> dict[str, str]:
    """What goes wrong between the stream, attention and the MLP, in `block` and in `gpt`."""
    mixed = "the matrices are mixed up: the order is wq, wk, wv, wo."
    heads = "attention works with another number of heads than it is given: pass `{}` on."
    return {
        "zip(listened, x) -> zip(listened, normed)\nzip(thought, x) -> zip(thought, normed_sum)": "both additions still add the *normed* vector, not x itself.",
        "mlp(normed_sum, -> mlp(x,": "the MLP must still read the normed vector.",
        f"{FIRST_SUM} -> listened": "attention's answer overwrites x: add it to x.",
        f"{SECOND_SUM} -> thought": "the MLP's answer overwrites x: add it to x.",
        f"{FIRST_SUM} -> listened\n{SECOND_SUM} -> thought": "nothing is added any more: attention and MLP overwrite x.",
        "attention(normed, -> attention(x,\n"
        f"{FIRST_SUM} -> microgpt.rmsnorm({FIRST_SUM})\nmlp(normed_sum, -> mlp(x,\n"
        f"{SECOND_SUM} -> microgpt.rmsnorm({SECOND_SUM})": "the norms are behind the additions (as in the first transformer); here each part *reads* a normed vector, and the sum is left as it is.",
        **{
            f"normed = microgpt -> {one}, {other} = {other}, {one}; normed = microgpt": mixed
            for one, other in itertools.combinations(("wq", "wk", "wv", "wo"), 2)
        },
        f"normed, {keys}, {values} -> normed, [], []": "attention gets an empty cache: nothing of the earlier positions is seen. Pass the caches on.",
        f"wo, {n_head}) -> wo, 1)": heads.format(n_head),
        f"wo, {n_head}) -> wo, 2)": heads.format(n_head),
        f"wo, {n_head}) -> wo, 4)": heads.format(n_head),
        f"wo, {n_head}) -> wo, len(x))": heads.format(n_head),
    }


@solution(
    "6.4", "The stream that lost its size", difficulty=2, minutes=15, kind="find the bug", extra=True,
    cases=lambda draw: [cache_case(draw, *sizes) for sizes in ((0, 2, 2), (1, 2, 2), (2, 3, 2))],
    show_as="block for x = {0} with n_head = {9}, after keys = {1} and values = {2},",
    may_change=True, slips=block_slips() | {
    }, also=[A_LIST], then=require_block,
)  # fmt: skip
def block(x, keys, values, wq, wk, wv, wo, fc1, fc2, n_head):
    normed = microgpt.rmsnorm(x)  # x, normed
    listened = microgpt.attention(normed, keys, values, wq, wk, wv, wo, n_head)  # attention's part
    x = [a + b for a, b in zip(listened, x)]  # that added to x, as it came in
    normed_sum = microgpt.rmsnorm(x)  # the sum, normed
    thought = microgpt.mlp(normed_sum, fc1, fc2)  # the MLP's part
    return [a + b for a, b in zip(thought, x)]  # that added to the sum, as it was


SMALL = {n: Config(vocab_size=5, n_embd=6, n_head=3, n_layer=n, block_size=5) for n in (1, 2, 11)}
MODELS = {n: microgpt.init_params(each, random.Random(65), std=0.5) for n, each in SMALL.items()}


def read_tokens(answer: Any, n_layer: int, ids: Iterable[int]) -> Any:
    """The last logits of a `gpt` that reads some tokens one after the other."""
    config = SMALL[n_layer]
    keys, values = empty_cache(config), empty_cache(config)
    logits = None
    for pos_id, token_id in enumerate(ids):
        logits = answer(token_id, pos_id, keys, values, MODELS[n_layer], config)
    return logits


def require_gpt(answer: Any) -> None:
    """The caches grow by one, and gradients reach every matrix."""
    config, state_dict = SMALL[2], MODELS[2]
    are_nodes = all(hasattr(each, "backward") for each in read_tokens(answer, 2, (0,)))
    require(are_nodes, "gpt returns plain numbers, expected nodes.", CUT)
    cache = empty_cache(config)
    expect_cache(answer, microgpt.gpt, (1, 0, cache, cache[:], state_dict, config), at=2)
    for key, rows in state_dict.items():
        found = []
        for gpt in (microgpt.gpt, answer):
            for param in microgpt.flatten(state_dict):
                param.grad = 0
            read_tokens(gpt, 2, (0, 1, 4))[1].backward()
            found.append([[param.grad for param in row] for row in rows])
        cut = [raises(AttributeError, CUT), when(lambda got, right: got != right, CUT)]
        expect(
            f"the gradients of {key} after a backward from a logit", found[1], found[0], causes=cut
        )


CUT = "the graph is cut: work with the nodes, not with their `.data`."
MATRICES = ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")


@solution(
    "6.5", "The whole gpt", difficulty=3, minutes=30, own=("gpt",), run=read_tokens,
    cases=[(1, (0,)), (1, (3, 1)), (2, (2, 1)), (2, (1, 3, 0, 3)), (11, (2,))],
    show_as="the last logits of a small gpt with n_layer = {0} and n_head = 3 that reads the tokens {1}",
    slips={
        "[t + p for t, p in zip(token, position)] -> token": "the position embedding is not added.",
        "microgpt.rmsnorm(added) -> added": "the rmsnorm right after the embedding is missing.",
        "range(config.n_layer) -> range(1)": "only one layer is run: loop over `config.n_layer`, and return behind the loop.",
        'attn_w{kind}"] -> attn_w{kind}".replace(str(i), "0", 1)]\nlayer{i}.mlp_fc1"] -> layer0.mlp_fc1"]\nlayer{i}.mlp_fc2"] -> layer0.mlp_fc2"]': "every layer has matrices of its own: `layer{i}`, not always `layer0`.",
        "keys[i], values[i] -> keys[0], values[0]": "every layer has a cache of its own: `keys[i]`, `values[i]`, not always `[0]`.",
        "keys[i], values[i] -> keys, values": "attention wants the cache of its layer: `keys[i]`, `values[i]`, not the list of all.",
        'linear(x, state_dict["lm_head"]) -> linear(x, state_dict["wte"])': "the logits come from `lm_head`, a table of its own; `wte` is for reading.",
        'linear(x, state_dict["lm_head"]) -> linear(microgpt.rmsnorm(x), state_dict["lm_head"])': "GPT-2 has a norm before `lm_head`; this model has none.",
        'microgpt.linear(x, state_dict["lm_head"]) -> microgpt.softmax(microgpt.linear(x, state_dict["lm_head"]))': "these are probabilities; the logits are asked for, before any softmax.",
        **block_slips("keys[i]", "values[i]", "config.n_head"),
    },
    also=[
        raises(KeyError, "`{i}` stands in the name as it is: the `f` before the text is missing.", "{"),
        raises(KeyError, "there is no layer of that number: there are `config.n_layer` layers, counted from 0, in the `state_dict` that is passed.", *(f".{name}'" for name in MATRICES)),
        A_LIST,
    ],
    then=require_gpt,
)  # fmt: skip
def gpt(token_id, pos_id, keys, values, state_dict, config):
    token = state_dict["wte"][token_id]  # the token's row of wte
    position = state_dict["wpe"][pos_id]  # the position's row of wpe
    added = [t + p for t, p in zip(token, position)]  # the two rows added
    x = microgpt.rmsnorm(added)  # their sum, normed
    for i in range(config.n_layer):
        wq, wk, wv, wo = [state_dict[f"layer{i}.attn_w{kind}"] for kind in "qkvo"]
        fc1, fc2 = state_dict[f"layer{i}.mlp_fc1"], state_dict[f"layer{i}.mlp_fc2"]
        normed = microgpt.rmsnorm(x)  # in each layer: x, normed
        listened = microgpt.attention(normed, keys[i], values[i], wq, wk, wv, wo, config.n_head)
        x = [a + b for a, b in zip(listened, x)]  # attention's part added to x, as it was
        normed_sum = microgpt.rmsnorm(x)  # the sum, normed
        thought = microgpt.mlp(normed_sum, fc1, fc2)  # the MLP's part
        x = [a + b for a, b in zip(thought, x)]  # that added to the sum, as it was
    return microgpt.linear(x, state_dict["lm_head"])  # after the last layer: x through lm_head


def require_fresh(answer: Any) -> None:
    """A name's answer is the same after other names."""
    if not callable(answer):
        return
    names = ["kai", "mia", "ann", "siqi", "isaaq", "kai"]
    found = [plain(outcome(answer, (name,))) for name in names]
    require(
        found[0] == found[-1] or any(isinstance(each, Raised) for each in found),
        f"steepest('kai') gave {show(found[0])}, and after some other names {show(found[-1])}.",
        "load the weights inside the function: in old ones the gradients of other names pile up.",
    )


AT_AN_END = "that is the {} weight of `wte`. Are the gradients 0? `backward()` fills them in. Are the names compared, and not the gradients? The gradient comes first."
THE_WEIGHT = "that is the largest *weight*: compare `grad`, not `data`."
GRAD, PLACE = "abs(param.grad), matrix", "max(slopes)[1:] -> "


@solution(
    "6.6", "The steepest weight", difficulty=2, minutes=15, kind="experiment", extra=True,
    cases=[(name,) for name in ("kai", "mia", "ann", "lyfe", "siqi", "isaaq")], before=require_fresh,
    slips={
        f"{GRAD} -> param.grad, matrix": "the largest gradient with its sign; a large negative one counts as much: `abs`.",
        f"{GRAD} -> -param.grad, matrix": "the most negative gradient; a large positive one counts as much: `abs`.",
        f"{GRAD} -> abs(param.grad * param.data), matrix": "gradient times weight; the gradient alone says it.",
        f"{GRAD} -> param.grad * param.data, matrix": "gradient times weight; the gradient alone says it.",
        f"{GRAD} -> abs(param.data), matrix": THE_WEIGHT,
        f"{GRAD} -> param.data, matrix": THE_WEIGHT,
        "tokenizer.document_ids(name) -> tokenizer.encode(name)": "`BOS` is missing at both ends: `document_ids`, not `encode`.",
        "loss = -> weights = microgpt.init_params(config, random.Random(42))⏎    loss =": "those are untrained weights: load the shipped ones with `microgpt.load()`.",
        "loss.backward() -> pass": AT_AN_END.format("last"),
        PLACE + "('wte', 0, 0)": AT_AN_END.format("first"),
        PLACE + "('lm_head', 12, 11)": "that is the answer for `emma`, whatever the name is.",
        "matrix, i, j) -> matrix, j, i)": "row and column are swapped.",
        PLACE + "max(slopes)": "the gradient itself is not asked for: only matrix, row and column.",
        'return max(slopes)[1:] -> matrix, i, j = max(slopes)[1:]⏎    return matrix, i + 1, j + 1': "rows and columns are counted from 0.",
        "loss = microgpt.document_loss(ids, weights, config) -> loss = microgpt.cross_entropy([microgpt.gpt(i, pos, k, v, weights, config) for k, v in [([[]], [[]])] for pos, i in enumerate(ids[:-1])][-1], ids[-1])": "that is the steepest for the last guess alone; the loss of the whole name is asked for.",
        **{f"max(slopes)[1:] -> max(found for found in slopes if found[1] == {key!r})[1:]": f"that is the steepest of `{key}` alone: look through *all* matrices, and set the " f"best so far once, before the loops." for key in MODELS[1]},
    },
    also=[
        when(lambda got, _: is_number(got), "a single number came out; where the largest gradient *is* is asked: matrix, row, column."),
        when(lambda got, _: len(got) == 2 and is_number(got[0]), "a place in one long list, and its slope: the matrix's name, the row and the column in it are asked for."),
        when(lambda got, _: isinstance(got, str), "a tuple of three is asked for, not a text."),
    ],
)  # fmt: skip
def steepest(name):
    weights, config, tokenizer = microgpt.load()
    ids = tokenizer.document_ids(name)  # the name's ids, BOS at both ends
    loss = microgpt.document_loss(ids, weights, config)  # the loss of the name
    loss.backward()
    slopes = [
        (abs(param.grad), matrix, i, j)
        for matrix, rows in weights.items()
        for i, row in enumerate(rows)
        for j, param in enumerate(row)
    ]
    return max(slopes)[1:]  # matrix, row and column of the steepest, whatever its sign
