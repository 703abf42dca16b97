"""The model as plain loops over arrays, compiled to machine code by numba. Chapter 11.

This is what the scalar engine does, number by number, with nothing left of Python: no objects, no
graph, no interpreter. Compiling takes some seconds, once for each machine; the result is kept in
`__pycache__`.

Fast-math is allowed in one way only: sums may be added up in another order (`reassoc`), and a
multiplication and an addition may be one instruction (`contract`). Without that a processor could
not work on four numbers at a time. Infinities and NaN keep their meaning.

Shapes in the comments: n positions, E = n_embd, H = n_head, D = E // H, V = vocab_size.
"""

# numba's functions are typed when they are compiled, not here
# mypy: allow-untyped-defs, allow-untyped-decorators

import math

import numpy as np
from numba import njit

compiled = njit(cache=True, fastmath={"reassoc", "contract"}, error_model="numpy")


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
