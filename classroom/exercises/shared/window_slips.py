"""Windows, splits and stops that are plausibly wrong: for exercises 8.3, 8.4 and 8.5."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


WINDOW_SLIPS: list[tuple[Callable[..., Any], str]] = [
    (lambda ls, a, b: _mean(ls[a:b]), "step 1 is `losses[0]`: the window begins one too late."),
    (lambda ls, a, b: sum(ls[a:b]) / (b - a + 1), "step 1 is `losses[0]`: the window begins one "
     "place too late."),
    (lambda ls, a, b: _mean(ls[a - 1 : b - 1]), "the last step belongs to the window too: the end "
     "of a slice is left out."),
    (lambda ls, a, b: sum(ls[a - 1 : b - 1]) / (b - a + 1), "the last step belongs to the window "
     "too: the end of a slice is left out."),
    (lambda ls, a, b: _mean(ls[a : b + 1]), "the window lies one place too late: step 1 is "
     "`losses[0]`."),
    (lambda ls, a, b: sum(ls[a : b + 1]) / (b - a + 1), "the window lies one place too late: step "
     "1 is `losses[0]`."),
    (lambda ls, a, b: _mean(ls[a - 1 : b + 1]), "the window ends one step too late: `losses[last]` "
     "is step last + 1."),
    (lambda ls, a, b: sum(ls[a - 1 : b + 1]) / (b - a + 1), "the window ends one step too late: "
     "`losses[last]` is step last + 1."),
    (lambda ls, a, b: sum(ls[a - 1 : b + 1]) / (b - a + 2), "the window ends one step too late: "
     "`losses[last]` is step last + 1."),
    (lambda ls, a, b: sum(ls[a - 1 : b]), "that is the sum; divide by the number of steps."),
    (lambda ls, a, b: _mean(ls), "that is the mean of all losses, not of the window."),
    (lambda ls, a, b: sum(ls[a - 1 : b]) / (b - a), "from 1 to 3 are three steps, not 3 - 1: "
     "divide by the length of the window."),
    (lambda ls, a, b: sum(ls[a - 1 : b]) / b, "divide by the length of the window, not by `last`."),
    (lambda ls, a, b: sum(ls[a - 1 : b]) / len(ls), "divide by the length of the window, not of "
     "the whole list."),
    (lambda ls, a, b: (ls[a - 1] + ls[b - 1]) / 2, "that is the mean of the first and the last "
     "step: those between belong to the window, too."),
    (lambda ls, a, b: sum(ls[a - 1 : b]) // (b - a + 1), "`//` rounds down: use `/`."),
    (lambda ls, a, b: round(_mean(ls[a - 1 : b])), "the mean is rounded: leave every digit."),
    (lambda ls, a, b: round(_mean(ls[a - 1 : b]), 1), "the mean is rounded: leave every digit."),
    (lambda ls, a, b: statistics.median(ls[a - 1 : b]), "that is the median, the middle one; the "
     "mean is the sum divided by the number."),
    (lambda ls, a, b: ls[a - 1 : b], "that is the window; its mean is asked for."),
    (lambda ls, a, b: min(ls[a - 1 : b]), "that is the lowest loss; the mean is asked for."),
    (lambda ls, a, b: _mean(ls[-b:]), "counted from the end; step 1 is `losses[0]`."),
    (lambda ls, a, b: ls[a - 1], "that is the first step alone: is `return` inside the loop?"),
]  # fmt: skip
"""What can become of a window, and the sentence that says so."""

_LEAK = "a name that is trained on is also held out: the file repeats."


def _removing(docs: Any, n: int) -> Any:
    a, b = list(docs[:-n]), list(docs[-n:])
    for d in b:
        if d in a:
            b.remove(d)
    return a, b


def _backwards(docs: Any, n: int) -> Any:
    found: list[str] = []
    for d in docs[::-1]:
        if docs.count(d) == 1 and len(found) < n:
            found.append(d)
    return docs[:-n], found[::-1]


def _split(keep: Callable[[str, Any, Any, Any], bool]) -> Callable[[Any, int], Any]:
    """The usual cut, with another rule for what stays in the held-out part."""

    def run(docs: Any, n: int) -> Any:
        a, b = list(docs[:-n]), list(docs[-n:])
        return a, [d for d in b if keep(d, a, b, docs)]

    return run


SPLIT_SLIPS: list[tuple[Callable[..., Any], str]] = [
    (_split(lambda d, a, b, docs: True), _LEAK),
    (lambda docs, n: (docs[n:], [d for d in docs[:n] if d not in docs[n:]]), "the last names are "
     "to be held out, yours are the first."),
    (lambda docs, n: (docs, docs[-n:]), "the names held out are still among those to train on."),
    (lambda docs, n: (docs, []), "nothing is held out."),
    (lambda docs, n: ([d for d in docs[:-n] if d not in docs[-n:]], docs[-n:]), "you removed the "
     "name from the training part; drop it from the held-out one."),
    (lambda docs, n: ([d for d in docs[:-n] if d not in docs[-n:]],
                      [d for d in docs[-n:] if d not in docs[:-n]]), "the training part keeps all "
     "its names; drop a name from the held-out one alone."),
    (lambda docs, n: _split(lambda d, a, b, docs: d not in a)(docs, n)[::-1], "the two parts are "
     "swapped: training first."),
    (lambda docs, n: (docs[:n], docs[n:]), "`docs[:count]` are the first names; `docs[:-count]` "
     "are all but the last."),
    (lambda docs, n: (docs[:n], [d for d in docs[n:] if d not in docs[:n]]), "`docs[:count]` are "
     "the first names; `docs[:-count]` are all but the last."),
    (_split(lambda d, a, b, docs: d not in docs), "nothing is left to hold out: compare with the "
     "training part, not with all names."),
    (_split(lambda d, a, b, docs: d in a), "turned round: keep those that are *not* in the "
     "training part."),
    (_split(lambda d, a, b, docs: docs.count(d) == 1), "a name that comes twice at the end, and "
     "never in the training part, is held out all the same: compare with the training part."),
    (_split(lambda d, a, b, docs: d not in " ".join(a)), "`in` on a text finds parts of names, "
     "such as `an` in `ann`: compare with the list."),
    (_split(lambda d, a, b, docs: d not in "".join(a)), "`in` on a text finds parts of names, "
     "such as `an` in `ann`: compare with the list."),
    (_split(lambda d, a, b, docs: d != a[-1]), "compare with every name of the training part, "
     "not with one."),
    (_split(lambda d, a, b, docs: d != a[0]), "compare with every name of the training part, "
     "not with one."),
    (_removing, "removing from the list that the loop walks through makes it skip the next name: "
     "build a new list."),
    (_backwards, "the held-out part may be shorter than `count`: nothing is fetched from before."),
    (lambda docs, n: (docs[: -n - 1], [d for d in docs[-n:] if d not in docs[: -n - 1]]),
     "the training part ends one name too early: `docs[:-count]`."),
    (lambda docs, n: (docs[:-n], [d for d in docs[-n + 1 :] if d not in docs[:-n]] if n > 1
                      else [d for d in docs if d not in docs[:-n]]), "the held-out part begins one "
     "name too late: `docs[-count:]`."),
    (lambda docs, n: (sorted(set(docs[:-n])), [d for d in docs[-n:] if d not in docs[:-n]]),
     "the training part keeps its order and its repeats."),
    (lambda docs, n: (list(dict.fromkeys(docs[:-n])), [d for d in docs[-n:] if d not in
                      docs[:-n]]), "the training part keeps its repeats: only the held-out part is "
     "filtered."),
    (lambda docs, n: [d for d in docs[-n:] if d not in docs[:-n]], "two lists are asked for: the "
     "training part, then the held-out one."),
]  # fmt: skip
"""What can become of a split, and the sentence that says so."""

_SMALLER = (
    "no loss was below the number that the search begins with: begin with the first look, or with "
    "infinity."
)

STOP_SLIPS: list[tuple[Callable[..., Any], str]] = [
    (lambda ls: min(ls, key=lambda look: look[1])[0], "you look at the training loss, which falls "
     "for ever; look at the held-out one."),
    (lambda ls: min(look[2] for look in ls), "that is the lowest loss; the step at which it was "
     "reached is asked for."),
    (lambda ls: min(ls, key=lambda look: look[2]), "that is the whole look; its step is asked "
     "for."),
    (lambda ls: next((a[0] for a, b in zip(ls, ls[1:]) if b[2] > a[2]), ls[-1][0]), "you stop at "
     "the first rise; a later look may be lower still."),
    (lambda ls: next((b[0] for a, b in zip(ls, ls[1:]) if b[2] > a[2]), ls[-1][0]), "you stop "
     "after the first rise; a later look may be lower still, and the look before was lower."),
    (lambda ls: next((b[0] for a, b in zip(ls, ls[1:]) if b[2] > a[2]), None), "you stop after "
     "the first rise, and find nothing where there is none."),
    (lambda ls: ls[min(min(range(len(ls)), key=lambda i: ls[i][2]) + 1, len(ls) - 1)][0],
     "that is the look after the lowest one."),
    (lambda ls: ls[max(min(range(len(ls)), key=lambda i: ls[i][2]) - 1, 0)][0],
     "that is the look before the lowest one."),
    (lambda ls: ls[-1][0], "that is the last look, not the best one."),
    (lambda ls: ls[0][0], "that is the first look: is `return` inside the loop, or is a "
     "`key` missing? (`min` of whole looks compares their steps.)"),
    (lambda ls: min(ls, key=lambda look: look[1] + look[2])[0], "you add the two losses; names to "
     "come are like the held-out ones alone."),
    (lambda ls: min(ls, key=lambda look: look[2] - look[1])[0], "that is the smallest gap; a model "
     "that has learned nothing has a small one, too."),
    (lambda ls: max(ls, key=lambda look: look[2] - look[1])[0], "that is the largest gap; look for "
     "the lowest held-out loss."),
    (lambda ls: min(ls, key=lambda look: abs(look[2] - look[1]))[0], "that is the smallest gap; "
     "a model that has learned nothing has a small one, too."),
    (lambda ls: max(ls, key=lambda look: look[2])[0], "there the held-out loss is highest; the "
     "lowest is best."),
    (lambda ls: max(ls, key=lambda look: look[1])[0], "there the training loss is highest; look "
     "for the lowest held-out loss."),
    (lambda ls: min(range(len(ls)), key=lambda i: ls[i][2]), "that is the look's place in the "
     "list; its step is asked for."),
    (lambda ls: min(range(len(ls)), key=lambda i: ls[i][2]) + 1, "that is the look's place in the "
     "list; its step is asked for."),
    (lambda ls: (min(range(len(ls)), key=lambda i: ls[i][2]) + 1) * 100, "a look need not come "
     "every 100 steps: its step is written in it."),
    (lambda ls: None, _SMALLER),
    (lambda ls: 0, _SMALLER),
]  # fmt: skip
"""What can become of the choice of a step, and the sentence that says so."""
