"""The model as loops over arrays, compiled to machine code by numba. Chapter 11.

This is what the scalar engine does, number by number, with nothing left of Python: no objects, no
graph, no interpreter. Compiling takes some seconds, once for each machine where the result can be
kept. Sums may be added up in another order (`reassoc`), and a multiplication and an addition may be
one instruction (`contract`): else a processor could not work on four numbers at a time.

Shapes in the comments: n positions, E = n_embd, H = n_head, D = E // H, V = vocab_size.
"""

# numba's functions are typed when they are compiled, not here
# mypy: allow-untyped-defs, allow-untyped-decorators
import math
from dataclasses import astuple
from functools import partial

import numpy as np
from numba import njit

from ..model import Config, StateDict
from ..training import Batch, Settings
from .arrays import ArrayLearner


def compiled(function):
    """Compile a function when it is first called; keep the result where there is a place to."""
    make = partial(njit, fastmath={"reassoc", "contract"}, error_model="numpy")
    try:
        return make(cache=True)(function)
    except RuntimeError:  # neither the course's folder nor the user's own may be written
        return make()(function)


@compiled
def linear(x, w, y):
    """Set y = x w^T, for x (n, n_in), w (n_out, n_in), y (n, n_out)."""
    for t in range(x.shape[0]):
        for o in range(w.shape[0]):
            total = 0.0
            for i in range(w.shape[1]):
                total += x[t, i] * w[o, i]
            y[t, o] = total


@compiled
def linear_backward(dy, x, w, dx, dw):
    """Set dx, add to dw: the slopes of `linear`'s input and weights."""
    dx[:] = 0.0
    for o in range(w.shape[0]):
        for t in range(x.shape[0]):
            slope = dy[t, o]
            if slope != 0.0:  # behind a ReLU that is off
                for i in range(w.shape[1]):
                    dx[t, i] += slope * w[o, i]
                    dw[o, i] += slope * x[t, i]


@compiled
def rmsnorm(x, y, scale):
    """Set y = x / rms(x), row by row; keep the factors in scale (n,)."""
    E = x.shape[1]
    for t in range(x.shape[0]):
        total = 0.0
        for i in range(E):
            total += x[t, i] * x[t, i]
        scale[t] = 1 / math.sqrt(total / E + 1e-5)
        for i in range(E):
            y[t, i] = x[t, i] * scale[t]


@compiled
def rmsnorm_backward(dy, y, scale, dx):
    """Add to dx the slopes of `rmsnorm`'s input."""
    E = y.shape[1]
    for t in range(y.shape[0]):
        along = 0.0
        for i in range(E):
            along += dy[t, i] * y[t, i]
        along /= E
        for i in range(E):
            dx[t, i] += (dy[t, i] - y[t, i] * along) * scale[t]


@compiled
def softmax(logits, n):
    """Softmax of the first n numbers, in place."""
    largest = logits[0]
    for s in range(1, n):
        largest = max(largest, logits[s])
    total = 0.0
    for s in range(n):
        logits[s] = math.exp(logits[s] - largest)
        total += logits[s]
    for s in range(n):
        logits[s] /= total


@compiled
def attention(qkv, weights, out):
    """All heads of all positions; qkv (n, 3E), weights (H, n, n), out (n, E)."""
    H, n = weights.shape[:2]
    E = out.shape[1]
    D = E // H
    scale = 1 / math.sqrt(D)
    out[:] = 0.0
    for h in range(H):
        for t in range(n):
            row = weights[h, t]
            for s in range(t + 1):  # the past and the present: a loop needs no mask
                score = 0.0
                for j in range(h * D, h * D + D):
                    score += qkv[t, j] * qkv[s, E + j]
                row[s] = score * scale
            softmax(row, t + 1)
            for s in range(t + 1):
                for j in range(h * D, h * D + D):
                    out[t, j] += row[s] * qkv[s, 2 * E + j]


@compiled
def attention_backward(dout, qkv, weights, dqkv):
    """Set dqkv (n, 3E) from dout (n, E)."""
    H, n = weights.shape[:2]
    E = dout.shape[1]
    D = E // H
    scale = 1 / math.sqrt(D)
    pull = np.empty(n)
    dqkv[:] = 0.0
    for h in range(H):
        for t in range(n):
            row = weights[h, t]
            mean = 0.0
            for s in range(t + 1):
                pull[s] = 0.0  # the slope by this attention weight
                for j in range(h * D, h * D + D):
                    pull[s] += dout[t, j] * qkv[s, 2 * E + j]
                    dqkv[s, 2 * E + j] += row[s] * dout[t, j]
                mean += pull[s] * row[s]
            for s in range(t + 1):
                slope = row[s] * (pull[s] - mean) * scale
                for j in range(h * D, h * D + D):
                    dqkv[t, j] += slope * qkv[s, E + j]
                    dqkv[s, E + j] += slope * qkv[t, j]


@compiled
def adam(params, grads, m, v, rate, beta1, beta2, root, eps):
    """One step; `rate` and `root` hold the corrections for young moments."""
    for i in range(params.size):
        m[i] = beta1 * m[i] + (1 - beta1) * grads[i]
        v[i] = beta2 * v[i] + (1 - beta2) * grads[i] * grads[i]
        params[i] -= rate * m[i] / (math.sqrt(v[i]) * root + eps)


@compiled
def cut(flat, start, rows, columns):
    """A matrix as a window on a part of the flat list of parameters."""
    return flat[start : start + rows * columns].reshape(rows, columns)


@compiled
def block_forward(x, w, qkv, heads, weights, norms, scales, hidden):
    """One block of attention and MLP: adds to x (n, E); w is the block's part of the weights."""
    n, E = x.shape
    out = np.empty((n, E))
    rmsnorm(x, norms[0], scales[0])
    linear(norms[0], cut(w, 0, 3 * E, E), qkv)  # wq, wk and wv stand one behind the other
    attention(qkv, weights, heads)
    linear(heads, cut(w, 3 * E * E, E, E), out)
    x += out
    rmsnorm(x, norms[1], scales[1])
    linear(norms[1], cut(w, 4 * E * E, 4 * E, E), hidden)
    np.maximum(hidden, 0.0, hidden)
    linear(hidden, cut(w, 8 * E * E, E, 4 * E), out)
    x += out


@compiled
def block_backward(dx, w, dw, qkv, heads, weights, norms, scales, hidden):
    """Back through one block: from dx behind it to dx before it, in place; adds to dw."""
    n, E = dx.shape
    dhidden, dnorm = np.empty((n, 4 * E)), np.empty((n, E))
    dheads, dqkv = np.empty((n, E)), np.empty((n, 3 * E))
    fc1, fc2, wo = 4 * E * E, 8 * E * E, 3 * E * E  # where each matrix begins
    linear_backward(dx, hidden, cut(w, fc2, E, 4 * E), dhidden, cut(dw, fc2, E, 4 * E))
    for t in range(n):
        for i in range(4 * E):
            if hidden[t, i] <= 0:
                dhidden[t, i] = 0.0
    linear_backward(dhidden, norms[1], cut(w, fc1, 4 * E, E), dnorm, cut(dw, fc1, 4 * E, E))
    rmsnorm_backward(dnorm, norms[1], scales[1], dx)
    linear_backward(dx, heads, cut(w, wo, E, E), dheads, cut(dw, wo, E, E))
    attention_backward(dheads, qkv, weights, dqkv)
    linear_backward(dqkv, norms[0], cut(w, 0, 3 * E, E), dnorm, cut(dw, 0, 3 * E, E))
    rmsnorm_backward(dnorm, norms[0], scales[0], dx)


@compiled
def loss_and_slopes(logits, tokens):
    """Mean surprise; turns logits (n, V) into the slopes of the loss by them."""
    n, V = logits.shape
    loss = 0.0
    for t in range(n):
        softmax(logits[t], V)
        loss -= math.log(logits[t, tokens[t + 1]]) / n
        logits[t, tokens[t + 1]] -= 1
    logits /= n
    return loss


@compiled
def loss_and_grads(params, grads, tokens, V, E, H, L, block_size):
    """The loss of one document, n + 1 tokens; its slopes go into grads. L layers."""
    n = tokens.size - 1
    lm_head, blocks = (V + block_size) * E, (2 * V + block_size) * E
    qkv, heads, weights = np.empty((L, n, 3 * E)), np.empty((L, n, E)), np.empty((L, H, n, n))
    hidden, norms, scales = np.empty((L, n, 4 * E)), np.empty((L, 2, n, E)), np.empty((L, 2, n))
    x0, scale0, logits = np.empty((n, E)), np.empty(n), np.empty((n, V))
    x = cut(params, 0, V, E)[tokens[:-1]] + cut(params, V * E, n, E)  # token plus position
    rmsnorm(x, x0, scale0)
    x[:] = x0
    w, dw = params[blocks:].reshape(L, -1), grads[blocks:].reshape(L, -1)
    for i in range(L):
        block_forward(x, w[i], qkv[i], heads[i], weights[i], norms[i], scales[i], hidden[i])
    linear(x, cut(params, lm_head, V, E), logits)
    loss = loss_and_slopes(logits, tokens)
    grads[:] = 0.0
    dx, dx0 = np.empty((n, E)), np.zeros((n, E))
    linear_backward(logits, x, cut(params, lm_head, V, E), dx, cut(grads, lm_head, V, E))
    for i in range(L - 1, -1, -1):
        kept = (qkv[i], heads[i], weights[i], norms[i], scales[i], hidden[i])
        block_backward(dx, w[i], dw[i], *kept)
    rmsnorm_backward(dx, x0, scale0, dx0)
    cut(grads, V * E, n, E)[:] = dx0
    for t in range(n):
        grads[tokens[t] * E : (tokens[t] + 1) * E] += dx0[t]
    return loss


class CompiledLearner(ArrayLearner):
    """All parameters in one array; each step is two calls of machine code."""

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        super().__init__(state_dict, config, settings)
        self.params, self.grads = self.model.flat, self.model.flat_grad
        self.sizes = astuple(config)

    def step(self, batch: Batch, learning_rate: float) -> float:
        """One document: loss, slopes, update."""
        try:
            return self.update(batch, learning_rate)
        except Exception as error:  # while compiling: what was kept is damaged, or the disk is full
            problem = f"numba could not compile this engine ({error!r:.99})"
            raise OSError(f"{problem}: let NUMBA_CACHE_DIR name an empty folder") from error

    def update(self, batch: Batch, learning_rate: float) -> float:
        """The step itself."""
        (ids,) = batch
        loss: float = loss_and_grads(self.params, self.grads, np.array(ids), *self.sizes)
        if math.isfinite(loss):
            state = self.adam
            state.before[:] = self.params
            state.num_steps += 1
            rate = learning_rate / (1 - state.beta1**state.num_steps)
            root = 1 / math.sqrt(1 - state.beta2**state.num_steps)
            arrays = (self.params, self.grads, state.m, state.v)
            adam(*arrays, rate, state.beta1, state.beta2, root, state.eps)
        return loss
