"""The model on arrays: all positions at once, the slopes derived by hand. Chapter 11.

The scalar engine feeds a document to the model token by token. Nothing forces it to: while
training, all the tokens are known beforehand. Here every linear layer is one matrix product over
all positions, and a mask keeps each position from seeing the later ones. There is no graph: the
chain rule has been worked out once, on paper, and stands in the `..._backward` functions.

In the comments: B documents (`numpy` takes one, `numpy_batched` more), n positions, R = B * n rows,
E = n_embd, H = n_head, D = head_dim, V = vocab_size.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..model import Config, StateDict, flatten
from ..training import Batch, Learner, Settings

Array = Any  # numpy.ndarray; numpy is optional here, so its own types are not asked for


class ArrayGPT:
    """The model on arrays: the loss of some documents, and the slope of every parameter.

    `flat` and `flat_grad`, shape (num_params,), are all parameters and their slopes, in the order
    of ``config.shapes()``; `weight` and `grad` are views into them, by name.
    """

    def __init__(self, config: Config, weights: Sequence[float], dtype: Any = np.float64) -> None:
        self.config = config
        self.flat = np.array(weights, dtype)
        self.flat_grad = np.zeros_like(self.flat)
        self.weight = named_views(self.flat, config)
        self.grad = named_views(self.flat_grad, config)
        size = config.block_size
        self.mask = np.triu(np.full((size, size), -np.inf, dtype), 1)  # -inf where t > own position
        self.one_hot = np.eye(config.vocab_size, dtype=dtype)  # (V, V)
        self.mean = np.full((config.n_embd, 1), 1 / config.n_embd, dtype)  # x @ mean: mean by row

    def loss_and_grads(self, inputs: Array, targets: Array, share: Array) -> float:
        """Fill `grad` with the slopes of the loss, and return the loss.

        `inputs` and `targets`, int arrays of shape (B, n), are tokens and those that follow them;
        `share`, shape (R, 1), is what each position counts for: 0 for padding, and 1 in all.
        """
        with np.errstate(all="ignore"):  # the caller looks at the loss
            x, saved = self.forward(inputs)  # (R, E)
            probs = softmax(x @ self.weight["lm_head"].T)  # (R, V)
            rows, targets = np.arange(len(probs)), targets.reshape(-1)
            loss = -float(np.log(probs[rows, targets]) @ share[:, 0])
            probs[rows, targets] -= 1  # the slope of surprise by logit: probability minus 1 or 0
            probs *= share
            np.dot(probs.T, x, out=self.grad["lm_head"])
            self.backward(inputs, probs @ self.weight["lm_head"], saved)
        return loss

    def forward(self, inputs: Array) -> tuple[Array, list[Any]]:
        """From tokens, shape (B, n), to the vectors before `lm_head`, shape (R, E)."""
        n = inputs.shape[1]
        x = self.weight["wte"][inputs] + self.weight["wpe"][:n]  # (B, n, E)
        x, scale = self.norm(x.reshape(-1, self.config.n_embd))  # (R, E), (R, 1)
        saved: list[Any] = [(x, scale)]
        for layer in range(self.config.n_layer):
            listened, kept_attention = self.attention(x, n, f"layer{layer}.attn_")
            x = x + listened
            thought, kept_mlp = self.mlp(x, f"layer{layer}.mlp_")
            x = x + thought
            saved += [kept_attention, kept_mlp]
        return x, saved

    def backward(self, inputs: Array, dx: Array, saved: list[Any]) -> None:
        """From the slopes of `forward`'s result, shape (R, E), to those of the parameters."""
        for layer in reversed(range(self.config.n_layer)):
            dx = dx + self.mlp_backward(dx, saved.pop(), f"layer{layer}.mlp_")
            dx = dx + self.attention_backward(dx, saved.pop(), f"layer{layer}.attn_")
        dx = self.norm_backward(dx, *saved.pop())
        # a token's row gets the slopes of all the positions where the token stands
        np.dot(self.one_hot[inputs.reshape(-1)].T, dx, out=self.grad["wte"])
        n = inputs.shape[1]
        np.add.reduce(dx.reshape(-1, n, self.config.n_embd), axis=0, out=self.grad["wpe"][:n])
        self.grad["wpe"][n:] = 0

    def norm(self, x: Array) -> tuple[Array, Array]:
        """RMSNorm of every row, and the factor it came from."""
        scale = ((x * x) @ self.mean + 1e-5) ** -0.5  # (R, 1)
        return x * scale, scale

    def norm_backward(self, dy: Array, y: Array, scale: Array) -> Array:
        """Slope through RMSNorm: what would change a row's length is taken out."""
        return (dy - y * ((dy * y) @ self.mean)) * scale  # (R, E)

    def attention(self, x: Array, n: int, name: str) -> tuple[Array, Any]:
        """All heads of all positions; the mask hides the later ones."""
        E, H, D = self.config.n_embd, self.config.n_head, self.config.head_dim
        normed, scale = self.norm(x)
        qkv = normed @ self.weight[name + "wqkv"].T  # (R, 3E): three layers in one product
        q, k, v = qkv.reshape(-1, n, 3, H, D).transpose(2, 0, 3, 1, 4)  # (B, H, n, D) each
        scores = q @ k.swapaxes(-1, -2)  # (B, H, n, n)
        scores *= D**-0.5
        scores += self.mask[:n, :n]
        weights = softmax(scores)
        heads = np.empty((len(x) // n, n, H, D), x.dtype)
        np.matmul(weights, v, out=heads.swapaxes(1, 2))
        heads = heads.reshape(-1, E)  # (R, E)
        return heads @ self.weight[name + "wo"].T, (normed, scale, q, k, v, weights, heads)

    def attention_backward(self, dy: Array, kept: Any, name: str) -> Array:
        """Slopes of `attention`'s parameters into `grad`; its input's are returned."""
        E, H, D = self.config.n_embd, self.config.n_head, self.config.head_dim
        normed, scale, q, k, v, weights, heads = kept
        n = q.shape[2]
        np.dot(dy.T, heads, out=self.grad[name + "wo"])
        dheads = (dy @ self.weight[name + "wo"]).reshape(-1, n, H, D).swapaxes(1, 2)
        dqkv = np.empty((len(dy), 3 * E), dy.dtype)
        dq, dk, dv = dqkv.reshape(-1, n, 3, H, D).transpose(2, 0, 3, 1, 4)  # views into dqkv
        np.matmul(weights.swapaxes(-1, -2), dheads, out=dv)
        dscores = dheads @ v.swapaxes(-1, -2)  # (B, H, n, n)
        dscores -= (dscores * weights).sum(-1, keepdims=True)
        dscores *= weights
        dscores *= D**-0.5
        np.matmul(dscores, k, out=dq)
        np.matmul(dscores.swapaxes(-1, -2), q, out=dk)
        np.dot(dqkv.T, normed, out=self.grad[name + "wqkv"])
        return self.norm_backward(dqkv @ self.weight[name + "wqkv"], normed, scale)

    def mlp(self, x: Array, name: str) -> tuple[Array, Any]:
        """Two linear layers with a ReLU between them."""
        normed, scale = self.norm(x)
        hidden = np.maximum(normed @ self.weight[name + "fc1"].T, 0)  # (R, 4E)
        return hidden @ self.weight[name + "fc2"].T, (normed, scale, hidden)

    def mlp_backward(self, dy: Array, kept: Any, name: str) -> Array:
        """Slopes of `mlp`'s parameters into `grad`; its input's are returned."""
        normed, scale, hidden = kept
        np.dot(dy.T, hidden, out=self.grad[name + "fc2"])
        dhidden = dy @ self.weight[name + "fc2"]  # (R, 4E)
        dhidden *= hidden > 0
        np.dot(dhidden.T, normed, out=self.grad[name + "fc1"])
        return self.norm_backward(dhidden @ self.weight[name + "fc1"], normed, scale)


def softmax(logits: Array) -> Array:
    """Softmax over the last axis, in place."""
    logits -= logits.max(-1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(-1, keepdims=True)
    return logits


def named_views(flat: Array, config: Config) -> dict[str, Array]:
    """Each matrix as a window on its part of `flat`; `wqkv` covers `wq`, `wk` and `wv`."""
    views, start = {}, 0
    for name, (rows, columns) in config.shapes().items():
        size = rows * columns
        views[name] = flat[start : start + size].reshape(rows, columns)
        if name.endswith("wq"):  # wk and wv come right behind it
            views[name + "kv"] = flat[start : start + 3 * size].reshape(3 * rows, columns)
        start += size
    return views


class ArrayAdam:
    """Adam on all parameters at once; the same algorithm as `microgpt.Adam`."""

    def __init__(self, flat: Array, beta1: float, beta2: float, eps: float) -> None:
        self.flat, self.before = flat, flat.copy()
        self.m, self.v = np.zeros_like(flat), np.zeros_like(flat)
        self.spare = np.empty_like(flat)  # room to calculate in, so that no step asks for memory
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.num_steps = 0

    def step(self, grad: Array, learning_rate: float) -> None:
        """Move every parameter against its slope; `before` keeps the numbers from before."""
        self.before[:] = self.flat
        self.num_steps += 1
        m, v, spare = self.m, self.v, self.spare
        m *= self.beta1
        m += np.multiply(grad, 1 - self.beta1, out=spare)
        v *= self.beta2
        v += np.multiply(np.multiply(grad, grad, out=spare), 1 - self.beta2, out=spare)
        np.sqrt(np.divide(v, 1 - self.beta2**self.num_steps, out=spare), out=spare)
        spare += self.eps
        np.divide(m, spare, out=spare)
        spare *= learning_rate / (1 - self.beta1**self.num_steps)
        self.flat -= spare


class ArrayLearner(Learner):
    """A model on arrays and its Adam.

    `kind` is another model, `optimizer` makes what moves an array of parameters, not `ArrayAdam`.
    """

    dtype: Any = np.float64

    def __init__(
        self, state_dict: StateDict, config: Config, settings: Settings,
        kind: type[ArrayGPT] = ArrayGPT, optimizer: Callable[[Array], Any] | None = None,
    ) -> None:  # fmt: skip
        self.model = kind(config, [param.data for param in flatten(state_dict)], self.dtype)
        flat, betas = self.model.flat, (settings.beta1, settings.beta2, settings.eps)
        self.adam = optimizer(flat) if optimizer else ArrayAdam(flat, *betas)

    def step(self, batch: Batch, learning_rate: float) -> float:
        """Find the loss; make one step of Adam unless it is not a number any more."""
        loss = self.model.loss_and_grads(*padded(batch))
        if math.isfinite(loss):
            with np.errstate(all="ignore"):  # the loop looks at the numbers
                self.adam.step(self.model.flat_grad, learning_rate)
        return loss

    def undo(self) -> None:
        """Take the last update back."""
        self.model.flat[:] = self.adam.before

    def weights(self) -> list[float]:
        """All weights in one list."""
        return self.model.flat.tolist()


def padded(documents: Batch) -> tuple[Array, Array, Array]:
    """Some documents as arrays, and what each position counts for: the masked mean.

    Document b has n_b + 1 tokens, so n_b positions. `inputs` and `targets`, shape (B, n), are
    filled up with token 0 to the largest n_b. `share`, (B * n, 1), is 1 / (B * n_b) on positions
    of document b, 0 on its filling: the loss of a batch is the mean of its documents' losses.
    """
    tokens = np.zeros((len(documents), max(map(len, documents))), dtype=np.int64)
    share = np.zeros((len(documents), tokens.shape[1] - 1))
    for b, document in enumerate(documents):
        n_b = len(document) - 1
        tokens[b, : n_b + 1] = document
        share[b, :n_b] = 1 / (len(documents) * n_b)
    return tokens[:, :-1], tokens[:, 1:], share.reshape(-1, 1)
