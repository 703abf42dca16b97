"""Many documents a step, padded to one length, in float32. Chapter 11.

A matrix product over 250 rows costs little more than one over 8. So several documents share a step:
short ones are filled up with tokens that count for nothing. The causal mask needs no change: the
filling stands at the end, where no real position looks. Only the mean must leave it out.

This is not the reference run any more: a step sees `batch_size` documents, and its gradient is the
mean of theirs. Documents of like length are put together, so that little is filled up. On a busy
machine ``OPENBLAS_NUM_THREADS=1`` keeps NumPy from sharing products among threads: slower there.
"""

from collections.abc import Iterator

import numpy as np

from ..training import Batch
from .arrays import ArrayLearner

BUCKET_WIDTH = 2  # lengths 1-2 go together, 3-4, ...: at most one position in a row is filling


class BatchedLearner(ArrayLearner):
    """The same model at half the precision. A step's gradient is the mean of its documents'."""

    dtype = np.float32  # a loss is good to about six digits

    def batches(self, documents: Iterator[list[int]], size: int) -> Iterator[Batch]:
        """Documents of like length together."""
        return bucketed(documents, size)


def bucketed(documents: Iterator[list[int]], batch_size: int) -> Iterator[Batch]:
    """Collect documents of like length; hand a batch out as soon as it is full.

    No document is skipped: one of a rare length waits until its bucket is full.
    """
    buckets: dict[int, Batch] = {}
    for document in documents:
        bucket = buckets.setdefault(len(document) // BUCKET_WIDTH, [])
        bucket.append(document)
        if len(bucket) == batch_size:
            yield bucket[:]
            bucket.clear()
