"""How many nodes each block of the model adds to the graph of a name. Chapter 06.

Counted, not estimated: the graph is built block by block, and after each block its new nodes are
counted. Twice: with the package's `dot` nodes, and with every product and sum a node of its own,
as in the reference script: that is the engine `plain`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from microgpt.autograd import Value, total
from microgpt.engines import plain
from microgpt.layers import cross_entropy, linear, rmsnorm
from microgpt.model import Config, StateDict, attention, mlp
from microgpt.tokenizer import CharTokenizer

BLOCKS = ("embedding", "rmsnorm", "attention", "add 1", "MLP", "add 2", "lm_head", "loss")
"""The blocks on the way of a token; those from "attention" to "add 2" once a layer."""


@dataclass(frozen=True)
class NodeCount:
    """The nodes of a name's graph, by block.

    Attributes
    ----------
    blocks : dict of str to int
        New nodes that each of `BLOCKS` made, all positions and layers together.
    parameters : int
        Parameters that the graph reaches. Rows of letters that do not occur are not in it.
    """

    blocks: dict[str, int]
    parameters: int

    @property
    def made(self) -> int:
        """Nodes made for this name; the parameters were there before."""
        return sum(self.blocks.values())

    @property
    def reached(self) -> int:
        """All that `backward` walks: nodes made, and parameters reached."""
        return self.made + self.parameters


def count_nodes(
    name: str,
    state_dict: StateDict,
    config: Config,
    tokenizer: CharTokenizer,
    written_out: bool = False,
) -> NodeCount:
    """Build the graph of a name's loss block by block, and count.

    Parameters
    ----------
    name : str
        Cut to the block's length, as in training.
    state_dict, config, tokenizer
        The model.
    written_out : bool
        Make each product and each sum a node, as the reference script does.

    Returns
    -------
    NodeCount

    Raises
    ------
    ValueError
        If a character is not in the vocabulary.
    """
    ids = tokenizer.document_ids(name)
    maths = WRITTEN_OUT if written_out else FUSED
    counter = _Counter(state_dict)
    cache: list[tuple[list, list]] = [([], []) for _ in range(config.n_layer)]
    losses = []
    for pos_id, (token_id, target_id) in enumerate(zip(ids[: config.block_size], ids[1:])):
        x = [t + p for t, p in zip(state_dict["wte"][token_id], state_dict["wpe"][pos_id])]
        x = counter.add("embedding", x)
        x = counter.add("rmsnorm", maths.rmsnorm(x))
        for layer, (keys, values) in enumerate(cache):
            matrices = [
                state_dict[name] for name in state_dict if name.startswith(f"layer{layer}.")
            ]
            normed = maths.rmsnorm(x)
            listened = maths.attention(normed, keys, values, *matrices[:4], config.n_head)
            listened = counter.add("attention", listened)
            x = counter.add("add 1", [a + b for a, b in zip(listened, x)])
            thought = counter.add("MLP", maths.mlp(maths.rmsnorm(x), *matrices[4:]))
            x = counter.add("add 2", [a + b for a, b in zip(thought, x)])
        logits = counter.add("lm_head", maths.linear(x, state_dict["lm_head"]))
        losses += counter.add("loss", [maths.surprise(logits, target_id)])
    counter.add("loss", [maths.mean(losses)])
    return NodeCount(counter.blocks, counter.parameters)


class _Counter:
    """Counts the nodes that were not there when it looked last."""

    def __init__(self, state_dict: StateDict) -> None:
        self.params = {id(p) for matrix in state_dict.values() for row in matrix for p in row}
        self.seen: dict[int, Value] = {}  # holds the nodes, so that no id is given away again
        self.blocks = dict.fromkeys(BLOCKS, 0)
        self.parameters = 0

    def add(self, block: str, outputs: list[Value]) -> list[Value]:
        """Count what `outputs` are made of on the account of a block; hand them on."""
        waiting = list(outputs)
        while waiting:
            node = waiting.pop()
            if id(node) in self.seen:
                continue
            self.seen[id(node)] = node
            if id(node) in self.params:
                self.parameters += 1
            else:
                self.blocks[block] += 1
            waiting += node._children
        return outputs


@dataclass(frozen=True)
class _Maths:
    """One way to write the model's parts."""

    linear: Callable[..., list[Value]]
    rmsnorm: Callable[..., list[Value]]
    attention: Callable[..., list[Value]]
    mlp: Callable[..., list[Value]]
    surprise: Callable[..., Any]
    mean: Callable[..., Any]


def _attention(
    x: Any, keys: Any, values: Any, wq: Any, wk: Any, wv: Any, wo: Any, n_head: int
) -> list[Value]:
    keys.append(plain.linear(x, wk))
    values.append(plain.linear(x, wv))
    return plain.linear(plain.attention(plain.linear(x, wq), keys, values, n_head), wo)


def _mlp(x: Any, fc1: Any, fc2: Any) -> list[Value]:
    return plain.linear(plain.relu(plain.linear(x, fc1)), fc2)


FUSED = _Maths(linear, rmsnorm, attention, mlp, cross_entropy, lambda xs: total(xs) * (1 / len(xs)))
WRITTEN_OUT = _Maths(
    plain.linear, plain.rmsnorm, _attention, _mlp, plain.cross_entropy, plain.mean
)  # fmt: skip
