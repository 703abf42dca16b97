"""Take a head or a detector out of the trained model: what happens to every letter? Chapter 06.

A head is out when its columns of `attn_wo` are 0, a detector when its column of `mlp_fc2` is: it
still works, and nobody hears of it. The model itself is never changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classroom.viz.cells import WIDTH, drawing, label, rect
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, INK
from classroom.viz.tracing import trace
from microgpt.inference import Floats, Weights, plain_softmax, plain_weights
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer


def knocked_out(
    state_dict: StateDict | Weights,
    config: Config,
    heads: Iterable[int] = (),
    detectors: Iterable[int] = (),
    layer: int = 0,
) -> Weights:
    """Weights in which some heads and detectors of a layer are not heard.

    Parameters
    ----------
    state_dict : dict of str to rows of Value (or of floats)
        The parameters; they stay as they are.
    config : Config
        The sizes.
    heads, detectors : iterable of int
        Which heads, and which of the MLP's inner numbers, counted from 0.
    layer : int
        Of which layer.

    Raises
    ------
    ValueError
        If there is no such head or detector.
    """
    weights = plain_weights(state_dict)
    for heading, chosen, count in (
        ("head", list(heads), config.n_head),
        ("detector", list(detectors), 4 * config.n_embd),
    ):
        for number in chosen:
            if not 0 <= number < count:
                raise ValueError(f"there is no {heading} {number}: they are 0 to {count - 1}")
            size = config.head_dim if heading == "head" else 1
            key = "attn_wo" if heading == "head" else "mlp_fc2"
            for row in weights[f"layer{layer}.{key}"]:
                row[number * size : (number + 1) * size] = [0.0] * size
    return weights


def letter_losses(
    name: str, weights: Weights | StateDict, config: Config, tokenizer: CharTokenizer
) -> Floats:
    """The surprise at every letter of a name and at its end, in nats.

    Parameters
    ----------
    name : str
        At most ``block_size - 1`` characters.
    weights, config, tokenizer
        The model.

    Raises
    ------
    ValueError
        If the name is too long or has a character that is not in the vocabulary.
    """
    logits = trace(name, weights, config, tokenizer).logits
    targets = [*tokenizer.encode(name), tokenizer.BOS]
    return [-math.log(plain_softmax(row)[target]) for row, target in zip(logits, targets)]


@dataclass(frozen=True)
class KnockOut:
    """The losses of a name's letters with everything, and with something out."""

    name: str
    what: str
    """What is out, in words."""
    before: Floats
    after: Floats

    @property
    def change(self) -> float:
        """By how much the name's loss grows, nats a token."""
        return (sum(self.after) - sum(self.before)) / len(self.before)


def knock_out(
    name: str,
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    heads: Sequence[int] = (),
    detectors: Sequence[int] = (),
    layer: int = 0,
) -> KnockOut:
    """Measure every letter of a name with some heads and detectors out, and without.

    Parameters
    ----------
    name : str
        At most ``block_size - 1`` characters.
    state_dict, config, tokenizer
        The model; it stays as it is.
    heads, detectors, layer
        What is taken out, as for `knocked_out`.

    Examples
    --------
    >>> from microgpt import load
    >>> f"{knock_out('jayden', *load(), heads=[0, 1, 2, 3]).change:.4f}"
    '0.0334'
    """
    less = knocked_out(state_dict, config, heads, detectors, layer)
    what = " and ".join(
        f"{word}{'s' * (len(numbers) > 1)} {_listed(numbers)}"
        for word, numbers in (("head", heads), ("detector", detectors))
        if numbers
    )
    before, after = (letter_losses(name, w, config, tokenizer) for w in (state_dict, less))
    return KnockOut(name, what or "nothing", before, after)


def _listed(numbers: Sequence[int]) -> str:
    """``0, 2, 5``, or ``0 to 63`` for a long row of neighbours."""
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def knockout_picture(found: KnockOut) -> Picture:
    """Draw the loss of every letter: an outline with everything, a bar with something out.

    Parameters
    ----------
    found : KnockOut
        From `knock_out`.
    """
    targets = [*found.name, "end"]
    pitch = min(96.0, (WIDTH - 80) / len(targets))
    base, tallest = 262, 180
    top = max(4.0, *found.before, *found.after)
    parts = [label(40, 26, f"out: {found.what}", 15, "start", bold=True), *_legend()]
    dashed = f'fill="none" stroke="{INK["constant"]}" stroke-width="1.6" stroke-dasharray="4 2"'
    for i, (target, before, after) in enumerate(zip(targets, found.before, found.after)):
        x, middle = 50 + i * pitch, 50 + (i + 0.5) * pitch
        tall, old = after / top * tallest, before / top * tallest
        kind = _kind(after - before)
        look = f'id="after-{i}" fill="{COLOURS[kind]}"'
        parts.append(rect(x + 8, base - tall, pitch - 16, tall, look))
        look = f'id="before-{i}" {dashed}'
        parts.append(rect(x + 5, base - old, pitch - 10, old, look))
        parts.append(label(middle, base + 20, target, 15, bold=True))
        parts.append(label(middle, base + 38, f"{before:.2f}", 12, fill=INK["constant"]))
        change = f"{after - before:+.2f}"
        parts.append(label(middle, base + 55, change, 12, fill=INK[kind], bold=True))
    return drawing(WIDTH, base + 66, parts, knockout_in_words(found))


def _kind(change: float) -> str:
    """The colour of a change: worse, better, or none to two decimals."""
    if abs(change) < 0.005:
        return "constant"
    return "gradient" if change > 0 else "second"


def knockout_in_words(found: KnockOut) -> str:
    """What is out, the loss of each letter before and after, and of the name."""
    told = ", ".join(
        f"{target} {before:.2f} → {after:.2f}"
        for target, before, after in zip([*found.name, "end"], found.before, found.after)
    )
    return (
        f"Loss of each letter of {found.name!r} with {found.what} out: {told}. "
        f"The name's loss changes by {found.change:+.4f}."
    )


def _legend() -> list[str]:
    """What outline and bars mean."""
    dashed = f'fill="none" stroke="{INK["constant"]}" stroke-width="1.6" stroke-dasharray="4 2"'
    at = WIDTH - 480
    return [
        rect(at, 14, 14, 14, dashed),
        label(at + 20, 26, "with everything", 13, "start"),
        rect(at + 150, 14, 14, 14, f'fill="{COLOURS["gradient"]}"'),
        label(at + 170, 26, "without it: worse", 13, "start"),
        rect(at + 310, 14, 14, 14, f'fill="{COLOURS["second"]}"'),
        label(at + 330, 26, "without it: better", 13, "start"),
    ]
