"""Many documents a step, padded to one length, in float32. Chapter 11.

A matrix product over 250 rows costs little more than one over 8. So several documents share a step:
short ones are filled up with tokens that count for nothing. The causal mask needs no change: the
filling stands at the end, where no real position looks. Only the mean must leave it out.

This is not the reference run any more: a step sees `batch_size` documents, and its gradient is the
mean of theirs. Documents of like length are put together, so that little is filled up.

NumPy's matrix library may share products of this size among several threads. On a machine that is
busy with other things that is slower, not faster: set ``OPENBLAS_NUM_THREADS=1`` before Python
starts, as `make bench` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..model import Config, StateDict
from ..tokenizer import CharTokenizer
from ..training import Step
from .arrays import Array, ArrayAdam, ArrayGPT
from .common import check_input, flat_params, run, token_stream
from .numpy_engine import ArrayLearner

BUCKET_WIDTH = 2  # lengths 1-2 go together, 3-4, ...: at most one position in a row is filling


def bucketed(documents: Iterator[list[int]], batch_size: int) -> Iterator[list[list[int]]]:
    """Collect documents of like length; hand a batch out as soon as it is full.

    No document is skipped: one of a rare length waits until its bucket is full.

    Yields
    ------
    list of documents, shape (batch_size,)
        Their lengths differ by less than `BUCKET_WIDTH`.
    """
    buckets: dict[int, list[list[int]]] = {}
    for document in documents:
        bucket = buckets.setdefault(len(document) // BUCKET_WIDTH, [])
        bucket.append(document)
        if len(bucket) == batch_size:
            yield bucket[:]
            bucket.clear()


def padded(documents: Sequence[Sequence[int]]) -> tuple[Array, Array, Array]:
    """One batch as arrays, and what each position counts for: the masked mean.

    Parameters
    ----------
    documents : sequence of token lists
        Document b has n_b + 1 tokens, so n_b positions.

    Returns
    -------
    inputs, targets : int arrays, shape (B, n)
        n is the largest n_b; the rest of each row is filled up with token 0.
    share : array, shape (B * n, 1)
        1 / (B * n_b) on the positions of document b, 0 on its filling. So the loss of a batch is
        the mean of its documents' losses, whatever their lengths.
    """
    tokens = np.zeros((len(documents), max(map(len, documents))), dtype=np.int64)
    share = np.zeros((len(documents), tokens.shape[1] - 1))
    for b, document in enumerate(documents):
        n_b = len(document) - 1
        tokens[b, : n_b + 1] = document
        share[b, :n_b] = 1 / (len(documents) * n_b)
    return tokens[:, :-1], tokens[:, 1:], share.reshape(-1, 1)


def train(
    docs: Sequence[str],
    tokenizer: CharTokenizer,
    config: Config,
    state_dict: StateDict,
    num_steps: int = 1000,
    learning_rate: float = 0.01,
    beta1: float = 0.85,
    beta2: float = 0.99,
    eps: float = 1e-8,
    *,
    batch_size: int = 32,
    dtype: str = "float32",
) -> Iterator[Step]:
    """Train on `batch_size` documents a step; the rest is as in `microgpt.train`.

    Parameters
    ----------
    batch_size : int
        Documents a step. A step's gradient is the mean of the documents' gradients.
    dtype : {"float32", "float64"}
        Precision of all numbers. At float32 a loss is good to about six digits.

    Raises
    ------
    ValueError
        As `microgpt.train`, and if `batch_size` is below 1 or `dtype` unknown.
    """
    if not isinstance(batch_size, int) or batch_size < 1:
        raise ValueError(f"batch_size must be a whole number of at least 1, not {batch_size!r}")
    if dtype not in ("float32", "float64"):
        raise ValueError(f"dtype must be 'float32' or 'float64', not {dtype!r}")
    check_input(docs, tokenizer, config, state_dict, num_steps, learning_rate, (beta1, beta2, eps))
    params = flat_params(state_dict, config)
    model = ArrayGPT(config, [param.data for param in params], dtype)
    learner = ArrayLearner(model, ArrayAdam(model.flat, beta1, beta2, eps))
    documents = bucketed(token_stream(docs, tokenizer, config), batch_size)
    batches = map(padded, documents)
    return run(learner, batches, params, num_steps, learning_rate)
