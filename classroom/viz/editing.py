"""Move one weight of the trained model and see what it does: the weight editor of chapter 06."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.viz.cells import WIDTH, drawing, label, rect, two_digits
from classroom.viz.parts import sets
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, INK
from classroom.viz.tracing import name_ids
from microgpt.model import Config, StateDict
from microgpt.sampling import Floats, Weights, plain_gpt, plain_softmax, plain_weights
from microgpt.tokenizer import CharTokenizer
from microgpt.training import document_loss


@dataclass(frozen=True)
class Edit:
    """What moving one weight does to a name.

    Attributes
    ----------
    place : str
        The weight in words: ``"wte[0][3]: number 3 of the vector of 'a'"``.
    weight, move, gradient : float
        What it was, by how much it is moved, and the slope of the name's loss by it (nats a unit),
        found before the move.
    loss_before, loss_after : float
        The name's loss, nats a token.
    probs_before, probs_after : list of float
        Probabilities of what comes after the name, by token id.
    """

    place: str
    weight: float
    move: float
    gradient: float
    loss_before: float
    loss_after: float
    probs_before: Floats
    probs_after: Floats

    @property
    def predicted(self) -> float:
        """The change of the loss that the slope alone predicts."""
        return self.gradient * self.move


class Editor:
    """A model of which one weight at a time can be moved; the model itself is never changed.

    Parameters
    ----------
    state_dict, config, tokenizer
        The model, for example ``*microgpt.load()``.
    """

    def __init__(self, state_dict: StateDict, config: Config, tokenizer: CharTokenizer) -> None:
        self.state_dict, self.config, self.tokenizer = state_dict, config, tokenizer
        self.weights = plain_weights(state_dict)
        self._slopes: dict[str, Weights] = {}

    def edit(self, matrix: str, row: int, column: int, move: float, name: str) -> Edit:
        """Move a weight and measure a name with it and without.

        Parameters
        ----------
        matrix : str
            Name of a matrix, such as ``"layer0.mlp_fc1"``.
        row, column : int
            Which of its weights, both from 0.
        move : float
            What is added to it.
        name : str
            Whose loss, and after which the next token is guessed. Empty is allowed.

        Raises
        ------
        KeyError, IndexError
            If there is no such weight.
        ValueError
            If the name cannot be read, or the moved model's numbers are not finite.
        """
        rows, columns = self.config.shapes()[matrix]
        if not (0 <= row < rows and 0 <= column < columns):
            raise IndexError(f"{matrix} has {rows} rows and {columns} columns, both from 0")
        ids = [*name_ids(name, self.config, self.tokenizer), self.tokenizer.BOS]
        weight = self.weights[matrix][row][column]
        loss_before, probs_before = self._measure(ids)
        slope = self.slopes(name)[matrix][row][column]
        self.weights[matrix][row][column] = weight + move
        try:
            loss_after, probs_after = self._measure(ids)
        finally:
            self.weights[matrix][row][column] = weight
        place = f"{matrix}[{row}][{column}]: {self.meaning(matrix, row, column)}"
        losses = loss_before, loss_after
        return Edit(place, weight, move, slope, *losses, probs_before, probs_after)

    def slopes(self, name: str) -> Weights:
        """The gradient of a name's loss, in the shape of the parameters; kept for the next time."""
        if name not in self._slopes:
            params = [p for matrix in self.state_dict.values() for row in matrix for p in row]
            kept = [p.grad for p in params]
            for p in params:
                p.grad = 0
            document_loss(
                self.tokenizer.document_ids(name), self.state_dict, self.config
            ).backward()
            slopes = {
                key: [[float(p.grad) for p in row] for row in matrix]
                for key, matrix in self.state_dict.items()
            }
            for p, grad in zip(params, kept):
                p.grad = grad
            self._slopes = {name: slopes}
        return self._slopes[name]

    def meaning(self, matrix: str, row: int, column: int) -> str:
        """What a weight is for, in words."""
        kind = matrix.rpartition(".")[2]
        tokens = [*map(repr, self.tokenizer.chars), "BOS"]
        words = {
            "wte": lambda: f"number {column} of the vector of {tokens[row]}",
            "wpe": lambda: f"number {column} of the vector of position {row}",
            "lm_head": lambda: f"from number {column} of the stream to the score of {tokens[row]}",
            "mlp_fc1": lambda: f"from number {column} of the stream to inner number {row}",
            "mlp_fc2": lambda: f"from inner number {column} to number {row} of the stream",
            "attn_wo": lambda: f"from the heads' number {column} to number {row} of the stream",
        }
        names = {"attn_wq": "query", "attn_wk": "key", "attn_wv": "value"}
        if kind in names:
            head, inside = divmod(row, self.config.head_dim)
            return f"from number {column} of the stream to {names[kind]} {inside} of head {head}"
        return words[kind]()

    def _measure(self, ids: Sequence[int]) -> tuple[float, Floats]:
        """Mean loss of a document, and the probabilities after its last character."""
        keys: list = [[] for _ in range(self.config.n_layer)]
        values: list = [[] for _ in range(self.config.n_layer)]
        summed = 0.0
        for pos_id, (token_id, target_id) in enumerate(zip(ids, ids[1:])):
            logits = plain_gpt(token_id, pos_id, keys, values, self.weights, self.config)
            probs = plain_softmax(logits)
            summed -= math.log(max(probs[target_id], 1e-300))
        return summed / (len(ids) - 1), probs


def edit_in_words(edit: Edit) -> str:
    """What the gradient said beforehand, and what came of it, in one or two sentences.

    Parameters
    ----------
    edit : Edit
        From `Editor.edit`.
    """
    said = f"{edit.place}, now {edit.weight + edit.move:.4f}"
    if edit.gradient == 0:
        said += ". Gradient 0: a small move does nothing to this name's loss"
    else:
        way = "up" if edit.gradient < 0 else "down"
        said += f". Gradient {edit.gradient:+.4f}: moving it {way} lowers the loss"
    if edit.move == 0:
        return f"{said}. Not moved yet: loss {edit.loss_before:.4f}."
    change = edit.loss_after - edit.loss_before
    return (
        f"{said}. Moved by {edit.move:+.2f}: loss {edit.loss_before:.4f} → {edit.loss_after:.4f} "
        f"({change:+.4f}; the gradient predicted {edit.predicted:+.4f})."
    )


def edit_picture(edit: Edit, name: str, tokenizer: CharTokenizer) -> Picture:
    """Draw the probabilities of the next token before and after the move.

    Parameters
    ----------
    edit : Edit
        From `Editor.edit`.
    name : str
        After which the next token is guessed.
    tokenizer : CharTokenizer
        The vocabulary.

    Returns
    -------
    Picture
        A column for each token: a grey outline before, a blue bar after.
    """
    tokens = [*tokenizer.chars, "end"]
    pitch, base, tallest = (WIDTH - 70) / len(tokens), 236, 180
    top = max(0.1, *edit.probs_before, *edit.probs_after)
    parts = [label(50, 24, f"after {name!r} comes", 15, "start", bold=True), *_legend()]
    for i, (char, before, after) in enumerate(zip(tokens, edit.probs_before, edit.probs_after)):
        x = 50 + i * pitch
        tall, old = after / top * tallest, before / top * tallest
        bar = f'id="bar-{char}" fill="{COLOURS["second"]}"'
        parts.append(rect(x + 4, base - tall, pitch - 8, tall, bar))
        look = f'fill="none" stroke="{INK["constant"]}" stroke-width="1.6" stroke-dasharray="4 2"'
        parts.append(rect(x + 2, base - old, pitch - 4, old, f'id="old-{char}" {look}'))
        letter = label(x + pitch / 2, base + 18, char, 14, bold=True)
        if char != tokens[-1] and len(name) < 15:
            room = rect(x, base - tallest, pitch, tallest + 22, 'fill="#000" fill-opacity="0"')
            letter = sets(letter + room, f"read {name}{char}", f"add-{char}", name=name + char)
        parts.append(letter)
        parts.append(label(x + pitch / 2, base + 36, two_digits(after), 12))
    return drawing(WIDTH, base + 48, parts, _picture_in_words(edit, name, tokens))


def _picture_in_words(edit: Edit, name: str, tokens: Sequence[str]) -> str:
    """The alt text: the likeliest tokens before the move, and those that it changes most."""
    before, after = edit.probs_before, edit.probs_after

    def told(order: Sequence[int]) -> str:
        return ", ".join(f"{tokens[i]} {before[i]:.4f} → {after[i]:.4f}" for i in order[:3])

    likeliest = sorted(range(len(tokens)), key=lambda i: -before[i])
    words = f"What comes after {name!r}, before and after the move. Likeliest: {told(likeliest)}."
    if edit.move == 0:
        return words
    changed = sorted(range(len(tokens)), key=lambda i: -abs(after[i] - before[i]))
    return f"{words} Changed most: {told(changed)}."


def _legend() -> list[str]:
    """What outline and bar mean."""
    return [
        rect(640, 12, 14, 14, f'fill="none" stroke="{INK["constant"]}" stroke-dasharray="4 2"'),
        label(660, 24, "trained weight", 13, "start"),
        rect(790, 12, 14, 14, f'fill="{COLOURS["second"]}"'),
        label(810, 24, "moved weight", 13, "start"),
    ]
