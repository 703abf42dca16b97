"""Draws, temperatures and top-k that are plausibly wrong: for the checks of chapter 09.

A check that knows what a plausible slip would give can name the slip.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from microgpt.inference import plain_softmax

TOP_K_SLIPS = {
    "ties": "with equal logits you keep more than k; keep exactly k, the lower ids first.",
    "left": "equal logits on the left take the places of higher ones: go by falling logit.",
    "late id": "of equal logits you keep those with the higher ids.",
    "strict": "logits equal to the lowest kept one are left out: exactly k must stay.",
    "late": "after the cut the rest must add up to 1 again: softmax last.",
    "zero": "a logit of 0 is a good score, not an impossible one: use `-math.inf`.",
    "zero ties": "a logit of 0 is a good score, not an impossible one: use `-math.inf`. And with "
    "equal logits keep exactly k.",
    "ten": "-10 leaves a small probability: what is cut must get exactly 0, use `-math.inf`.",
    "lowest": "you keep the k *lowest*; sort in falling order.",
    "one less": "you keep k - 1 of them: in a slice `[:k]` ends before position k.",
    "one more": "you keep k + 1 of them: `[:k]` are k already.",
    "first": "you keep the first k ids; the k *highest* logits are meant.",
    "all": "nothing is cut: all logits take part.",
    "sorted": "one probability for each id is asked for, 0 for those left out, in the old order.",
    "falling": "the probabilities come out sorted; each must stay at the place of its id.",
    "logits": "these are logits; softmax makes probabilities of them.",
    "zeros": "these are logits and zeros; what is cut is -inf, and softmax comes last.",
}
"""What `top_k_like` can do wrong, and the sentence that says so."""


def draw(probs: Sequence[float], u: float) -> int:
    """The token on whose piece of the way from 0 to 1 the number u lands; never an impossible one.

    Behind the sum, which rounding may leave below 1, it is the last one that is possible.
    """
    passed, last = 0.0, 0
    for token_id, prob in enumerate(probs):
        passed += prob
        if prob > 0:
            last = token_id
        if u < passed:
            return token_id
    return last


def draw_like(
    start: int = 0, reach: Callable[[float, float], bool] = lambda u, s: u < s, behind: Any = "last"
) -> Callable[[Sequence[float], float], Any]:
    """A draw that sums too few, compares in another way, or returns something else behind."""

    def wrong(probs: Sequence[float], u: float) -> Any:
        passed = 0.0
        for token_id, _ in enumerate(probs):
            passed = sum(probs[: token_id + 1 - start])
            if reach(u, passed):
                return token_id
        return {"last": len(probs) - 1, "length": len(probs)}.get(behind, behind)

    return wrong


def alone(behind: Any) -> Callable[[Sequence[float], float], Any]:
    """A draw that compares `u` with each probability by itself."""

    def wrong(probs: Sequence[float], u: float) -> Any:
        found = next((i for i, p in enumerate(probs) if u < p), behind)
        return len(probs) - 1 if found == "last" else found

    return wrong


def rounded_sums(probs: Sequence[float], u: float) -> int:
    """A draw whose running sum is rounded to two decimals."""
    passed = 0.0
    for token_id, prob in enumerate(probs):
        passed = round(passed + prob, 2)
        if u < passed:
            return token_id
    return len(probs) - 1


ADD_UP = "you compare `u` with each probability alone; add them up on the way."
BEHIND = (
    "the probabilities may add up to a bit less than 1, and `u` can lie behind their sum: then the "
    "last token is meant, at position `len(probs) - 1`."
)
FIRST_ONLY = "only the first token is looked at: the last `return` is inside the loop; move it out."
BEFORE = "you compare before you add: the sum must hold the token's own probability, too."
DRAW_SLIPS: tuple[tuple[Callable[..., Any], str], ...] = (
    *((draw_like(behind=behind), BEHIND) for behind in (None, 0, -1, "length")),
    *(
        (
            draw_like(reach=lambda u, s: u <= s, behind=behind),
            "where two pieces meet, the left one wins in yours: a piece holds its beginning, not "
            "its end, so it must be `u < sum`.",
        )
        for behind in (None, "last")
    ),
    *((alone(behind), ADD_UP) for behind in (None, "last", 0)),
    *(
        (lambda probs, u, behind=behind: 0 if u < probs[0] else behind(probs), FIRST_ONLY)
        for behind in (lambda probs: None, lambda probs: len(probs) - 1)
    ),
    *((draw_like(start=1, behind=behind), BEFORE) for behind in (None, "last")),
    (lambda probs, u: draw(probs, u) + 1, "positions in a list are counted from 0."),
    (
        lambda probs, u: int(u * len(probs)),
        "all pieces have the same length in yours; each is as long as its probability.",
    ),
    (
        lambda probs, u: max(range(len(probs)), key=probs.__getitem__),
        "you take the most probable one whatever `u` is.",
    ),
    (
        lambda probs, u: min(range(len(probs)), key=lambda i: abs(probs[i] - u)),
        "you take the probability nearest to `u`; `u` is a place on the way from 0 to 1, and the "
        "pieces are laid end to end.",
    ),
    (
        lambda probs, u: len(probs) - 1 - draw(probs[::-1], u),
        "the pieces are laid from the end in yours: begin with the first token.",
    ),
    (rounded_sums, "the running sum is rounded, so short pieces are lost: leave it as it is."),
    (lambda probs, u: 0, "it is always token 0, whatever `u` is."),
    (lambda probs, u: len(probs) - 1, "it is always the last token, whatever `u` is."),
)
"""Draws with one thing wrong, and the sentence that says what."""


def scaled_probs(logits: Sequence[float], temperature: float) -> list[float]:
    """Probabilities divided by the temperature, in place of logits."""
    return [prob / temperature for prob in plain_softmax(logits)]


def tempered(
    shift: Callable[[Sequence[float]], float] = max, base: float = math.e, most: float = math.inf
) -> Callable[[Sequence[float], float], list[float]]:
    """A temperature whose softmax subtracts something else, has another base, or a ceiling."""

    def wrong(logits: Sequence[float], temperature: float) -> list[float]:
        divided = [logit / temperature for logit in logits]
        exps = [base ** min(x - shift(divided), most) for x in divided]
        return [e / sum(exps) for e in exps]

    return wrong


def winner(logits: Sequence[float], temperature: float) -> list[float]:
    """Without subtraction; where `exp` overflows, 1 for the best."""
    try:
        return tempered(lambda divided: 0.0)(logits, temperature)
    except OverflowError:
        return [float(logit == max(logits)) for logit in logits]


def _softmax_of(change: Callable[[float, float], float]) -> Callable[..., list[float]]:
    return lambda logits, t: plain_softmax([change(logit, t) for logit in logits])


LARGEST = "subtract the *largest* divided logit: "
TEMPERATURE_SLIPS: tuple[tuple[Callable[..., Any], str], ...] = (
    (
        _softmax_of(lambda x, t: x * t),
        "you multiply by the temperature; dividing is meant: small T, large differences.",
    ),
    (scaled_probs, "you divide the probabilities; divide the *logits*, then softmax."),
    (
        lambda logits, t: plain_softmax(scaled_probs(logits, t)),
        "you take softmax twice; once, of the logits divided by the temperature.",
    ),
    (_softmax_of(lambda x, t: x // t), "`//` rounds down: use `/`."),
    (_softmax_of(lambda x, t: t / x), "the division is upside down: the logit by the temperature."),
    (
        _softmax_of(lambda x, t: x),
        "the temperature has no effect in yours: it is not used, or it cancels out, as what is "
        "added to all logits does. Divide each logit by it, before `exp`.",
    ),
    (
        lambda logits, t: [logit / t for logit in logits],
        "these are the divided logits; softmax makes probabilities of them.",
    ),
    (tempered(base=2.0), "`2 ** x` stands where `exp(x)` is needed."),
    (tempered(base=10.0), "`10 ** x` stands where `exp(x)` is needed."),
    (tempered(lambda divided: max(0.0, *divided)), LARGEST + "your search for it begins at 0."),
    (tempered(lambda divided: max(map(abs, divided))), LARGEST + "without `abs`."),
    (tempered(lambda divided: divided[0]), LARGEST + "it need not be the first."),
    (tempered(lambda divided: divided[-1]), LARGEST + "it need not be the last."),
    (tempered(min), LARGEST + "yours is the smallest."),
    (
        tempered(lambda divided: 0.0, most=700.0),
        "divided logits above 700 all count the same in yours; subtract the largest in place of a "
        "ceiling.",
    ),
    (
        winner,
        "where `exp` overflows you give all to the best; two equal logits share. "
        "Subtract the largest, then nothing overflows.",
    ),
    (
        tempered(lambda divided: 0.0),
        "at a low temperature the divided logits are too large for `exp`, or so negative that all "
        "come out 0: subtract the largest first, or call `plain_softmax`.",
    ),
    (
        lambda logits, t: [math.exp(logit / t) for logit in logits],
        "these are the exponentials; divide each by their sum.",
    ),
)
"""Temperatures with one thing wrong, and the sentence that says what."""


def top_k_like(slip: str) -> Callable[[Sequence[float], int], Any]:
    """Probabilities after a cut that is one of `TOP_K_SLIPS`."""

    def cut(logits: Sequence[float], k: int) -> Any:
        kept = _kept(slip, list(logits), k)
        if slip in ("sorted", "falling"):
            ranked = plain_softmax(sorted(logits, reverse=True)[:k])
            return ranked + [0.0] * (len(logits) - len(ranked)) * (slip == "falling")
        if slip == "late":
            return [p if keep else 0.0 for p, keep in zip(plain_softmax(list(logits)), kept)]
        out = {"zero": 0.0, "zero ties": 0.0, "zeros": 0.0, "ten": -10.0}.get(slip, -math.inf)
        left = [logit if keep else out for logit, keep in zip(logits, kept)]
        return left if slip in ("logits", "zeros") else plain_softmax(left)

    return cut


def _kept(slip: str, logits: list[float], k: int) -> list[bool]:
    """Which ids stay after a cut that is right or has a slip."""
    count = len(logits)
    ranked = sorted(logits, reverse=slip != "lowest")
    if slip in ("ties", "zero ties", "lowest"):
        low, high = sorted((ranked[:k][0], ranked[:k][-1]))
        return [low <= logit <= high for logit in logits]
    if slip == "strict":
        return [logit > ranked[:k][-1] or k >= count for logit in logits]
    if slip == "left":
        places = [i for i in range(count) if logits[i] >= ranked[:k][-1]][:k]
    elif slip == "late id":
        places = sorted(range(count), key=lambda i: (-logits[i], -i))[:k]
    else:
        many = k + {"one less": -1, "one more": 1, "all": count}.get(slip, 0)
        places = sorted(range(count), key=lambda i: i if slip == "first" else -logits[i])[:many]
    return [i in places for i in range(count)]
