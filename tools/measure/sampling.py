"""Sampling at its most direct: a whole graph for every character, and nobody walks it."""

from __future__ import annotations

import random

from microgpt.engines import plain
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer
from microgpt.training import Settings


class GraphSampler:
    """Sampler on `PlainValue`s, at temperature 0.5."""

    def __init__(self, state_dict: StateDict, config: Config, tokenizer: CharTokenizer) -> None:
        self.matrices = plain.PlainLearner(state_dict, config, Settings()).matrices
        self.config, self.tokenizer = config, tokenizer

    def sample(self, rng: random.Random) -> str:
        """Invent one name."""
        keys: list = [[] for _ in range(self.config.n_layer)]
        values: list = [[] for _ in range(self.config.n_layer)]
        token_id, ids = self.tokenizer.BOS, []
        for pos_id in range(self.config.block_size):
            logits = plain.gpt(token_id, pos_id, keys, values, self.matrices, self.config, plain)
            probs = [p.data for p in plain.softmax([logit / 0.5 for logit in logits])]
            token_id = rng.choices(range(len(probs)), weights=probs)[0]
            if token_id == self.tokenizer.BOS:
                break
            ids.append(token_id)
        return self.tokenizer.decode(ids)
