"""An Adam with one thing wrong, the sentence that says what, and three steps to tell it by."""

from __future__ import annotations

from typing import Any

from classroom.exercises.assembly.faults import Fault
from classroom.exercises.kit.errors import error_line, error_name
from microgpt.autograd import Value
from microgpt.optim import Adam

GRADIENTS = (
    (2.0, -1.0, 3e-9, 0.0),
    (0.5, 3.0, -2e-9, 0.0),
    (-1.0, 0.0, 4e-9, 0.0),
    (0.25, -0.0004, 1e-9, 0.0),
)
RATES = (0.01, 0.02, 0.005, 0.01)
SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "no correction": (
        {"correct_m": False, "correct_v": False},
        "the bias correction is missing; divide the moments by 1 - beta ** t, with t counted "
        "from 1.",
    ),
    "no correction of m": (
        {"correct_m": False},
        "the first moment is not corrected: divide `m` by 1 - beta1 ** t.",
    ),
    "no correction of v": (
        {"correct_v": False},
        "the second moment is not corrected: divide `v` by 1 - beta2 ** t.",
    ),
    "t stays 1": ({"t_stays": True}, "t stays 1: count the steps, for the bias correction."),
    "t from 2": ({"t_first": 2}, "t is 2 at the first step: it counts from 1."),
    "t by parameter from 2": (
        {"t_each": True, "t_first": 2},
        "t grows with every parameter; it counts steps, so raise it once, before the loop.",
    ),
    "t by step and by parameter": (
        {"t_too": True},
        "t grows with every parameter; it counts steps, so raise it once, before the loop.",
    ),
    "t by parameter": (
        {"t_each": True},
        "t grows with every parameter; it counts steps, so raise it before the loop.",
    ),
    "beta1 of PyTorch": ({"beta1": 0.9}, "beta1 is 0.85 in this course, not 0.9."),
    "beta2 of PyTorch": ({"beta2": 0.999}, "beta2 is 0.99 in this course, not 0.999."),
    "both betas": (
        {"beta1": 0.9, "beta2": 0.999},
        "the betas are 0.85 and 0.99 in this course, not 0.9 and 0.999.",
    ),
    "betas swapped": ({"beta1": 0.99, "beta2": 0.85}, "beta1 and beta2 are swapped."),
    "betas swapped in the correction": (
        {"corrections": (0.99, 0.85)},
        "the betas are swapped in the bias correction: `m` with beta1, `v` with beta2.",
    ),
    "beta2 in both corrections": (
        {"corrections": (0.99, 0.99)},
        "both moments are corrected with beta2; `m` is corrected with beta1.",
    ),
    "beta1 in both corrections": (
        {"corrections": (0.85, 0.85)},
        "both moments are corrected with beta1; `v` is corrected with beta2.",
    ),
    "rate": ({"rate": 0.01}, "the learning rate of the call is not used: it changes each step."),
    "no rate": ({"rate": 1.0}, "the step is not multiplied by the learning rate."),
    "eps inside": (
        {"eps_inside": True},
        "eps is added inside the root; it is added to the root: `v_hat ** 0.5 + eps`.",
    ),
    "eps of 1e-5": ({"eps": 1e-5}, "eps is 1e-8; 1e-5 belongs to rmsnorm."),
    "no eps": ({"eps": 0.0}, "eps is missing: a weight that was never used divides by zero."),
    "no root": ({"power": 1.0}, "the root of the second moment is missing: `v_hat ** 0.5`."),
    "not squared": ({"square": False}, "the second moment takes the gradient *squared*."),
    "adds up": (
        {"share": 1.0},
        "the new gradient comes in whole; its shares are 1 - beta1 and 1 - beta2.",
    ),
    "m adds up": ({"share_m": 1.0}, "the gradient comes into `m` whole; its share is 1 - beta1."),
    "v adds up": ({"share_v": 1.0}, "the square comes into `v` whole; its share is 1 - beta2."),
    "m_hat kept": ({"keep_m": True}, "the corrected `m_hat` is stored as `m`; keep the raw one."),
    "v_hat kept": ({"keep_v": True}, "the corrected `v_hat` is stored as `v`; keep the raw one."),
    "both kept": (
        {"keep_m": True, "keep_v": True},
        "the corrected moments are stored; store the raw ones.",
    ),
    "forgets": (
        {"forget": True},
        "the moments begin at 0 at each step; make them once, in `__init__`.",
    ),
    "shared": (
        {"shared": True},
        "all parameters share one moment; each has its own `m[i]`, `v[i]`.",
    ),
    "uphill": ({"sign": 1.0}, "the weight moved with its gradient, not against it: subtract."),
    "no m": ({"no_m": True}, "the raw gradient is what moves; the first moment should."),
    "gradient descent": ({"plain": True}, "this is plain gradient descent; no moment is used."),
    "momentum": ({"power": 0.0}, "the second moment is not used: divide by its root."),
}


def adam_like(
    beta1: float = 0.85,
    beta2: float = 0.99,
    eps: float = 1e-8,
    correct_m: bool = True,
    correct_v: bool = True,
    t_first: int = 1,
    power: float = 0.5,
    sign: float = -1.0,
    rate: float | None = None,
    **flags: Any,
) -> type:
    """A class like `microgpt.Adam` with one or more things wrong."""

    class Slipped:
        def __init__(self, params: Any) -> None:
            self.params, self.t = params, t_first - 1
            self.m, self.v = [0.0] * len(params), [0.0] * len(params)

        def step(self, learning_rate: float) -> None:
            self.t += not (flags.get("t_each") or (flags.get("t_stays") and self.t))
            for i, param in enumerate(self.params):
                self.t += bool(flags.get("t_each") or flags.get("t_too"))
                move = self.direction(0 if flags.get("shared") else i, param.grad)
                param.data += sign * (learning_rate if rate is None else rate) * move
                param.grad = 0

        def direction(self, i: int, g: float) -> float:
            if flags.get("forget"):
                self.m[i] = self.v[i] = 0.0
            squared = g**2 if flags.get("square", True) else g
            new = flags.get("share", 0.0)
            self.m[i] = m = beta1 * self.m[i] + (new or flags.get("share_m") or 1 - beta1) * g
            share = new or flags.get("share_v") or 1 - beta2
            self.v[i] = v = beta2 * self.v[i] + share * squared
            b1, b2 = flags.get("corrections", (beta1, beta2))
            m_hat = m / (1 - b1**self.t) if correct_m else m
            v_hat = v / (1 - b2**self.t) if correct_v else v
            self.m[i] = m_hat if flags.get("keep_m") else m
            self.v[i] = v_hat if flags.get("keep_v") else v
            if flags.get("plain"):
                return g
            below = (v_hat + eps) ** power if flags.get("eps_inside") else v_hat**power + eps
            return (g if flags.get("no_m") else m_hat) / (below if power else 1.0)

    return Slipped


def path(make: Any) -> list[float] | str:
    """Where four weights are after each of four steps; or what was raised."""
    params = [Value(1.0), Value(-0.5), Value(0.25), Value(0.0)]
    places: list[float] = []
    try:
        adam = make(params)
        for gradients, rate in zip(GRADIENTS, RATES):
            for param, gradient in zip(params, gradients):
                param.grad = gradient
            adam.step(rate)
            places += [param.data for param in params]
            left = [param.grad for param in params]
            for param in params:
                param.grad = 0
    except Exception as error:
        return ", ".join(filter(None, [f"it raised {error_name(error)}", error_line(error)]))
    return [*places, *left]


def adam_fault(make: Any) -> Fault | None:
    """What is wrong with a class like Adam."""
    got, expected = path(make), path(Adam)
    assert isinstance(expected, list)
    if _alike(got, expected):
        return None
    for settings, cause in SLIPS.values():
        if _alike(got, path(adam_like(**settings))):
            return Fault(_in_words(got, expected), cause)
    if isinstance(got, str):
        return Fault(got, _why_raised(got))
    if _alike(got[:-4], expected[:-4]):
        return Fault("after a step the gradients are still there", "set every grad back to 0.")
    return Fault(_in_words(got, expected))


def _alike(got: list[float] | str, other: list[float] | str) -> bool:
    if isinstance(got, str) or isinstance(other, str):
        return (
            isinstance(got, str)
            and isinstance(other, str)
            and got.split(",")[0] == other.split(",")[0]
        )
    return all(abs(a - b) <= 1e-12 * (1 + abs(b)) for a, b in zip(got, other, strict=True))


def _in_words(got: list[float] | str, expected: list[float]) -> str:
    if isinstance(got, str):
        return got
    count = len(GRADIENTS[0])
    for place, (a, b) in enumerate(zip(got[:-count], expected)):
        if not _alike([a], [b]):
            step, which = divmod(place, count)
            seen = ", ".join(f"{row[which]:g}" for row in GRADIENTS[: step + 1])
            rates = ", ".join(f"{rate:g}" for rate in RATES[: step + 1])
            return (
                f"a weight with the gradients {seen} (learning rates {rates}) is {a:.6g} after "
                f"step {step + 1}, expected {b:.6g}"
            )
    return "after a step the gradients are still there"


def _why_raised(text: str) -> str:
    if "no attribute 'step'" in text:
        return "the class needs a method `step(self, learning_rate)`."
    if "__init__() takes" in text or "positional argument" in text:
        return "it is made with `Adam(params)` and called with `step(learning_rate)`."
    if "ZeroDivisionError" in text:
        return "t is 0 at the first step, and 1 - beta ** 0 is 0: count from 1."
    return ""
