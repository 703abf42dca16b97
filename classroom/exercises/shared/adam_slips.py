"""Adam with one thing wrong: for the check of exercise 7.5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microgpt.autograd import Value

SLOPES = ((0.5, -3.0), (0.25, 1.0), (-1.0, 2.0))
"""The slopes of two weights in three steps."""

ADAM_SLIPS = {
    "uncorrected": "the bias correction is missing: divide m by 1 - beta1**t, v by 1 - beta2**t.",
    "m uncorrected": "m is not corrected: divide it by 1 - beta1**t, as v by 1 - beta2**t.",
    "v uncorrected": "v is not corrected: the root is taken of v / (1 - beta2**t).",
    "carried on": "the corrected means are carried on: correct copies, keep m and v as they are.",
    "no root": "the root is missing: divide by the *root* of the corrected v.",
    "not squared": "v is the running mean of the *squared* slopes.",
    "squared m": "m is the running mean of the slopes themselves, not of their squares.",
    "v of m": "v is the mean of the squared slopes, not of m squared.",
    "no momentum": "the step goes along this step's slope alone; Adam goes along m.",
    "no scale": "the division by the root of v is missing: this is momentum.",
    "momentum": "that is momentum alone: `v`, its root and the corrections are missing.",
    "sgd": "that is plain SGD: m and v are missing.",
    "sign": "only the sign of the slope is left; later steps need m and v.",
    "uphill": "the weights go up: the step is subtracted.",
    "no rate": "the learning rate is not used.",
    "rate fixed": "the learning rate is fixed: use the one that `step` is given.",
    "rate by t": "the learning rate is divided by the number of steps; the decay is not Adam's.",
    "shared": "all weights share one m and v: each needs its own, in a list.",
    "counted per weight": "the counter goes up once a step, not once a weight.",
    "counted late": "the counter is one too high: in the first step t is 1.",
    "t stays 1": "the corrections do not change: the counter `t` goes up by one in each step.",
    "beta times t": "the corrections are 1 - beta**t, a power, not 1 - beta*t.",
    "same correction": "v is corrected with beta1; its own is 1 - beta2**t.",
    "corrections swapped": "the corrections are swapped: m has 1 - beta1**t, v has 1 - beta2**t.",
    "multiplied": "the corrections multiply; they divide.",
    "other betas": "beta1 and beta2 are other numbers here: 0.85 and 0.99.",
    "usual betas": "beta1 and beta2 are other numbers here: 0.85 and 0.99.",
    "swapped betas": "beta1 (0.85) belongs to m and beta2 (0.99) to v: yours are swapped.",
    "m turned round": "in m, beta1 and 1 - beta1 are swapped: beta1 is what the old mean keeps.",
    "v turned round": "in v, beta2 and 1 - beta2 are swapped: beta2 is what the old mean keeps.",
    "both turned round": "beta and 1 - beta are swapped: beta is what the old mean keeps.",
    "m whole slope": "the new slope comes into m with the share 1 - beta1; yours comes in whole.",
    "v whole slope": "the new square comes into v with the share 1 - beta2; yours comes in whole.",
    "no memory": "m and v begin at 0 in every step: make them once, in `__init__`.",
    "swapped": "m and v are swapped in the step: m above, the root of v below.",
    "first weight": "only the first weight moves: the loop ends too early.",
    "stands still": "no weight has moved: subtract the step from `p.data` of the nodes themselves.",
}
"""What an Adam can do wrong, and the sentence that says so."""

_BETAS = {
    "other betas": (0.9, 0.999),
    "usual betas": (0.9, 0.99),
    "swapped betas": (0.99, 0.85),
}
_TURNED = {"m turned round": (True, False), "v turned round": (False, True)}
_TURNED["both turned round"] = (True, True)


def adam_path(slip: str = "", rate: float = 0.2) -> list[list[float]]:
    """Two weights after each of three steps, right or with one of `ADAM_SLIPS`."""
    data, path = [1.0, -2.0], []
    moments = [[0.0, 0.0], [0.0, 0.0]]
    for t, slopes in enumerate(SLOPES, 1):
        if slip == "no memory":
            moments = [[0.0, 0.0], [0.0, 0.0]]
        for i, slope in enumerate(slopes):
            step = rate * _direction(slip, t, i, slope, moments)
            step = {
                "no rate": step / rate,
                "rate fixed": step / rate * 0.01,
                "rate by t": step / t,
                "uphill": -step,
                "stands still": 0.0,
                "first weight": step * (i == 0),
            }.get(slip, step)
            data[i] -= step
        path.append(list(data))
    return path


def _direction(slip: str, t: int, i: int, slope: float, moments: list[list[float]]) -> float:
    """The step of a weight in learning rates; its moments are brought up to date."""
    beta1, beta2 = _BETAS.get(slip, (0.85, 0.99))
    at = 0 if slip == "shared" else i
    m, v = _updated(slip, slope, moments[0][at], moments[1][at], (beta1, beta2))
    count = {
        "counted per weight": 2 * t - 1 + i,
        "counted late": t + 1,
        "t stays 1": 1,
    }.get(slip, t)
    share1, share2 = _shares(slip, beta1, beta2, count)
    m_hat, v_hat = m / share1, v / share2
    kept = (m_hat, v_hat) if slip == "carried on" else (m, v)
    moments[0][at], moments[1][at] = kept
    return _step(slip, slope, m_hat, v_hat)


def _updated(
    slip: str, slope: float, m: float, v: float, betas: Sequence[float]
) -> tuple[float, float]:
    """Both running means with the new slope in them."""
    keep1, keep2 = betas
    turned = _TURNED.get(slip, (False, False))
    keep1, keep2 = (1 - keep1 if turned[0] else keep1), (1 - keep2 if turned[1] else keep2)
    m = keep1 * m + (1 - keep1) * (slope**2 if slip == "squared m" else slope)
    square = {"not squared": abs(slope), "v of m": m * m}.get(slip, slope**2)
    v = keep2 * v + (1 - keep2) * square
    m += keep1 * slope if slip == "m whole slope" else 0.0
    v += keep2 * slope**2 if slip == "v whole slope" else 0.0
    return m, v


def _shares(slip: str, beta1: float, beta2: float, t: int) -> tuple[float, float]:
    """What m and v are divided by."""
    share1, share2 = 1 - beta1**t, 1 - beta2**t
    return {
        "uncorrected": (1.0, 1.0),
        "momentum": (1.0, 1.0),
        "m uncorrected": (1.0, share2),
        "v uncorrected": (share1, 1.0),
        "beta times t": (1 - beta1 * t, 1 - beta2 * t),
        "same correction": (share1, share1),
        "corrections swapped": (share2, share1),
        "multiplied": (1 / share1, 1 / share2),
    }.get(slip, (share1, share2))


def _step(slip: str, slope: float, m_hat: float, v_hat: float) -> Any:
    """The step in learning rates, from the corrected means."""
    if slip == "swapped":
        m_hat, v_hat = v_hat, abs(m_hat)
    size = v_hat**0.5 + 1e-8
    return {
        "sgd": slope,
        "sign": (slope > 0) - (slope < 0),
        "momentum": m_hat,
        "no scale": m_hat,
        "no momentum": slope / size,
        "no root": m_hat / (v_hat + 1e-8),
    }.get(slip, m_hat / size)


def drive(optimizer: Any, rate: float = 0.2) -> list[list[float]]:
    """Let an optimiser class make the three steps on two weights; where they are after each."""
    weights = [Value(1.0), Value(-2.0)]
    made = optimizer(list(weights))
    path = []
    for slopes in SLOPES:
        for weight, slope in zip(weights, slopes):
            weight.grad = slope
        made.step(rate)
        path.append([weight.data for weight in weights])
    return path
