"""Parts with one thing wrong, and the sentence that says what: to recognise a reader's slip by.

Each is written on the package's numbers; what it gives on an example is compared with what the
reader's part gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from classroom.exercises.assembly import parts as right
from microgpt.autograd import Value

Slip = tuple[Callable[..., Any], str]
added = right._sum


def _columns(x: Any, w: Any) -> Any:
    return right.linear(x, [list(column) for column in zip(*w)])


LINEAR: tuple[Slip, ...] = (
    (_columns, "you go through the columns of `w`; each *row* times `x` makes one number."),
    (
        lambda x, w: [y + 1 for y in right.linear(x, w)],
        "something is added to each sum: the layer has no bias.",
    ),
    (
        lambda x, w: [[wi * xi for wi, xi in zip(row, x)] for row in w],
        "the products of a row are not added up.",
    ),
    (
        lambda x, w: right.linear(x[:-1], w),
        "the last product of each row is missing.",
    ),
    (lambda x, w: right.linear(x[1:], [r[1:] for r in w]), "the first product is missing."),
    (lambda x, w: right.linear(x, w)[::-1], "the rows come out in the opposite order."),
    (lambda x, w: right.linear(x, w)[:1], "only the first row is used; is `return` in the loop?"),
    (
        lambda x, w: [added(wi + xi for wi, xi in zip(row, x)) for row in w],
        "weights and inputs are added; multiply them, then add up.",
    ),
    (
        lambda x, w: [added(row) * added(x) for row in w],
        "the sums are multiplied; multiply number by number, then add up.",
    ),
    (
        lambda x, w: [y / len(x) for y in right.linear(x, w)],
        "you divide by the number of inputs: the sum is meant, not the mean.",
    ),
    (
        lambda x, w: [y.relu() for y in right.linear(x, w)],
        "`relu` belongs to the MLP, not to every layer.",
    ),
)


def softmax_like(
    shift: Callable[[Sequence[float]], float] = max,
    factor: float = 1.0,
    frozen: bool = False,
    most: float = math.inf,
) -> Callable[..., Any]:
    """A softmax with another shift or temperature, a sum without a memory, or a ceiling."""

    def softmax(logits: Any) -> Any:
        taken = shift([logit.data for logit in logits])
        moved = [(logit - taken) * factor for logit in logits]
        exps = [(m if m.data < most else Value(most)).exp() for m in moved]
        whole = added(exps)
        return [e / (whole.data if frozen else whole) for e in exps]

    return softmax


def _log_softmax(logits: Any) -> Any:
    return [p.log() for p in right.softmax(logits)]


def _unscaled(logits: Any) -> Any:
    return [logit.exp() for logit in logits]


SOFTMAX: tuple[Slip, ...] = (
    (
        softmax_like(lambda data: 0.0),
        "subtract the largest logit first. Training agrees until a logit passes 709.",
    ),
    (
        softmax_like(lambda data: max(0.0, *data)),
        "the search for the largest begins at 0; begin it with the first logit, or use `max`: "
        "all logits may be below 0.",
    ),
    (
        softmax_like(lambda data: max(map(abs, data))),
        "you subtract the largest *size*; the largest logit is meant, without `abs`.",
    ),
    (
        softmax_like(lambda data: data[0]),
        "you subtract the first logit; the largest may stand elsewhere.",
    ),
    (softmax_like(lambda data: data[-1]), "you subtract the last logit, not the largest."),
    (
        softmax_like(min),
        "you subtract the smallest logit; the largest is meant, so that `exp` gets no more than 0.",
    ),
    (
        softmax_like(lambda data: sum(data) / len(data)),
        "you subtract the mean; only the largest keeps `exp` from overflowing.",
    ),
    (
        softmax_like(lambda data: 0.0, most=700.0),
        "logits are cut off at 700, so two large ones count the same; subtract the largest.",
    ),
    (
        softmax_like(frozen=True),
        "the sum below the line is a plain number (`.data`), so no gradient flows through it.",
    ),
    (softmax_like(factor=2.0), "the logits are multiplied by 2, a temperature of 0.5."),
    (softmax_like(factor=0.5), "the logits are halved, a temperature of 2."),
    (softmax_like(factor=-1.0), "the sign: `logit - largest`, not `largest - logit`."),
    (softmax_like(factor=math.log(2)), "`2 ** x` stands where `exp(x)` is needed."),
    (_log_softmax, "these are the logarithms of the probabilities."),
    (_unscaled, "the exponentials are not divided by their sum."),
    (
        lambda logits: [p / added(list(logits)) for p in logits],
        "the logits are divided by their sum; `exp` comes first.",
    ),
)


def rms_like(
    power: float = -0.5,
    eps: float = 1e-5,
    mean: bool = True,
    centred: bool = False,
    outside: bool = False,
) -> Callable[..., Any]:
    """An rmsnorm with another power or epsilon, of the sum, or with the mean taken off."""

    def rmsnorm(x: Any) -> Any:
        x = [xi - added(x) / len(x) for xi in x] if centred else x
        square = added(xi * xi for xi in x)
        square = square / len(x) if mean else square
        scale = (square**0.5 + eps) ** -1 if outside else (square + eps) ** power
        return [xi * scale for xi in x]

    return rmsnorm


RMSNORM: tuple[Slip, ...] = (
    (rms_like(centred=True), "the mean is taken off first: that is LayerNorm, not RMSNorm."),
    (rms_like(power=0.5), "you multiply by the root; divide by it: `** -0.5`."),
    (rms_like(power=-1.0), "the root is missing: `** -0.5`, not `** -1`."),
    (rms_like(power=-2.0), "the power is -2; a root below the line is `** -0.5`."),
    (rms_like(mean=False), "the sum of the squares is not divided by `len(x)`."),
    (rms_like(eps=0.0), "a vector of zeros divides by zero: add 1e-5 to the mean square."),
    (rms_like(outside=True), "the 1e-5 is added to the root; it belongs inside, to the mean."),
    (rms_like(eps=1e-8), "the number added to the mean square is 1e-5 here, not 1e-8."),
    (rms_like(eps=1e-6), "the number added to the mean square is 1e-5 here, not 1e-6."),
    (rms_like(eps=1e-4), "the number added to the mean square is 1e-5 here, not 1e-4."),
    (rms_like(eps=0.5), "half of something is added to the mean square; 1e-5 is meant."),
    (
        lambda x: [xi * (added(x) / len(x) + 1e-5) ** -0.5 for xi in x],
        "the numbers are not squared before the mean.",
    ),
    (lambda x: list(x), "the vector comes out as it went in."),
    (
        lambda x: [xi / added(x) for xi in x],
        "you divide by the sum; the root of the mean square is meant.",
    ),
)


def _all_classes(logits: Any, target_id: int) -> Any:
    return added(p.log() for p in right.softmax(logits)) / len(logits) * -1


CROSS_ENTROPY: tuple[Slip, ...] = (
    (
        lambda logits, t: right.softmax(logits)[t].log(),
        "the minus is missing: a logarithm of a probability is below 0, a loss above.",
    ),
    (lambda logits, t: right.softmax(logits)[t], "this is the probability; its `-log` is meant."),
    (
        lambda logits, t: right.softmax(logits)[t] * -1 + 1,
        "1 minus the probability is no surprise; `-log` of it is.",
    ),
    (
        lambda logits, t: right.softmax(logits)[t].log() * (-1 / math.log(2)),
        "this is in bits; nats are meant, so the natural logarithm.",
    ),
    (_all_classes, "all tokens count in yours; only the one that came does."),
    (
        lambda logits, t: added(p.log() for p in right.softmax(logits)) * -1,
        "only the target counts.",
    ),
    (
        lambda logits, t: right.softmax(logits)[t - 1].log() * -1,
        "the token before the target is looked up: ids are counted from 0.",
    ),
    (
        lambda logits, t: right.softmax(logits)[0].log() * -1,
        "token 0 is looked up, not the target.",
    ),
    (lambda logits, t: logits[t] * -1, "the logit itself is no probability: softmax first."),
    (
        lambda logits, t: softmax_like(frozen=True)(logits)[t].log() * -1,
        "the sum in the softmax is a plain number, so no gradient flows through it.",
    ),
)
