"""The number of parameters, and what one or two slips would count: for exercise 6.1."""

from __future__ import annotations

from collections.abc import Callable

from classroom.exercises.kit.causes import Cause
from classroom.exercises.kit.checking import gives


def count_parameters(vocab_size: int, n_embd: int, n_layer: int, block_size: int) -> int:
    """Parameters of a model of these sizes."""
    tables = (2 * vocab_size + block_size) * n_embd
    return tables + n_layer * 12 * n_embd**2


Count = Callable[[int, int, int, int], int]
_TABLES: dict[str, Count] = {
    "": lambda v, n, layers, block: (2 * v + block) * n,
    "one of the two tables of vocab_size × n_embd (`wte`, `lm_head`) is missing": (
        lambda v, n, layers, block: (v + block) * n
    ),
    "the position embeddings are missing: block_size × n_embd": (
        lambda v, n, layers, block: 2 * v * n
    ),
    "`wpe` and `lm_head` are missing": lambda v, n, layers, block: v * n,
    "all three tables are missing": lambda v, n, layers, block: 0,
    "the three tables are there once, not once a layer": (
        lambda v, n, layers, block: layers * (2 * v + block) * n
    ),
    "`lm_head` has no bias": lambda v, n, layers, block: (2 * v + block) * n + v,
    "BOS is in `vocab_size` already: add nothing": lambda v, n, layers, b: (2 * v + 2 + b) * n,
    "the tables are vocab_size × n_embd and block_size × n_embd": (
        lambda v, n, layers, block: 2 * v * n + block * block
    ),
    "`wpe` has a row for each position: block_size × n_embd, not vocab_size × block_size": (
        lambda v, n, layers, block: 2 * v * n + v * block
    ),
}
_LAYERS: dict[str, Count] = {
    "": lambda v, n, layers, block: layers * 12 * n * n,
    "each layer has matrices of its own": lambda v, n, layers, block: 12 * n * n,
    "the layers are missing": lambda v, n, layers, block: 0,
    "a layer lacks 4 n²: it has four attention matrices and two of 4 n² in the MLP": (
        lambda v, n, layers, block: layers * 8 * n * n
    ),
    "the two MLP matrices are missing": lambda v, n, layers, block: layers * 4 * n * n,
    "the MLP is four times wider inside: 4 * n_embd by n_embd": (
        lambda v, n, layers, block: layers * 6 * n * n
    ),
    "attention has four matrices, `attn_wo` among them": (
        lambda v, n, layers, block: layers * 11 * n * n
    ),
    "attention has four matrices, not one": lambda v, n, layers, block: layers * 9 * n * n,
    "a matrix between two wide layers would be 16 n²; the MLP's are 4 n² each": (
        lambda v, n, layers, block: layers * 20 * n * n
    ),
    "this model has no biases": lambda v, n, layers, block: layers * (12 * n * n + 9 * n),
    "the model has no biases, in the MLP neither": (
        lambda v, n, layers, block: layers * (12 * n * n + 5 * n)
    ),
    "an RMSNorm here has no weights": lambda v, n, layers, block: layers * (12 * n * n + 2 * n),
    "a matrix has n_embd * n_embd numbers, not 2 * n_embd": (
        lambda v, n, layers, block: layers * 24 * n
    ),
    "in Python `^` is no power: n² is `n_embd**2`": (
        lambda v, n, layers, block: layers * 12 * n ^ 2
    ),
}


def count_causes() -> list[Cause]:
    """What one or two slips would count, and for precedence of `^` the whole sum."""
    causes = []
    for tables, of_tables in _TABLES.items():
        for layers, of_layers in _LAYERS.items():
            text = "; and ".join(filter(None, (tables, layers)))

            def wrong(*sizes: int, a: Count = of_tables, b: Count = of_layers) -> int:
                return a(*sizes) + b(*sizes)

            if text:
                causes.append(gives(wrong, f"{text}."))
    power = "in Python `^` is no power: n² is `n_embd**2`."
    causes.append(gives(lambda v, n, la, block: (2 * v + block) * n + la * 12 * n ^ 2, power))
    ours = "that is the number of our model, whatever the sizes: use the arguments."
    return [gives(4192, ours), *causes]
