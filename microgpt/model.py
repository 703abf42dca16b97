"""The GPT: its sizes, its parameters, and the function from a token to the next one's logits.

Chapter 05 builds `attention`, chapter 06 `mlp` and `gpt`. The architecture is that of GPT-2
(Radford et al. 2019) made smaller: RMSNorm for LayerNorm, ReLU for GeLU, no biases, no dropout.
The model is a function: everything it knows comes in as an argument.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from .autograd import Value, dot
from .layers import linear, rmsnorm, softmax

Vector = list[Value]
Matrix = list[list[Value]]
StateDict = dict[str, Matrix]


@dataclass(frozen=True)
class Config:
    """The sizes of a model.

    >>> Config(vocab_size=27)
    Config(vocab_size=27, n_embd=16, n_head=4, n_layer=1, block_size=16)
    """

    vocab_size: int  # different tokens, BOS included
    n_embd: int = 16  # length of the vector that stands for a token on its way through the model
    n_head: int = 4  # attention heads; it must divide n_embd
    n_layer: int = 1  # blocks of attention and MLP
    block_size: int = 16  # longest sequence of tokens that the model can look at

    def __post_init__(self) -> None:
        for field in fields(self):
            size = getattr(self, field.name)
            if not isinstance(size, int) or isinstance(size, bool):
                raise TypeError(f"{field.name} must be a whole number, not {size!r}")
            if size < 1:
                raise ValueError(f"{field.name} must be at least 1, not {size}")
        if self.n_embd % self.n_head:
            raise ValueError(
                f"n_embd {self.n_embd} cannot be split evenly over n_head {self.n_head}: "
                "choose an n_embd that is a multiple of n_head"
            )

    @property
    def head_dim(self) -> int:
        """Length of the slice of a vector that one head works on."""
        return self.n_embd // self.n_head

    def shapes(self) -> dict[str, tuple[int, int]]:
        """Name and (rows, columns) of every parameter matrix, in the order of creation."""
        n = self.n_embd
        shapes = {
            "wte": (self.vocab_size, n),  # token embeddings
            "wpe": (self.block_size, n),  # position embeddings
            "lm_head": (self.vocab_size, n),
        }
        for layer in range(self.n_layer):
            for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo"):
                shapes[f"layer{layer}.{name}"] = (n, n)
            shapes[f"layer{layer}.mlp_fc1"] = (4 * n, n)
            shapes[f"layer{layer}.mlp_fc2"] = (n, 4 * n)
        return shapes

    def check(self, matrices: Mapping[str, Sequence[Sequence[object]]]) -> None:
        """Raise a ValueError that names the first parameter matrix that does not fit."""
        if self.n_layer > len(matrices):  # before a list of so many names is asked for
            raise ValueError(f"{len(matrices)} parameter matrices are too few for {self}")
        shapes = self.shapes()
        for name in sorted(shapes.keys() ^ matrices.keys()):
            what = "is missing" if name in shapes else "is unknown to a model of these sizes"
            raise ValueError(f"the parameter matrix {name!r} {what}: {self}")
        for name, (rows, columns) in shapes.items():
            matrix = matrices[name]
            widths = sorted({len(row) for row in matrix})
            if len(matrix) != rows or widths != [columns]:
                width = " or ".join(map(str, widths)) or "0"
                raise ValueError(
                    f"{name!r} has shape {len(matrix)} x {width}, but {rows} x {columns} is needed"
                )


def init_params(config: Config, rng: random.Random, std: float = 0.08) -> StateDict:
    """Draw every parameter from a normal distribution around 0 of this standard deviation.

    The result is a dict of str to rows of Value, with the names and shapes of ``config.shapes()``.

    Examples
    --------
    >>> state_dict = init_params(Config(vocab_size=27), random.Random(42))
    >>> len(flatten(state_dict))
    4192
    """
    return {
        name: [[Value(rng.gauss(0, std)) for _ in range(columns)] for _ in range(rows)]
        for name, (rows, columns) in config.shapes().items()
    }


def empty_cache(config: Config) -> list[Any]:
    """The cache of keys, or of values, before the first token: an empty list for each layer."""
    return [[] for _ in range(config.n_layer)]


def flatten(state_dict: StateDict) -> Vector:
    """All parameters in one list: matrix by matrix, row by row."""
    return [param for matrix in state_dict.values() for row in matrix for param in row]


def attention_head(
    q: Sequence[Value], keys: Sequence[Sequence[Value]], values: Sequence[Sequence[Value]]
) -> tuple[Vector, Vector]:
    """One head: weigh the values by how well their keys answer the query.

    Scaled dot-product attention, Vaswani et al., "Attention Is All You Need" (2017), equation 1,
    for one query. The lists hold the past and the present only, so no mask is needed.

    Parameters
    ----------
    q, keys, values : vector, vectors, vectors, of shape (head_dim,) and (positions, head_dim)
        The query of the present position, a key and a value of each position so far.

    Returns
    -------
    head_out, attn_weights : list of Value, shapes (head_dim,) and (positions,)
        The weighted sum of the values, and the weights.
    """
    attn_logits = [dot(q, k) / len(q) ** 0.5 for k in keys]  # (positions,)
    attn_weights = softmax(attn_logits)
    head_out = [dot(attn_weights, column) for column in zip(*values)]  # (head_dim,)
    return head_out, attn_weights


def attention(
    x: Sequence[Value], keys: Matrix, values: Matrix,
    wq: Matrix, wk: Matrix, wv: Matrix, wo: Matrix, n_head: int,
) -> Vector:  # fmt: skip
    """Multi-head attention of one position over itself and all earlier ones.

    Parameters
    ----------
    x : sequence of Value, shape (n_embd,)
        The present position; the result has this shape, too.
    keys, values : list of vectors, shape (positions before, n_embd)
        The cache of this layer. The present position's key and value are appended to it.
    wq, wk, wv, wo : rows of Value, shape (n_embd, n_embd)
        The weights of query, key, value and output.
    n_head : int
        Number of heads; each works on its own slice of ``n_embd // n_head`` numbers.
    """
    q = linear(x, wq)
    keys.append(linear(x, wk))
    values.append(linear(x, wv))
    head_dim = len(q) // n_head
    x_attn: Vector = []
    for start in range(0, len(q), head_dim):
        part = slice(start, start + head_dim)
        head_out, _ = attention_head(q[part], [k[part] for k in keys], [v[part] for v in values])
        x_attn += head_out
    return linear(x_attn, wo)


def mlp(x: Sequence[Value], fc1: Matrix, fc2: Matrix) -> Vector:
    """Two linear layers with a ReLU between them: n_embd numbers in, n_embd out.

    The weights `fc1`, shape (4 * n_embd, n_embd), lead into a wide inner layer, `fc2` back.
    """
    hidden = [h.relu() for h in linear(x, fc1)]  # (4 * n_embd,)
    return linear(hidden, fc2)


def gpt(
    token_id: int, pos_id: int, keys: list[Matrix], values: list[Matrix],
    state_dict: StateDict, config: Config,
) -> Vector:  # fmt: skip
    """One step of the model: from the token at one position to scores for the next token.

    Call it for the positions 0, 1, 2, ... in turn with the same `keys` and `values`, which begin
    as one empty list for each layer: what earlier positions left there is all it sees of the past.

    Parameters
    ----------
    token_id, pos_id : int
        The token, below ``config.vocab_size``, and the position, below ``config.block_size``.
    keys, values : list of (list of vectors), shape (n_layer, pos_id, n_embd)
        The cache; one vector is appended in each layer.
    state_dict, config
        Parameters and sizes. The result, the logits, has the shape (vocab_size,).
    """
    if not (0 <= token_id < config.vocab_size and 0 <= pos_id < config.block_size):
        raise IndexError(
            f"token_id {token_id} must be below {config.vocab_size} "
            f"and pos_id {pos_id} below {config.block_size}, both at least 0"
        )
    token_embedding, position_embedding = state_dict["wte"][token_id], state_dict["wpe"][pos_id]
    x = rmsnorm([t + p for t, p in zip(token_embedding, position_embedding)])  # (n_embd,)
    for layer in range(config.n_layer):
        wq, wk, wv, wo, fc1, fc2 = (
            state_dict[f"layer{layer}.{name}"]
            for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")
        )
        listened = attention(rmsnorm(x), keys[layer], values[layer], wq, wk, wv, wo, config.n_head)
        x = [a + b for a, b in zip(listened, x)]  # the residual stream: add, never overwrite
        thought = mlp(rmsnorm(x), fc1, fc2)
        x = [a + b for a, b in zip(thought, x)]
    return linear(x, state_dict["lm_head"])  # (vocab_size,)
