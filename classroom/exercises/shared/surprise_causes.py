"""What goes wrong with softmax and surprise, and what it gives: the causes of 4.1, 4.4 and 4.5."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import microgpt
from classroom.exercises.kit.causes import Cause, gives, raises, when
from classroom.exercises.shared.flow import plain

MATH = "`math` takes plain numbers; a `Value` has `.exp()` and `.log()` of its own."


def loss_causes() -> list[Cause]:
    """Causes for a wrong loss of a fair guess among four."""
    return [
        gives(0.25, "that is the probability; the surprise is minus its logarithm."),
        gives(-math.log(4), "the logarithm of 0.25 is negative; the surprise is minus that."),
        gives(2, "that is in bits, log2; a nat is the unit of the natural logarithm, ln."),
        gives(4, "that is the number of equal choices; the loss is its natural logarithm."),
        gives(math.log10(4), "that is the logarithm to base 10; a nat needs the natural one, ln."),
        gives(math.log(4) / 4, "one character came: its surprise is the mean, nothing to divide."),
        gives(4 * math.log(4), "one character came, not four: its surprise alone counts."),
        gives(math.log(27), "that is for 27 equal choices; this model weighs four only."),
        gives(math.log(23), "the other 23 are impossible, so they are no choices."),
        gives(math.log(27 / 4), "that is how much was gained over blind guessing; the loss is "
              "minus the logarithm of 1/4."),
        gives(math.inf, "infinite would be the surprise if one of the 23 came; one of the four "
              "came."),
        gives(0, "0 is the loss of a model that was sure; this one had four choices."),
        gives(0.75, "that is the probability of the others; take minus the logarithm of 1/4."),
        gives(1, "minus the logarithm to base 4; a nat needs the natural one, ln."),
        when(lambda got, right: abs(got - right) < 0.05, "rounded too far: give three "
             "digits."),
    ]  # fmt: skip


def perplexity_causes() -> list[Cause]:
    """Causes for a wrong perplexity of a fair guess among four."""
    return [
        when(lambda got, _: abs(got - math.log(4)) < 0.05, "that is the loss; exp of it."),
        gives(0.25, "that is the probability of one choice; count the choices."),
        gives(27, "27 is for 27 equal choices; here are four."),
        gives(23, "the other 23 are impossible, so they are no choices."),
        gives(27 / 4, "that is how many times better than blind it is; count the choices."),
        gives(2, "that is the loss in bits, or its square root; the perplexity is the number of "
              "equally likely choices."),
        gives(math.exp(2), "exp undoes the natural logarithm: of the loss in nats, not in bits."),
        gives(2 ** math.log(4), "2 to the power of undoes log2; nats are undone by exp."),
        gives(16, "that is 2 to the power of 4; exp of the loss is needed."),
        gives(math.exp(4), "exp of the number of choices; exp of the *loss* is needed."),
        gives(1, "1 would be a model that was sure; this one had four choices."),
        gives(math.inf, "one of the four came, none of the impossible ones: count the four."),
        gives(0, "a perplexity is a number of choices, at least 1."),
    ]  # fmt: skip


def on_exps(function: Callable[[list[float]], Any]) -> Callable[[Any], Any]:
    """A wrong softmax, computed from the exps; none where these are too large or too small."""

    def wrong(logits: Any) -> Any:
        numbers = plain(logits)
        return function([math.exp(x) for x in numbers]) if -700 < max(numbers) < 700 else None

    return wrong


def shifted(function: Callable[[list[float]], Any]) -> Callable[[Any], Any]:
    """A wrong softmax, computed from the exps of the logits less the largest."""

    def wrong(logits: Any) -> Any:
        numbers = plain(logits)
        return function([math.exp(x - max(numbers)) for x in numbers])

    return wrong


def softmax_causes(code: str) -> list[Cause]:
    """Causes for a wrong `softmax`, given its source without blanks."""
    return [*_softmax_errors(code), *_softmax_results()]


def _softmax_errors(code: str) -> list[Cause]:
    too_large = "exp of a large logit: subtract the largest logit first."
    for pattern, what in (
        (r"min\(", "the smallest logit is subtracted; subtract the largest."),
        (r"/len\(logits\)", "the mean is subtracted; subtract the largest."),
        (r"-logits\[0\]", "the first logit is subtracted; subtract the largest."),
        (r"-logits\[-1\]", "the last logit is subtracted; subtract the largest."),
        (r"-\d{3,}", "a fixed number is subtracted: it fits some logits only; the largest fits."),
    ):
        if re.search(pattern, code):
            too_large = what
            break
    return [
        raises(OverflowError, too_large),
        raises(ZeroDivisionError, "exp of every logit came out 0: what is subtracted is not the "
               "largest of them."),
        raises(TypeError, "Values cannot be compared: take the largest of their `.data`.",
               "not supported between"),
        raises(TypeError, "a number to the power of a Value is not defined: `x.exp()` is e to the "
               "power of x.", "** or pow"),
        raises(TypeError, MATH, "real number"),
        raises(AttributeError, MATH, "'exp'"),
    ]  # fmt: skip


def _softmax_results() -> list[Cause]:
    return [
        gives(on_exps(list), "these are the exps: divide each by their sum."),
        gives(shifted(list), "these are the exps, the largest made 1: divide each by their sum."),
        gives(shifted(lambda e: [v / len(e) for v in e]), "divide by the sum of the exps, not by "
              "how many there are."),
        gives(on_exps(lambda e: [v / len(e) for v in e]), "divide by the sum of the exps, not by "
              "how many there are."),
        gives(lambda x: [v / sum(plain(x)) for v in plain(x)], "the logits are divided as they "
              "are: exp comes first."),
        gives(lambda x: [v.exp() / sum(plain(x)) for v in x], "divide by the sum of the *exps*."),
        gives(lambda x: [math.exp(v - max(plain(x))) / sum(plain(x)) for v in plain(x)],
              "divide by the sum of the *exps*, not of the logits."),
        gives(lambda x: [float(v == max(plain(x))) for v in plain(x)], "only the largest is left: "
              "that is an argmax; every logit keeps a share."),
        gives(lambda x: [v * v / sum(u * u for u in plain(x)) for v in plain(x)], "squares lose "
              "the sign: take exp."),
        gives(lambda x: [1 / (1 + math.exp(-v)) for v in plain(x)], "that is a sigmoid, each logit "
              "by itself; softmax divides by the sum over all."),
        gives(lambda x: [2 ** (v - max(plain(x))) / sum(2 ** (u - max(plain(x))) for u in plain(x))
                         for v in plain(x)], "the base is 2; exp has the base e."),
        gives(lambda x: [math.exp(min(v, 700)) / sum(math.exp(min(u, 700)) for u in plain(x))
                         for v in plain(x)], "large logits are cut off, so their differences are "
              "lost: subtract the largest from all."),
        gives(shifted(lambda e: [math.log(v / sum(e)) for v in e]), "these are the logarithms of "
              "the probabilities."),
        when(lambda got, _: abs(sum(got) - 1) > 1e-6, "the answers do not add up to 1."),
    ]  # fmt: skip


def on_probs(function: Callable[[list[float], int], Any]) -> Callable[[Any, int], Any]:
    """A wrong loss, computed from the probabilities."""
    return lambda logits, target_id: function(plain(microgpt.softmax(logits)), target_id)


def cross_entropy_causes(code: str) -> list[Cause]:
    """Causes for a wrong `cross_entropy`, given its source without blanks."""
    added = re.search(r"\+(1e-\d+|0\.0+\d)", code)
    small = "nothing needs to be added to the probability: softmax never gives 0 here."
    return [
        *([Cause(small, lambda _: True)] if added else []),
        *_of_the_target(),
        *_of_all(),
        raises(OverflowError, "exp of a large logit: softmax subtracts the largest first."),
        raises(TypeError, MATH, "real number"),
        raises(IndexError, "`target_id` is the index itself: ids begin at 0."),
    ]


def _of_the_target() -> list[Cause]:
    log = math.log
    return [
        gives(on_probs(lambda p, t: log(p[t])), "the minus is missing: a surprise is not "
              "negative."),
        gives(on_probs(lambda p, t: p[t]), "that is the probability; take minus its log."),
        gives(on_probs(lambda p, t: -p[t]), "minus the probability; take its logarithm first."),
        gives(on_probs(lambda p, t: 1 - p[t]), "1 - p is another measure; take minus the log."),
        gives(on_probs(lambda p, t: (1 - p[t]) ** 2), "that is a squared error; take minus the "
              "log of p."),
        gives(on_probs(lambda p, t: -log(1 - p[t])), "that is the surprise if the target had *not* "
              "come: no `1 -`."),
        gives(on_probs(lambda p, t: -log(p[t]) / len(p)), "one guess, one surprise: nothing is "
              "divided by the number of logits."),
        gives(on_probs(lambda p, t: -math.log2(p[t])), "log2 gives bits; nats need log."),
        gives(on_probs(lambda p, t: -math.log10(p[t])), "log10 is another unit; nats need log."),
        gives(on_probs(lambda p, t: -p[t] * log(p[t])), "the surprise is not weighed with p: the "
              "target came."),
        gives(on_probs(lambda p, t: -log(p[t - 1])), "`target_id` is the index itself: ids begin "
              "at 0."),
        gives(on_probs(lambda p, t: -log(p[t + 1]) if t + 1 < len(p) else log(0)), "`target_id` is "
              "the index itself, not one more."),
        gives(on_probs(lambda p, t: math.exp(-log(p[t]))), "that is the perplexity; the loss is "
              "the logarithm of it."),
        gives(lambda x, t: 0.0, "the softmax of one logit alone is 1: give it all of them."),
        gives(lambda x, t: -x[t], "a logit is no probability: softmax first."),
        gives(lambda x, t: -x[t].log(), "a logit is no probability: softmax before the log."),
        gives(lambda x, t: -microgpt.softmax([v.log() for v in x])[t], "first softmax, then the "
              "log: yours are the other way round."),
    ]  # fmt: skip


def _of_all() -> list[Cause]:
    log = math.log
    return [
        gives(on_probs(lambda p, t: [-log(q) for q in p]), "all surprises came out; one is asked "
              "for, the target's."),
        gives(on_probs(lambda p, t: -sum(map(log, p)) / len(p)), "only the target's probability "
              "counts, not the mean over all."),
        gives(on_probs(lambda p, t: -sum(map(log, p))), "only the target's probability counts, not "
              "all of them."),
        gives(on_probs(lambda p, t: -sum(q * log(q) for q in p)), "that is the entropy, over all; "
              "only the target's probability counts."),
        gives(on_probs(lambda p, t: -log(max(p))), "the target's probability counts, not the "
              "largest."),
        gives(on_probs(lambda p, t: -log(p[t]) - sum(log(1 - q) for i, q in enumerate(p) if i - t)),
              "only the target counts; that the others did not come is in its probability."),
    ]  # fmt: skip
