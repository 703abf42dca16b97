"""The same model in PyTorch: its autograd, its Adam, a GPU where there is one. Chapter 11.

The forward pass is all there is to write: PyTorch records the graph and walks it backward, as
`Value` does, with arrays for nodes. On matrices this small most of the time goes into starting each
operation; what it buys is everything beyond: large models, GPUs, several machines (`ddp`).
"""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import functional

from ..model import Config, StateDict, flatten
from ..training import Batch, Learner, Settings

MOMENTS = ("exp_avg", "exp_avg_sq")  # PyTorch's names
Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class TorchGPT(torch.nn.Module):
    """The model on tensors; `params` is one list in the order of ``config.shapes()``."""

    def __init__(self, config: Config, params: Sequence[float]) -> None:
        super().__init__()
        self.config = config
        sizes = [rows * columns for rows, columns in config.shapes().values()]
        parts = torch.tensor(params, dtype=torch.float64).split(sizes)
        for (name, shape), part in zip(config.shapes().items(), parts):
            parameter = torch.nn.Parameter(part.reshape(shape).clone())
            self.register_parameter(name.replace(".", "_"), parameter)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """From tokens, shape (B, n), to logits, shape (B, n, V)."""
        weight: dict[str, Any] = dict(self.named_parameters())
        B, n = inputs.shape
        E, H = self.config.n_embd, self.config.n_head
        x = norm(weight["wte"][inputs] + weight["wpe"][:n])  # (B, n, E)
        for layer in range(self.config.n_layer):
            wq, wk, wv, wo, fc1, fc2 = (
                weight[f"layer{layer}_{name}"]
                for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2")
            )
            normed = norm(x)
            q, k, v = ((normed @ w.T).view(B, n, H, E // H).transpose(1, 2) for w in (wq, wk, wv))
            heads = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + heads.transpose(1, 2).reshape(B, n, E) @ wo.T
            x = x + functional.relu(norm(x) @ fc1.T) @ fc2.T
        return x @ weight["lm_head"].T


def norm(x: torch.Tensor) -> torch.Tensor:
    """RMSNorm over the last axis."""
    return functional.rms_norm(x, (x.shape[-1],), eps=1e-5)


def padded(documents: Batch, device: torch.device) -> Tensors:
    """Documents as tensors: inputs and targets (B, n), and each position's share of the mean.

    Filling, token 0, has the share 0; a position of a document of n_b positions 1 / (B * n_b).
    """
    longest = max(map(len, documents))
    tokens = torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids in documents])
    lengths = torch.tensor([[len(ids) - 1.0] for ids in documents], dtype=torch.float64)
    real = torch.arange(longest - 1) < lengths  # (B, n)
    share = real / (lengths * len(documents))
    return tokens[:, :-1].to(device), tokens[:, 1:].to(device), share.to(device)


def batch_loss(model: torch.nn.Module, batch: Tensors) -> torch.Tensor:
    """Mean surprise of a batch in nats: the mean over its documents of each one's own mean."""
    inputs, targets, share = batch
    logits = model(inputs)
    surprise = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return surprise @ share.flatten()


class TorchLearner(Learner):
    """A model and PyTorch's Adam. `module` is what is called: the model, or what wraps it."""

    def __init__(self, state_dict: StateDict, config: Config, settings: Settings) -> None:
        numbers = [param.data for param in flatten(state_dict)]
        self.device = own_device()
        self.model = self.module = TorchGPT(config, numbers).to(self.device)
        self.params = list(self.model.parameters())
        betas = (settings.beta1, settings.beta2)
        self.adam = torch.optim.Adam(self.params, betas=betas, eps=settings.eps, fused=True)
        self.before = [param.detach().clone() for param in self.params]
        self.adam.num_steps = 0

    def step(self, batch: Batch, learning_rate: float) -> float:
        """One batch: loss, slopes, update."""
        with few_threads(self.model.config):
            self.adam.zero_grad()
            loss = batch_loss(self.module, padded(self.own(batch), self.device))
            number = self.everywhere(loss.detach())
            if math.isfinite(number):
                loss.backward()
                with torch.no_grad():  # else each copy would remember the one before
                    torch._foreach_copy_(self.before, self.params)
                self.adam.param_groups[0]["lr"] = learning_rate
                self.adam.num_steps += 1
                self.adam.step()
        return number

    def own(self, batch: Batch) -> Batch:
        """The documents to work on; `ddp` takes a part of them here."""
        return batch

    def everywhere(self, loss: torch.Tensor) -> float:
        """The loss as a number; `ddp` takes the mean over all processes here."""
        return loss.item()

    def undo(self) -> None:
        """Take the last update back."""
        with torch.no_grad():
            torch._foreach_copy_(self.params, self.before)

    def weights(self) -> list[float]:
        """All weights in one list."""
        return joined(self.params)

    def moments(self) -> tuple[list[float], list[float]]:
        """Adam's two moments, each in one list."""
        states = [(self.adam.state.get(param, {}), 0 * param) for param in self.params]
        m, v = (joined(state.get(name, zero) for state, zero in states) for name in MOMENTS)
        return m, v

    def recall(self, m: Sequence[float], v: Sequence[float], num_steps: int) -> None:
        """Go on with these moments."""
        self.adam.num_steps, step = num_steps, float(num_steps)
        moments = TorchGPT(self.model.config, m), TorchGPT(self.model.config, v)
        for param, *pair in zip(self.params, *(moment.parameters() for moment in moments)):
            state = {name: part.detach().to(self.device) for name, part in zip(MOMENTS, pair)}
            self.adam.state[param] = {"step": torch.tensor(step, device=self.device), **state}


def joined(tensors: Iterable[torch.Tensor]) -> list[float]:
    """The numbers of some tensors in one list."""
    with torch.no_grad():
        return torch.cat([tensor.flatten() for tensor in tensors]).tolist()


def own_device() -> torch.device:
    """A GPU of this process's own, if the machine has one for each of its processes; else CPU."""
    if torch.cuda.device_count() >= int(os.environ.get("LOCAL_WORLD_SIZE", "1")):
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


@contextmanager
def few_threads(config: Config) -> Iterator[None]:
    """Run a small model on one thread: sharing its matrices out costs more than it saves."""
    threads = torch.get_num_threads()
    if config.n_embd < 256:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
