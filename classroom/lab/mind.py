"""The whole model as something to play with: read a name, ask for slopes, move, switch off.

What `classroom.widgets.mind` shows is computed here, in floats, and for slopes and a step of
Adam with the core's own `Value` and `Adam`. The model that is given is never changed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from classroom.lab.addresses import Addresses, Square
from classroom.lab.taps import Seen, read, surprises, tapped_gpt, unchanged
from classroom.lab.tracing import name_ids
from microgpt.autograd import Value
from microgpt.inference import (
    Floats,
    Weights,
    empty_cache,
    float_linear,
    float_softmax,
    float_weights,
)
from microgpt.model import Config, StateDict, flatten
from microgpt.optim import Adam
from microgpt.tokenizer import CharTokenizer
from microgpt.training import document_loss

NAMES = 6
REMEMBERED = 3000
"""Products of a trained matrix and a vector that are kept: a weight that is dragged changes one."""
RATE, TEMPERATURE = 0.01, 0.5
Numbers = Mapping[str, Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Reading:
    """What the model computes while it reads a name.

    Attributes
    ----------
    labels, targets : list of str
        What is read at each position, ``BOS`` first, and what comes next, ``BOS`` last.
    seen : dict of str to list of vectors
        Every vector on the way, see `classroom.lab.taps`.
    losses : list of float
        The surprise at each target, in nats.
    """

    labels: list[str]
    targets: list[str]
    seen: Seen
    losses: Floats

    @property
    def loss(self) -> float:
        """The name's loss, nats a token."""
        return sum(self.losses) / len(self.losses)

    def probs(self, position: int) -> Floats:
        """The probabilities of what comes after a position, by token id."""
        return float_softmax(self.seen["logits"][position])


class Mind(Addresses):
    """A trained model with one layer, to be read with, moved and silenced.

    Parameters
    ----------
    state_dict, config, tokenizer
        The model, for example ``*microgpt.load()``.
    usual_names : list of str, optional
        What it writes, if that is known.

    Raises
    ------
    ValueError
        If the model has other sizes than the course's: the screen is made for those.
    """

    def __init__(
        self,
        state_dict: StateDict | Weights,
        config: Config,
        tokenizer: CharTokenizer,
        usual_names: list[str] | None = None,
    ) -> None:
        if config != Config(vocab_size=27):
            raise ValueError(f"the screen is made for {Config(vocab_size=27)}, not for {config}")
        super().__init__(config, [*tokenizer.chars, "BOS"])
        self.weights, self.tokenizer = float_weights(state_dict), tokenizer
        self._trained = {id(matrix) for matrix in self.weights.values()}
        self._products: dict[tuple[float, ...], Floats] = {}
        self.usual_names = usual_names or self.names()
        self.usual = lru_cache(maxsize=16)(self.reading)
        self.slopes = lru_cache(maxsize=16)(self._slopes)
        self.stepped = lru_cache(maxsize=16)(self._stepped)

    def ids(self, name: str) -> list[int]:
        """The name's ids with BOS at both ends; a ValueError if the model cannot read it."""
        return [*name_ids(name, self.config, self.tokenizer), self.tokenizer.BOS]

    def reading(self, name: str, weights: Weights | None = None) -> Reading:
        """Read a name, with these weights or with the trained ones."""
        ids = self.ids(name)
        seen = read(ids[:-1], weights or self.weights, self.config)
        return Reading(["BOS", *name], [*name, "BOS"], seen, surprises(seen["logits"], ids[1:]))

    def names(self, weights: Weights | None = None, count: int = NAMES) -> list[str]:
        """Names that the model writes, each with dice of its own: the same for all weights."""
        weights = weights or self.weights
        keys, values = empty_cache(self.config), empty_cache(self.config)
        first = self._scores(self.tokenizer.BOS, 0, (keys, values), weights)
        found = []
        for seed in range(count):  # `microgpt.sample`, but all begin with the same first step
            caches = [list(keys[0])], [list(values[0])]
            found.append(self._written(random.Random(seed), first, caches, weights))
        return found

    def _written(
        self, rng: random.Random, logits: Floats, caches: tuple[Any, Any], weights: Weights
    ) -> str:
        """A name, from the scores of its first letter on."""
        ids: list[int] = []
        while True:
            probs = float_softmax([logit / TEMPERATURE for logit in logits])
            token_id = rng.choices(range(len(probs)), weights=probs)[0]
            if token_id != self.tokenizer.BOS:
                ids.append(token_id)
            if token_id == self.tokenizer.BOS or len(ids) == self.config.block_size:
                return self.tokenizer.decode(ids)
            logits = self._scores(token_id, len(ids), caches, weights)

    def _scores(
        self, token_id: int, pos_id: int, caches: tuple[Any, Any], weights: Weights
    ) -> Floats:
        """What `float_gpt` computes; what comes before a changed matrix is remembered."""
        config, linear = self.config, self._product
        return tapped_gpt(token_id, pos_id, *caches, weights, config, unchanged, linear)

    def _product(self, x: Floats, matrix: Sequence[Sequence[float]]) -> Floats:
        """`float_linear`; for a trained matrix, remembered."""
        if id(matrix) not in self._trained:
            return float_linear(x, matrix)
        key = id(matrix), *x
        if key not in self._products:
            if len(self._products) >= REMEMBERED:
                self._products.clear()
            self._products[key] = float_linear(x, matrix)
        return self._products[key]

    def thrown(self, name: str, reading: Reading) -> str:
        """The name with the letter that the die falls on; after its end, another one's first."""
        rng = random.Random(f"lands {name}")  # the same after the same name; 15 till one comes back
        drawn = rng.choices(self.tokens, weights=reading.probs(len(name)))[0]
        if len(drawn) == 1:
            return name + drawn
        return rng.choices(self.tokens[:-1], weights=reading.probs(0)[:-1])[0]

    def _slopes(self, name: str) -> Weights:
        """The slope of the name's loss by each weight, nats a unit: `backward` finds them all."""
        return _grads(self._walked(name))

    def _walked(self, name: str) -> StateDict:
        """The model as nodes, after `backward` on the name's loss."""
        nodes = {
            key: [[Value(number) for number in row] for row in rows]
            for key, rows in self.weights.items()
        }
        document_loss(self.ids(name), nodes, self.config).backward()
        return nodes

    def _stepped(self, name: str) -> Weights:
        """The weights after one step of a fresh Adam on this name."""
        nodes = self._walked(name)
        Adam(flatten(nodes)).step(RATE)
        return float_weights(nodes)

    def changed(self, square: str = "", move: float = 0.0, off: str = "") -> Weights:
        """The trained weights with one moved, and some parts silenced.

        Parameters
        ----------
        square : str
            Which weight is moved, such as ``"lm_head[12][11]"``.
        move : float
            What is added to it.
        off : str
            What is switched off, with commas between: ``"head 1, detector 40, wte[4]"``;
            ``"heads"`` and ``"detectors"`` are all of them.
        """
        weights = dict(self.weights)  # what is not changed stays the very same matrix
        moved = [self.square(square)] if move else []
        silent = list(self.silenced(off))
        for key in {one[0] for one in (*moved, *silent)}:
            weights[key] = [list(row) for row in weights[key]]
        for key, row, column in moved:
            weights[key][row][column] += move
        for key, row, columns in silent:
            for column in columns:
                weights[key][row][column] = 0.0
        return weights

    def light(
        self, reading: Reading, position: int, matrices: Sequence[str], weights: Numbers
    ) -> Weights:
        """How much passes through each weight at a position: weight times what comes in.

        Parameters
        ----------
        reading : Reading
            From `reading`.
        position : int
            Which token is on its way.
        matrices : sequence of str
            The matrices that it passes now; all others get no light.
        weights : dict of str to rows of float
            With which it was read.

        Returns
        -------
        dict of str to rows of float
            0 for what is not used: all rows of ``wte`` but one, columns of sleeping detectors.
        """
        lit: Weights = {}
        for key in matrices:
            kind, rows = key.rpartition(".")[2], weights[key]
            if kind in ("wte", "wpe"):
                used = self._id(reading, position) if kind == "wte" else position
                lit[key] = [
                    list(row) if i == used else [0.0] * len(row) for i, row in enumerate(rows)
                ]
                continue
            x = self.comes_in(reading, position, key)
            lit[key] = [[w * xi for w, xi in zip(row, x)] for row in rows]
            if kind == "mlp_fc1":  # what leads to a sleeping detector goes no further
                awake = reading.seen["layer0.hidden"][position]
                lit[key] = [[w * (h > 0) for w in row] for row, h in zip(lit[key], awake)]
        return lit

    def comes_in(self, reading: Reading, position: int, key: str) -> Floats:
        """The numbers that a matrix is multiplied with at a position."""
        came = {"attn_wo": "heads", "mlp_fc1": "renormed", "mlp_fc2": "hidden", "lm_head": "stream"}
        return reading.seen["layer0." + came.get(key.rpartition(".")[2], "normed")][position]

    def added_up(
        self, square: Square, reading: Reading, position: int, weights: Numbers
    ) -> tuple[str, str]:
        """A weight's part in what is computed at a position, and what it is a part of, in words.

        ``■`` stands before a weight, ``●`` before a number of the stream.
        """
        key, row, column = square
        weight, means = weights[key][row][column], self.meaning(square)
        if key in ("wte", "wpe"):
            used = self._id(reading, position), position
            if row != used[key == "wpe"]:
                return f"■ {weight:.3f} is not used now", f"it is {means}"
            others = weights["wte"][used[0]] if key == "wpe" else weights["wpe"][position]
            total, normed = weight + others[column], reading.seen["embedded"][position][column]
            said = f"■ {weight:.3f} + ■ {others[column]:.3f} = {total:.3f}"
            return said, f"letter and place add up; the norm makes it {normed:.2f}"
        x, rows = self.comes_in(reading, position, key), weights[key]
        total = sum(w * xi for w, xi in zip(rows[row], x))
        came = means.partition(" to ")[2]
        if key.endswith("mlp_fc1"):
            came += " is awake" if total > 0 else " sleeps (ReLU)"
        said = f"■ {weight:.3f} × ● {x[column]:.3f} = {weight * x[column]:.3f}"
        return said, f"with the {len(x) - 1} others in the frame: {total:.2f}, {came}"

    def _id(self, reading: Reading, position: int) -> int:
        """The id of what is read at a position."""
        label = reading.labels[position]
        return self.tokenizer.encode(label)[0] if position else self.tokenizer.BOS


def _grads(nodes: Any) -> Weights:
    return {key: [[node.grad for node in row] for row in rows] for key, rows in nodes.items()}
