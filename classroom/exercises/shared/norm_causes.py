"""What goes wrong in a `rmsnorm`, and what it gives: the causes of exercise 5.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.exercises.kit.causes import Cause, gives, raises
from classroom.exercises.shared.flow import plain
from classroom.exercises.shared.likenesses import layernorm, scaled
from microgpt import Value, dot, softmax


def norm_causes(code: str) -> list[Cause]:
    """Causes for a wrong `rmsnorm`, given its source without blanks."""
    return [*_other_scales(), *_other_results(code)]


def by(factor: Callable[[float, int], float]) -> Callable[[Any], Any]:
    """A vector times a function of its mean square and its length."""
    return lambda x: scaled(x, lambda ms: factor(ms, len(x)))


def _other_scales() -> list[Cause]:
    return [
        gives(by(lambda ms, n: (ms * n + 1e-5) ** -0.5),
              "you divide by the root of the *sum* of squares; the mean is needed."),
        gives(by(lambda ms, n: (ms * n) ** -0.5),
              "you divide by the root of the *sum* of squares; the mean, plus 1e-5, is needed."),
        gives(by(lambda ms, n: (ms + 1e-5) ** -1),
              "you divide by the mean square itself; its square root is needed (`** -0.5`)."),
        gives(by(lambda ms, n: 1 / ms if ms else 0.0),
              "you divide by the mean square itself; the root of it plus 1e-5 is needed."),
        gives(by(lambda ms, n: (ms + 1e-5) ** 0.5),
              "you multiply by the root instead of dividing (`** -0.5`, not `** 0.5`)."),
        gives(by(lambda ms, n: 1 / (ms**0.5 + 1e-5)),
              "the 1e-5 belongs under the root: add it before you take the root."),
        gives(by(lambda ms, n: ((ms * n + 1e-5) / n) ** -0.5),
              "the 1e-5 is added to the sum; add it to the mean, after the division."),
        gives(by(lambda ms, n: (ms + n * 1e-5) ** -0.5),
              "the 1e-5 is added once for each number; add it once, to the mean."),
        gives(by(lambda ms, n: (ms - 1e-5) ** -0.5), "the 1e-5 is added, not taken away."),
        gives(by(lambda ms, n: ms**-0.5 if ms else 0.0),
              "the 1e-5 under the root is missing: small vectors show it."),
        gives(by(lambda ms, n: (ms + 1e-8) ** -0.5), "the small number is 1e-5, not 1e-8."),
        gives(by(lambda ms, n: (ms + 1e-6) ** -0.5), "the small number is 1e-5, not 1e-6."),
        gives(by(lambda ms, n: (ms * n / 16 + 1e-5) ** -0.5),
              "16 is one length of a vector; `len(x)` fits any."),
        gives(by(lambda ms, n: 1 / (ms + 1e-5) / 2),
              "`** -1/2` is `(** -1) / 2`: write `** -0.5`."),
        gives(by(lambda ms, n: 2 / (ms + 1e-5)),
              "`** 1/2` is `(** 1) / 2`: write `** 0.5`."),
    ]  # fmt: skip


def _other_results(code: str) -> list[Cause]:
    return [
        gives(lambda x: [xi / (sum(x, Value(0.0)) / len(x)) for xi in x],
              "you divide by the mean; square the numbers first, take the root at last."),
        gives(lambda x: [xi / (sum(map(abs, plain(x))) / len(x) + 1e-5) for xi in x],
              "you divide by the mean of the sizes; square, mean, then root."),
        gives(lambda x: [xi / max(map(abs, plain(x))) for xi in x],
              "you divide by the largest number; square, mean, then root."),
        gives(by(lambda ms, n: (ms * n / max(n - 1, 1) + 1e-5) ** -0.5),
              "the mean divides by all `len(x)` numbers, not by one less."),
        gives(lambda x: [xi * ((sum(plain(x)) / len(x)) ** 2 + 1e-5) ** -0.5 for xi in x],
              "that is the square of the mean; the mean of the squares is needed."),
        gives(lambda x: softmax(x), "that is `softmax`; here each number is divided by the RMS."),
        gives(lambda x: [xi / (dot(x, x) / len(x)) ** 0.5 + 1e-5 for xi in x], "the 1e-5 belongs "
              "under the root, not to the result."),
        gives(lambda x: [(dot(x, x) / len(x) + 1e-5) ** -0.5 for _ in x], "that is the scale; "
              "multiply each number of `x` by it."),
        gives(lambda x: [xi * (xi * xi + 1e-5) ** -0.5 for xi in x], "each number is divided by "
              "its own size; the mean is over all of them."),
        gives(by(lambda ms, n: (ms + 1e-5) ** -0.5 / n), "the length is divided by twice: once, "
              "for the mean, is enough."),
        gives(layernorm, "you take the mean off first: that is LayerNorm."),
        *_what_is_no_vector(code),
    ]  # fmt: skip


def _what_is_no_vector(code: str) -> list[Cause]:
    return [
        gives(by(lambda ms, n: 1.0), "`x` comes back as it went in: multiply by the scale."),
        gives(lambda x: (dot(x, x) / len(x) + 1e-5) ** -0.5,
              "that is the scale; multiply each number of `x` by it."),
        gives(lambda x: (dot(x, x) / len(x) + 1e-5) ** 0.5,
              "that is the root; divide each number of `x` by it."),
        *([Cause("`10-5` is 5; ten to the power of -5 is `1e-5`.", lambda _: True)]
          if "10-5" in code else []),
        *([raises(Exception, "a square is the product of a number with itself: `dot` takes two "
                  "*lists*, `dot(x, x)`.")] if "dot(xi" in code else []),
        raises(TypeError, "`math` takes plain numbers; use `** 0.5` on a node.", "real number"),
        raises(ZeroDivisionError, "a vector of zeros must not divide by zero: add 1e-5."),
    ]  # fmt: skip
