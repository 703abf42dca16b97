"""What a step, a scale and a falling rate can become by one slip: for chapter 07."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

STEPS: list[tuple[Callable[..., Any], str]] = [
    (lambda w, s, lr: w + lr * s, "you go up: the slope points where the loss grows, subtract it."),
    (lambda w, s, lr: w - s, "the learning rate is not used: multiply each slope by it."),
    (lambda w, s, lr: lr * s, "that is how far to go; the answer is where the weight is then."),
    (lambda w, s, lr: -lr * s, "that is the way to go; the answer is where the weight is then."),
    (lambda w, s, lr: w - lr * abs(s), "`abs` takes the sign off: a negative slope means up."),
    (lambda w, s, lr: w - lr * ((s > 0) - (s < 0)), "only the sign of the slope is used, not its "
     "size."),
    (lambda w, s, lr: w - lr * (1 if s > 0 else -1), "only the sign of the slope is used, not its "
     "size."),
    (lambda w, s, lr: w - s / lr, "the slope is divided by the learning rate; multiply them."),
    (lambda w, s, lr: w - lr / s, "the learning rate is divided by the slope; multiply them."),
    (lambda w, s, lr: s - lr * w, "weight and slope have changed places."),
    (lambda w, s, lr: (w - lr) * s, "the parentheses: first learning rate times slope, then off "
     "the weight."),
    (lambda w, s, lr: w - lr, "the slope is not used."),
    (lambda w, s, lr: w * (1 - lr * s), "the step is taken off the weight; yours is multiplied "
     "with it."),
    (lambda w, s, lr: w - lr * w, "the slope is not used: yours is the weight's own share."),
    (lambda w, s, lr: w - lr * s * s, "the slope is squared; use it as it is."),
    (lambda w, s, lr: int(w - lr * s), "`int` cuts off what is behind the point."),
    (lambda w, s, lr: round(w - lr * s), "the new weights are rounded to whole numbers."),
    (lambda w, s, lr: round(w - lr * s, 2), "the new weights are rounded: leave every digit."),
]  # fmt: skip
"""What can become of one weight, and the sentence that says so."""

SCALES: list[tuple[Callable[[float, float], Any], str]] = [
    (lambda s, e: s / ((s**2) ** 0.5 + 1e-8), "eps is fixed at 1e-8: use the argument."),
    (lambda s, e: s / (s**2 + 1e-8) ** 0.5, "eps stands inside the root, where it counts as its "
     "square root, 0.0001: small slopes drown in it."),
    (lambda s, e: s / (s**2 + 1e-8), "the root is gone: the scale is the root of the mean square."),
    (lambda s, e: s / (s**2 + e) ** 0.5, "eps stands inside the root, where it counts as its "
     "square root, 0.0001: small slopes drown in it."),
    (lambda s, e: (s > 0) - (s < 0), "eps has no effect: add it to the root, both in one pair "
     "of parentheses."),
    (lambda s, e: s / (s**2 + e), "the root is gone: the scale is the root of the mean "
     "square."),
    (lambda s, e: abs(s) / (abs(s) + e), "the sign of the slope is lost."),
    (lambda s, e: s / (s + e), "the scale must not be negative: square first, then the root."),
    (lambda s, e: s / (abs(s) + e**0.5), "the root is taken of eps as well."),
    (lambda s, e: s / (s**2 + e**2) ** 0.5, "eps is squared and inside the root; it is added "
     "behind it."),
    (lambda s, e: s / max(abs(s), e), "the larger of the two is taken; eps is added."),
    (lambda s, e: s / (abs(s) - e), "eps is subtracted; add it."),
    (lambda s, e: s / abs(s) + e if s else e, "eps is added to the step; it belongs to the "
     "divisor, in parentheses."),
    (lambda s, e: s / (abs(s) + e) * 0.01, "in units of the learning rate: leave the rate "
     "out."),
    (lambda s, e: -s / (abs(s) + e), "the sign is turned round; the step is asked for in the "
     "slope's own direction."),
    (lambda s, e: s / (s**2 + 1e-16) ** 0.5, "a smaller eps inside the root is no way out: "
     "add `eps` behind it."),
    (lambda s, e: round(s / (abs(s) + e), 3), "the steps are rounded: leave every digit."),
]  # fmt: skip
"""What can become of one slope and eps in exercise 7.4."""

DECAYS: list[tuple[Callable[..., float], str]] = [
        (
            lambda lr, step, n: lr * step / n,
            "yours grows from 0; it must start at the full rate and fall.",
        ),
        (
            lambda lr, step, n: lr * (1 - (step + 1) / n),
            "step is counted from 0 already: at step 0 the rate is the full one.",
        ),
        (
            lambda lr, step, n: lr * (1 - step / (n - 1)),
            "yours is 0 at the last step, which would then learn nothing: divide by num_steps.",
        ),
        (lambda lr, step, n: lr * (1 - step // n), "`//` rounds down to 0: use `/`."),
        (lambda lr, step, n: 1 - step / n, "the learning rate itself is missing."),
        (
            lambda lr, step, n: lr - step / n,
            "the share goes off the rate; take it off 1, in parentheses, and multiply the rate.",
        ),
        (lambda lr, step, n: lr * (n - step), "you count the steps ahead; divide by num_steps."),
        (lambda lr, step, n: lr, "the rate stays the same: take the share `step / num_steps` off."),
        (lambda lr, step, n: lr / (1 + step), "that falls as 1/2, 1/3, ...; a straight line is "
         "asked for."),
        (lambda lr, step, n: lr / 2**step, "that halves the rate in each step; a straight line is "
         "asked for."),
        (lambda lr, step, n: lr * (1 + math.cos(math.pi * step / n)) / 2, "that falls along a "
         "cosine; a straight line is asked for."),
        (lambda lr, step, n: lr * (1 - step / n) ** 2, "that falls along a parabola; a straight "
         "line is asked for."),
        (lambda lr, step, n: lr * ((n - step) // n), "`//` rounds down to 0: use `/`."),
        (lambda lr, step, n: lr * (1 - step / (n + 1)), "the line reaches 0 at num_steps, not "
         "one later."),
        (lambda lr, step, n: lr * (1 - 0.9 * step / n), "the line goes down to 0, not to a tenth."),
        (lambda lr, step, n: lr * (1 - n / step) if step else lr, "the share is upside down: "
         "`step / num_steps`."),
        (lambda lr, step, n: lr * step, "the rate grows with the steps; it must fall."),
            (lambda lr, step, n: lr * (1 - step) / n, "parentheses: divide `step` alone by "
         "`num_steps`."),
        (lambda lr, step, n: max(lr - step / n, 0), "the share goes off the rate; take it off 1, "
         "in parentheses, and multiply the rate."),
        (lambda lr, step, n: lr * (step / n - 1), "the sign is turned round: 1 less the share."),
        *(
            (lambda lr, step, n, k=k: round(lr * (1 - step / n), k),
             "the rate is rounded: leave every digit.") for k in (2, 3, 4, 5)
        ),
    ]  # fmt: skip
"""What can become of the rate in exercise 7.6."""
