"""The GPT put together from exchangeable parts, in plain sums and products. Chapter 10.

Each default does what the package's function of the same name does, but asks of `Value` only what
chapter 01 promises (``+ - * /``, powers, ``exp``, ``log``, ``relu``), so a reader's own class fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from microgpt.autograd import Value
from microgpt.model import Config
from microgpt.optim import Adam, linear_decay

Vector = list[Any]  # of whatever class stands for Value
Matrix = list[Vector]


def linear(x: Sequence[Any], w: Matrix) -> Vector:
    """Rows of `w` times `x`."""
    return [_sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(logits: Sequence[Any]) -> Vector:
    """Probabilities from logits."""
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    exp_sum = _sum(exps)
    return [e / exp_sum for e in exps]


def rmsnorm(x: Sequence[Any]) -> Vector:
    """Scale to a mean square of 1."""
    scale = (_sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def _sum(terms: Any) -> Any:
    """The sum as a chain of ``+``; it does not begin with 0, so ``0 + value`` is not asked for."""
    terms = iter(terms)
    result = next(terms)
    for term in terms:
        result = result + term
    return result


@dataclass(frozen=True)
class Parts:
    """What the machine is put together from; every part that is not given is the course's own.

    Attributes
    ----------
    value : type
        A class like `microgpt.Value`.
    linear, softmax, rmsnorm : callable
        As in `microgpt`.
    cross_entropy : callable, optional
        As in `microgpt`; by default ``-softmax(logits)[target_id].log()`` with the softmax above.
    attention_head, mlp : callable, optional
        As in `microgpt`; by default made of the parts above.
    gpt : callable, optional
        As in `microgpt`; by default made of all the parts above.
    adam, linear_decay : callable
        As in `microgpt`.
    """

    value: Callable[[float], Any] = Value
    linear: Callable[..., Vector] = linear
    softmax: Callable[..., Vector] = softmax
    rmsnorm: Callable[..., Vector] = rmsnorm
    cross_entropy: Callable[..., Any] | None = None
    attention_head: Callable[..., Any] | None = None
    mlp: Callable[..., Vector] | None = None
    gpt: Callable[..., Vector] | None = None
    adam: Callable[..., Any] = Adam
    linear_decay: Callable[[float, int, int], float] = linear_decay
    given: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, parts: dict[str, Any]) -> Parts:
        """The machine with these parts of the reader's."""
        return replace(cls(), **parts, given=tuple(parts))

    def document_loss(
        self, ids: Sequence[int], state_dict: dict[str, Matrix], config: Config
    ) -> Any:
        """Mean loss of a document, as `microgpt.document_loss`."""
        keys: list = [[] for _ in range(config.n_layer)]
        values: list = [[] for _ in range(config.n_layer)]
        losses = []
        for pos_id, (token_id, target_id) in enumerate(zip(ids[: config.block_size], ids[1:])):
            gpt = self.gpt or self._gpt
            logits = gpt(token_id, pos_id, keys, values, state_dict, config)
            losses.append((self.cross_entropy or self._cross_entropy)(logits, target_id))
        return _sum(losses) * (1 / len(losses))

    def _cross_entropy(self, logits: Vector, target_id: int) -> Any:
        return self.softmax(logits)[target_id].log() * -1

    def _attention_head(self, q: Vector, keys: Matrix, values: Matrix) -> tuple[Vector, Vector]:
        logits = [_sum(qj * kj for qj, kj in zip(q, k)) / len(q) ** 0.5 for k in keys]
        weights = self.softmax(logits)
        out = [_sum(w * vj for w, vj in zip(weights, column)) for column in zip(*values)]
        return out, weights

    def _attention(
        self, x: Vector, keys: Matrix, values: Matrix, w: list[Matrix], n_head: int
    ) -> Vector:
        q = self.linear(x, w[0])
        keys.append(self.linear(x, w[1]))
        values.append(self.linear(x, w[2]))
        head, size = self.attention_head or self._attention_head, len(q) // n_head
        out: Vector = []
        for start in range(0, len(q), size):
            part = slice(start, start + size)
            out += head(q[part], [k[part] for k in keys], [v[part] for v in values])[0]
        return self.linear(out, w[3])

    def _mlp(self, x: Vector, fc1: Matrix, fc2: Matrix) -> Vector:
        return self.linear([h.relu() for h in self.linear(x, fc1)], fc2)

    def _gpt(
        self, token_id: int, pos_id: int, keys: Any, values: Any, state_dict: Any, config: Config
    ) -> Vector:
        x = [t + p for t, p in zip(state_dict["wte"][token_id], state_dict["wpe"][pos_id])]
        x = self.rmsnorm(x)
        for layer in range(config.n_layer):
            names = ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")
            *w, fc1, fc2 = (state_dict[f"layer{layer}.{name}"] for name in names)
            heard = self._attention(self.rmsnorm(x), keys[layer], values[layer], w, config.n_head)
            x = [a + b for a, b in zip(heard, x)]
            thought = (self.mlp or self._mlp)(self.rmsnorm(x), fc1, fc2)
            x = [a + b for a, b in zip(thought, x)]
        return self.linear(x, state_dict["lm_head"])
