"""Several processes, each with a part of every batch: DistributedDataParallel. Chapter 11.

Every process holds the whole model. Of a batch of B documents, process r of W takes B / W; then the
processes average their gradients, which is the gradient of the whole batch, and each makes the same
step. Two processes on this machine:

    torchrun --standalone --nproc_per_node=2 -m microgpt.engines.ddp --steps 200 --batch-size 16

Two machines of four processes each, the same line on both; HOST is the first one's name:

    torchrun --nnodes=2 --nproc_per_node=4 --rdzv_backend=c10d --rdzv_endpoint=HOST:29500 \
        -m microgpt.engines.ddp --steps 200 --batch-size 64

The processes talk through nccl where each has a GPU of its own, else through gloo. If one of them
dies, the others stop: at once on the same machine, after `TIMEOUT` at the latest across machines.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from ..checkpoint import save
from ..data import load_docs
from ..model import Config, StateDict, init_params
from ..sampling import sample
from ..tokenizer import CharTokenizer
from ..training import Step, TrainingDiverged
from .common import check_input, flat_params, run, token_stream
from .torch_engine import Batch, TorchGPT, TorchLearner, few_threads, padded

TIMEOUT = timedelta(seconds=60)


class DistributedLearner(TorchLearner):
    """A learner whose gradients and losses are means over all processes."""

    def __init__(self, model: TorchGPT, betas: Sequence[float]) -> None:
        together = dist.is_initialized() and dist.get_world_size() > 1
        super().__init__(model, betas, DistributedDataParallel(model) if together else model)

    def everywhere(self, loss: torch.Tensor) -> float:
        """The mean of the processes' losses: the same number in each of them."""
        if self.module is not self.model:
            dist.all_reduce(loss)
            loss /= dist.get_world_size()
        return loss.item()


def own_batches(
    tokens: Iterator[list[int]], batch_size: int, device: torch.device
) -> Iterator[Batch]:
    """Of every `batch_size` documents, those that are this process's to work on."""
    rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    share = batch_size // world
    while True:
        documents = [next(tokens) for _ in range(batch_size)]
        yield padded(documents[rank * share : (rank + 1) * share], device)


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
    batch_size: int = 16,
) -> Iterator[Step]:
    """Train on `batch_size` documents a step, shared out among the processes there are.

    Call it in every process with the same arguments; each yields the same steps and ends with the
    same weights. In a single process, outside torchrun, it trains on the same batches alone.

    Parameters
    ----------
    batch_size : int
        Documents a step in all processes together; a multiple of their number. Step k takes the
        documents k * batch_size and following.

    Raises
    ------
    ValueError
        As `microgpt.train`, and if the batch cannot be shared out evenly.
    """
    betas = (beta1, beta2, eps)
    check_input(docs, tokenizer, config, state_dict, num_steps, learning_rate, betas)
    world = dist.get_world_size() if dist.is_initialized() else 1
    if not isinstance(batch_size, int) or batch_size < 1 or batch_size % world:
        raise ValueError(
            f"batch_size must be a multiple of the {world} processes, not {batch_size!r}"
        )
    params = flat_params(state_dict, config)
    device = own_device()
    learner = DistributedLearner(TorchGPT(config, [p.data for p in params]).to(device), betas)
    batches = own_batches(token_stream(docs, tokenizer, config), batch_size, device)
    return few_threads(run(learner, batches, params, num_steps, learning_rate), config)


def own_device() -> torch.device:
    """A GPU of this process's own, if the machine has one for each of its processes; else CPU."""
    if torch.cuda.device_count() >= int(os.environ.get("LOCAL_WORLD_SIZE", "1")):
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


@contextmanager
def process_group() -> Iterator[int]:
    """Join the other processes that torchrun started; gives this one's rank."""
    if "RANK" not in os.environ:
        yield 0
        return
    device = own_device()
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=TIMEOUT)
    try:
        yield dist.get_rank()
    finally:
        dist.destroy_process_group()


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="torchrun --standalone --nproc_per_node=2 -m microgpt.engines.ddp",
        description="Train the GPT in several processes.",
    )
    parser.add_argument("--data", metavar="FILE", help="one document a line; default: the names")
    parser.add_argument("--steps", type=int, default=200, help="default: 200")
    parser.add_argument(
        "--batch-size", type=int, default=16, help="documents a step, all processes; default: 16"
    )
    parser.add_argument("--learning-rate", type=float, default=0.01, help="default: 0.01")
    parser.add_argument("--seed", type=int, default=42, help="default: 42")
    parser.add_argument("--samples", type=int, default=5, help="default: 5")
    parser.add_argument("--save", metavar="FILE", help="where to save the weights (JSON)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report from the first process only, sample. Returns the exit code."""
    options = parse(arguments)
    try:
        with process_group() as rank:
            train_and_report(options, rank)
    except (ValueError, OSError, TrainingDiverged) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:  # what gloo and nccl raise when another process is gone
        print(f"error: lost another process, so this one stops too: {error}", file=sys.stderr)
        return 3
    return 0


def train_and_report(options: argparse.Namespace, rank: int) -> None:
    """The whole run, in one of the processes."""
    rng = random.Random(options.seed)
    docs = load_docs(options.data)
    rng.shuffle(docs)
    tokenizer = CharTokenizer.from_docs(docs)
    config = Config(vocab_size=tokenizer.vocab_size)
    state_dict = init_params(config, rng)
    settings = {"learning_rate": options.learning_rate, "batch_size": options.batch_size}
    steps = train(docs, tokenizer, config, state_dict, options.steps, **settings)
    try:
        for step in steps:
            if rank == 0:
                print(f"step {step.index + 1:4d} / {options.steps:4d} | loss {step.loss:.4f}")
    finally:  # whatever ended the run, what was learned until then is saved
        if rank == 0 and options.save:
            save(options.save, state_dict, config, tokenizer)
    if rank == 0:
        for number in range(1, options.samples + 1):
            print(f"sample {number:2d}: {sample(state_dict, config, tokenizer, rng)}")


if __name__ == "__main__":
    sys.exit(main())
