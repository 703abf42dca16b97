"""The logit lens: what the model would guess if it stopped after each of its parts. Chapter 06.

After the embedding, after attention and after the MLP the residual stream is a vector of the same
size; `lm_head` can read each of them. (nostalgebraist, "interpreting GPT: the logit lens", 2020.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classroom.viz.cells import WIDTH, cell, drawing, label, outline, rect, shade, two_digits
from classroom.viz.parts import sets
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, INK
from classroom.viz.tracing import trace
from microgpt.inference import Floats, Weights, plain_linear, plain_softmax, plain_weights
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer

END = "end"
LEFT = 132


@dataclass(frozen=True)
class Lens:
    """What every stage of the model would guess at every position of a name.

    Attributes
    ----------
    name : str
        What was read.
    tokens : list of str
        The vocabulary in words, the end last.
    stages : list of str
        ``"embedding"``, then ``"+ attention"`` and ``"+ MLP"`` for each layer.
    probs : list of lists of probabilities
        ``probs[stage][position]`` has one number a token.
    """

    name: str
    tokens: list[str]
    stages: list[str]
    probs: list[list[Floats]]

    @property
    def targets(self) -> list[str]:
        """What comes next at each position."""
        return [*self.name, END]

    def right(self, stage: int, position: int) -> float:
        """Probability that a stage gives to what comes next."""
        return self.probs[stage][position][self.tokens.index(self.targets[position])]

    def best(self, stage: int, position: int) -> tuple[str, float]:
        """The likeliest token of a stage, and its probability."""
        row = self.probs[stage][position]
        return self.tokens[row.index(max(row))], max(row)


def logit_lens(
    name: str, state_dict: StateDict | Weights, config: Config, tokenizer: CharTokenizer
) -> Lens:
    """Let `lm_head` read the residual stream after every part of the model.

    Parameters
    ----------
    name : str
        At most ``block_size - 1`` characters; empty for the mark alone.
    state_dict, config, tokenizer
        The model.

    Returns
    -------
    Lens

    Raises
    ------
    ValueError
        If the name is too long or has a character that is not in the vocabulary.

    Examples
    --------
    >>> from microgpt import load
    >>> lens = logit_lens("mia", *load())
    >>> [f"{lens.right(stage, 1):.2f}" for stage in range(3)]
    ['0.12', '0.12', '0.15']
    """
    weights = plain_weights(state_dict)
    found = trace(name, weights, config, tokenizer)
    streams, stages = [found.embedded], ["embedding"]
    for number, layer in enumerate(found.layers):
        where = f" {number}" if config.n_layer > 1 else ""
        streams += [layer.halfway, layer.stream]
        stages += [f"+ attention{where}", f"+ MLP{where}"]
    probs = [[plain_softmax(plain_linear(x, weights["lm_head"])) for x in xs] for xs in streams]
    return Lens(name, [*tokenizer.chars, END], stages, probs)


def lens_picture(lens: Lens, position: int) -> Picture:
    """Draw the best guess of every stage at every position, and all guesses at one of them.

    Parameters
    ----------
    lens : Lens
        From `logit_lens`.
    position : int
        Whose guesses are drawn as bars; 0 is the mark.

    Raises
    ------
    ValueError
        If the name has no such position.
    """
    last = len(lens.targets) - 1
    if not 0 <= position <= last:
        raise ValueError(f"{lens.name!r} has the positions 0 to {last}, not {position}")
    pitch = min(72.0, (WIDTH - LEFT - 16) / (last + 1))
    parts = [*_table(lens, pitch)]
    below = 62 + 30 * len(lens.stages)
    parts.append(outline(LEFT + position * pitch, 46, pitch, below - 62))
    height = min(76, (500 - below) // len(lens.stages))
    for stage in range(len(lens.stages)):
        parts += _bars(lens, stage, position, below + stage * height, height)
    bottom = below + len(lens.stages) * height
    step = (WIDTH - LEFT - 16) / len(lens.tokens)
    for i, token in enumerate(lens.tokens):
        right = token == lens.targets[position]
        ink = INK["gradient"] if right else INK["constant"]
        middle = LEFT + (i + 0.5) * step
        parts.append(label(middle, bottom + 18, token, 14, fill=ink, bold=right))
    return drawing(WIDTH, bottom + 30, parts, _in_words(lens, position))


def _table(lens: Lens, pitch: float) -> list[str]:
    """A row a stage, a column a position: the best guess, shaded by what the right one got.

    A column is a control: it sets `position`.
    """
    parts = [label(LEFT - 12, 38, "read → next", 12, "end", INK["constant"])]
    for column, (read, target) in enumerate(zip(["BOS", *lens.name], lens.targets)):
        middle = LEFT + (column + 0.5) * pitch
        parts.append(label(middle, 38, f"{read} → {target}", 12 if pitch > 55 else 10, bold=True))
    for row, stage in enumerate(lens.stages):
        parts.append(label(LEFT - 12, 66 + row * 30, stage, 13, "end", bold=True))
    for column, read in enumerate(["BOS", *lens.name]):
        says, name = f"look at position {column}, {read}", f"column-{column}"
        parts.append(sets(_column(lens, column, pitch), says, name, position=column))
    return parts


def _column(lens: Lens, column: int, pitch: float) -> str:
    """The best guess of each stage at one position."""
    drawn = ""
    for row in range(len(lens.stages)):
        token, prob = lens.best(row, column)
        colour = shade(lens.right(row, column), 0, 0.7)
        place = LEFT + column * pitch, 46 + row * 30, pitch, 30
        drawn += cell(*place, colour, f"{token} {two_digits(prob)}", 12)
    return drawn


def _bars(lens: Lens, stage: int, position: int, top: float, height: float) -> list[str]:
    """All guesses of a stage at a position."""
    row, step = lens.probs[stage][position], (WIDTH - LEFT - 16) / len(lens.tokens)
    tallest, base = max(max(probs[position]) for probs in lens.probs), top + height
    parts = [label(LEFT - 12, base - 8, lens.stages[stage], 13, "end", bold=True)]
    parts.append(rect(LEFT, base - 1, WIDTH - LEFT - 16, 1, f'fill="{COLOURS["constant"]}"'))
    for i, (token, prob) in enumerate(zip(lens.tokens, row)):
        tall = prob / tallest * (height - 22)
        right = token == lens.targets[position]
        colour = COLOURS["gradient"] if right else COLOURS["second"]
        x = LEFT + i * step
        look = f'id="bar-{stage}-{token}" fill="{colour}"'
        parts.append(rect(x + 4, base - tall, step - 8, tall, look))
        if right or prob >= 0.05:
            parts.append(label(x + step / 2, base - tall - 4, two_digits(prob), 11))
    return parts


def _in_words(lens: Lens, position: int) -> str:
    """The alt text: what each stage gives the right token at every position, and one in detail."""
    told = "; ".join(
        f"{target} {' → '.join(f'{lens.right(s, at):.2f}' for s in range(len(lens.stages)))}"
        for at, target in enumerate(lens.targets)
    )
    read = ["BOS", *lens.name][position]
    best = ", ".join(
        f"{stage}: {lens.best(number, position)[0]} {lens.best(number, position)[1]:.2f}"
        for number, stage in enumerate(lens.stages)
    )
    return (
        f"Logit lens on {lens.name!r}: what `lm_head` reads in the stream after "
        f"{', '.join(lens.stages)}. Probability of what comes next: {told}. "
        f"After {read!r}, position {position}, the likeliest is: {best}."
    )


def lens_in_words(lens: Lens, position: int) -> str:
    """One sentence: how the probability of the right token changes on the way."""
    steps: Sequence[str] = [
        f"{stage} {lens.right(number, position):.4f}" for number, stage in enumerate(lens.stages)
    ]
    read, target = ["BOS", *lens.name][position], lens.targets[position]
    return f"position {position}, {read!r} read, {target!r} comes next: {', '.join(steps)}"
