"""A name on its way through the machine: what is computed, station by station (chapter 00)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from classroom.lab.sampling import END
from classroom.lab.tracing import Trace, trace
from microgpt.inference import Weights, float_softmax, float_weights
from microgpt.sampling import sample

STATIONS = (
    (3, "tokenizer", "text to ids"),
    (5, "embeddings", "token + position"),
    (5, "attention", "look back"),
    (6, "MLP", "think alone"),
    (4, "softmax", "probabilities"),
    (9, "sample", "roll the die"),
)
"""Chapter, title and note of each station, in the order of the way."""


@dataclass(frozen=True)
class Moment:
    """One token at its position, with all that the model computes there.

    Attributes
    ----------
    position : int
        Its position; 0 is BOS.
    label : str
        What it looks like.
    token_id : int
        Its number.
    names : tuple of str
        A name for each token id, the last one "BOS".
    found : Trace
        The numbers of the whole name.
    weights : dict
        The parameters, in floats.
    probs : list of float
        What may come next, at the journey's temperature.
    die : float
        The number from 0 up to 1 that is drawn.
    drawn : str
        The token on which it falls.
    """

    position: int
    label: str
    token_id: int
    names: tuple[str, ...]
    found: Trace
    weights: Weights
    probs: list[float]
    die: float
    drawn: str

    def told(self, station: int) -> str:
        """What happens at a station, with its key number."""
        layer = self.found.layers[-1]
        awake = sum(h > 0 for h in layer.hidden[self.position])
        head, where, weight = self._strongest()
        best = max(range(len(self.probs)), key=self.probs.__getitem__)
        return (
            f"{self.label} is token number {self.token_id}",
            f"token {self.token_id} and position {self.position} become one vector of "
            f"{len(self.found.embedded[self.position])} numbers",
            f"head {head} of {len(layer.attn_weights)} looks back at {self.found.labels[where]} "
            f"(position {where}) with weight {weight:.2f}",
            f"{awake} of {len(layer.hidden[self.position])} detectors answer",
            f"the best guess is {self.names[best]} with {self.probs[best]:.2f}",
            f"the die shows {self.die:.2f} and falls on {self.drawn}",
        )[station]

    def _strongest(self) -> tuple[int, int, float]:
        """The largest attention weight of all heads: head, position, weight."""
        heads = self.found.layers[-1].attn_weights
        every = [
            (weight, -head, -where)
            for head, rows in enumerate(heads)
            for where, weight in enumerate(rows[self.position])
        ]
        weight, head, where = max(every)
        return -head, -where, weight


@dataclass(frozen=True)
class Journey:
    """A name that the model writes, and everything it computes on the way.

    Attributes
    ----------
    name : str
        The name.
    moments : tuple of Moment
        One for each token read: BOS first, then each letter.
    """

    name: str
    moments: tuple[Moment, ...]

    @property
    def steps(self) -> int:
        """How many steps there are: stations times tokens."""
        return len(self.moments) * len(STATIONS)


def journey(model: Any, seed: int = 10, temperature: float = 0.5) -> Journey:
    """Let the model write one name and keep what happens at each station.

    Parameters
    ----------
    model : tuple of (state_dict, config, tokenizer)
        For example `microgpt.load()`.
    seed : int
        Of the dice.
    temperature : float
        As for `microgpt.sample`, which writes the same name with the same dice.
    """
    state_dict, config, tokenizer = model
    weights = float_weights(state_dict)
    name = sample(weights, config, tokenizer, random.Random(seed), temperature)
    dice = random.Random(seed)
    read = name[: config.block_size - 1]
    found = trace(read, weights, config, tokenizer)
    names = (*tokenizer.chars, END)
    moments = []
    for position, label in enumerate(found.labels):
        probs = float_softmax([logit / temperature for logit in found.logits[position]])
        drawn = name[position] if position < len(name) else END
        token_id = tokenizer.BOS if position == 0 else tokenizer.encode(label)[0]
        moments.append(
            Moment(position, label, token_id, names, found, weights, probs, dice.random(), drawn)
        )
    return Journey(name, tuple(moments))
