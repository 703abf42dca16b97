"""Several processes, each with a part of every batch: DistributedDataParallel. Chapter 11.

Every process holds the whole model. Of a batch of B documents, process r of W takes B / W; then the
processes average their gradients, which is the gradient of the whole batch, and each makes the same
step. Outside torchrun it trains on the same batches alone. Two processes on this machine:

    torchrun --standalone --nproc_per_node=2 -m microgpt --engine ddp --steps 200 --batch-size 16

Two machines of four processes each, the same line on both; HOST is the first one's name:

    torchrun --nnodes=2 --nproc_per_node=4 --rdzv_backend=c10d --rdzv_endpoint=HOST:29500 \
        -m microgpt --engine ddp --steps 200 --batch-size 64

The processes talk through nccl where each has a GPU of its own, else through gloo. If one dies,
the others stop: at once on the same machine, after `TIMEOUT` at the latest across machines.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from ..model import Config, StateDict
from ..training import Batch, Settings
from .torch_engine import TorchLearner, own_device

TIMEOUT = timedelta(seconds=60)


@contextmanager
def process_group() -> Iterator[int]:
    """Join the other processes that torchrun started; gives this one's rank."""
    if not {"RANK", "WORLD_SIZE", "MASTER_ADDR"} <= os.environ.keys():
        yield 0
        return
    device = own_device()
    if device.type == "cuda":
        torch.cuda.set_device(device)
    try:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=TIMEOUT)
    except RuntimeError as error:  # torch adds the frames of its C++ to the sentence
        raise ConnectionError(f"no process is reached: {str(error).splitlines()[0]}") from None
    try:
        yield dist.get_rank()
    finally:
        dist.destroy_process_group()


class DistributedLearner(TorchLearner):
    """A learner whose gradients and losses are means over all processes."""

    together = staticmethod(process_group)

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        super().__init__(state_dict, config, settings)
        self.rank, self.world = 0, 1
        if dist.is_initialized():
            self.rank, self.world = dist.get_rank(), dist.get_world_size()
        if self.world > 1:
            self.module = DistributedDataParallel(self.model)

    def batches(self, documents: Iterator[list[int]], size: int) -> Iterator[Batch]:
        """As many documents at a time as all processes together take, in their order."""
        if size % self.world:
            raise ValueError(f"batch_size {size} is no multiple of the {self.world} processes")
        return (list(islice(documents, size)) for _ in iter(int, 1))

    def own(self, batch: Batch) -> Batch:
        """The share of this process."""
        share = len(batch) // self.world
        return batch[self.rank * share : (self.rank + 1) * share]

    def everywhere(self, loss: torch.Tensor) -> float:
        """The mean of the processes' losses: the same number in each of them."""
        if self.world > 1:
            dist.all_reduce(loss)
            loss /= self.world
        return loss.item()
