"""The next character as numbers and bars: logits, temperature, top-k, a draw (chapters 00, 09)."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.viz.cells import drawing, label, rect
from classroom.viz.picture import Picture
from classroom.viz.softmax import SoftmaxSteps, softmax_steps
from classroom.viz.style import COLOURS, HATCHES, INK, TEXT, TINT, figure, number, to_picture
from microgpt.inference import Weights, empty_cache, plain_gpt, plain_weights
from microgpt.model import Config, StateDict
from microgpt.sampling import next_token_probs, sample
from microgpt.tokenizer import CharTokenizer

END = "end"
"""How pictures call the mark BOS where it ends a document."""
NUM_NAMES = 10
MIN_SHARE = 0.03
"""A piece of the die smaller than this gets no letter: there is no room."""


@dataclass(frozen=True)
class NextCharacter:
    """What may come after a beginning, with every number on the way to its probability.

    Attributes
    ----------
    names : tuple of str, shape (vocab_size,)
        A name for each token id, the last one `END`.
    logits : tuple of float, shape (vocab_size,)
        The model's scores.
    kept : tuple of int
        Ids that may be drawn, the most probable first; all of them without top-k.
    steps : SoftmaxSteps
        The softmax of the kept logits, in the order of `kept`.
    """

    names: tuple[str, ...]
    logits: tuple[float, ...]
    kept: tuple[int, ...]
    steps: SoftmaxSteps

    @property
    def probs(self) -> list[float]:
        """A probability for each token id; 0 for those that top-k leaves out."""
        probs = [0.0] * len(self.names)
        for token_id, prob in zip(self.kept, self.steps.probs):
            probs[token_id] = prob
        return probs

    @property
    def entropy(self) -> float:
        """How uncertain the draw is, in bits."""
        return entropy_bits(self.steps.probs)


def entropy_bits(probs: Sequence[float]) -> float:
    """The mean surprise of a draw, in bits: 0 for a certainty, 1 for a fair coin.

    Source: Shannon, "A Mathematical Theory of Communication" (1948), section 6.

    >>> entropy_bits([0.5, 0.5, 0.0])
    1.0
    """
    return 0.0 - math.fsum(p * math.log2(p) for p in probs if p > 0)


def next_character(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
) -> NextCharacter:
    """Let the model read a beginning, and keep all numbers of its guess.

    Parameters
    ----------
    state_dict, config, tokenizer, prefix, temperature, top_k
        As for `microgpt.next_token_probs`.

    Raises
    ------
    ValueError
        As `microgpt.next_token_probs`.
    """
    weights = plain_weights(state_dict)
    next_token_probs(weights, config, tokenizer, prefix, temperature, top_k)  # its complaints
    keys, values = empty_cache(config), empty_cache(config)
    for pos_id, token_id in enumerate([tokenizer.BOS, *tokenizer.encode(prefix)]):
        logits = plain_gpt(token_id, pos_id, keys, values, weights, config)
    order = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    kept = tuple(order[: top_k or len(order)])
    steps = softmax_steps([logits[i] for i in kept], temperature)
    return NextCharacter((*tokenizer.chars, END), tuple(logits), kept, steps)


def ten_names(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 0.5,
    top_k: int | None = None,
    seed: int = 5,
) -> list[str]:
    """Ten names, each drawn with dice of its own that fall the same way on every call.

    So two calls differ by what was turned (the temperature, say) and by nothing else; and a name
    that became longer does not change the dice of the next one.
    """
    weights = plain_weights(state_dict)
    return [
        sample(weights, config, tokenizer, random.Random(rng_seed), temperature, prefix, top_k)
        for rng_seed in range(seed * NUM_NAMES, (seed + 1) * NUM_NAMES)
    ]


def temperature_bars(guesses: Sequence[NextCharacter], prefix: str) -> Picture:
    """Draw the next character's probabilities at several temperatures, below each other.

    Parameters
    ----------
    guesses : sequence of NextCharacter
        The same guess at different temperatures.
    prefix : str
        The beginning, for the title.
    """
    told = []
    with figure(9.6, 1.35 * len(guesses) + 0.5) as fig:
        axes = fig.subplots(len(guesses), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for ax, guess, hatch in zip(axes, guesses, HATCHES * len(guesses)):
            temperature, best = number(guess.steps.temperature), guess.names[guess.kept[0]]
            ax.bar(
                range(len(guess.names)),
                guess.probs,
                color=COLOURS["second"],
                hatch=hatch,
                edgecolor=TEXT,
            )
            words = f"T = {temperature}: {best} {max(guess.probs):.4f}, {guess.entropy:.2f} bits"
            ax.set_title(words, fontsize=12)
            told.append(words)
            ax.grid(False, axis="x")
        axes[-1].set_xticks(range(len(guesses[0].names)), guesses[0].names)
        axes[-1].set(ylim=(0, 1), xlim=(-0.7, len(guesses[0].names) - 0.3))
        alt = f"Bars of the next character's probabilities after {prefix!r} at {len(guesses)}"
        return to_picture(fig, f"{alt} temperatures, the highest each: {'; '.join(told)}.")


def die_picture(guess: NextCharacter, draws: Sequence[float]) -> Picture:
    """Draw probabilities end to end on the way from 0 to 1, and where some draws land.

    Parameters
    ----------
    guess : NextCharacter
        Whose probabilities; they stand in the order of the token ids.
    draws : sequence of float
        Numbers from 0 up to 1.
    """
    left, width, top = 20, 920, 40
    parts, at, landed = [], 0.0, []
    shades = ("data", "accent", "parameter")
    for place, (name, prob) in enumerate(zip(guess.names, guess.probs)):
        look = f'fill="{TINT[shades[place % 3]]}" stroke="{INK["constant"]}"'
        parts.append(rect(left + at * width, top, prob * width, 54, look))
        if prob >= MIN_SHARE:
            middle = left + (at + prob / 2) * width
            parts += [label(middle, top + 24, name, 17, bold=True)]
            parts += [label(middle, top + 44, f"{prob:.2f}", 12)]
        landed += [(u, name) for u in draws if at <= u < at + prob]
        at += prob
    for u, name in sorted(landed):
        x = left + u * width
        parts.append(
            f'<path d="M{x:.1f},{top + 56} l-7,14 h14 z" fill="{INK["gradient"]}"/>'
            + label(x, top + 88, f"{u:.2f}: {name}", 14, fill=INK["gradient"], bold=True)
        )
    parts += [label(left, 28, "0", 14), label(left + width, 28, "1", 14)]
    parts.append(label(480, 26, "each token owns a piece as long as its probability", 14))
    told = ", ".join(f"{u:.2f} lands on {name}" for u, name in sorted(landed))
    alt = f"The way from 0 to 1, cut into {len(guess.names)} pieces by probability. {told}."
    return drawing(960, top + 106, parts, alt)
