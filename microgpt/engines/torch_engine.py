"""The same model in PyTorch: its autograd, its Adam, a GPU where there is one. Chapter 11.

The forward pass is all there is to write: PyTorch records the graph and walks it backward, as
`Value` does, with arrays for nodes. On matrices this small most of the time goes into starting each
operation; what it buys is everything beyond: large models, GPUs, several machines (`ddp`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch.nn import functional

from ..model import Config, StateDict
from ..tokenizer import CharTokenizer
from ..training import Step
from .common import check_input, flat_params, run, token_stream

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class TorchGPT(torch.nn.Module):
    """The model on tensors.

    Parameters
    ----------
    config : Config
        The sizes.
    params : list of float, shape (num_params,)
        All parameters, in the order of ``config.shapes()``.
    """

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


def padded(documents: Sequence[Sequence[int]], device: torch.device) -> Batch:
    """Documents as tensors: inputs and targets (B, n), and each position's share of the mean.

    Short documents are filled up with token 0, whose share is 0; a position of a document of n_b
    positions has the share 1 / (B * n_b).
    """
    longest = max(map(len, documents))
    tokens = torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids in documents])
    lengths = torch.tensor([[len(ids) - 1.0] for ids in documents], dtype=torch.float64)
    real = torch.arange(longest - 1) < lengths  # (B, n)
    share = real / (lengths * len(documents))
    return tokens[:, :-1].to(device), tokens[:, 1:].to(device), share.to(device)


def batch_loss(model: torch.nn.Module, batch: Batch) -> torch.Tensor:
    """Mean surprise of a batch in nats: the mean over its documents of each one's own mean."""
    inputs, targets, share = batch
    logits = model(inputs)
    surprise = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return surprise @ share.flatten()


class TorchLearner:
    """A model and PyTorch's Adam. `module` is what is called: the model, or what wraps it."""

    def __init__(self, model: TorchGPT, betas: Sequence[float], module: Any = None) -> None:
        self.model, self.module = model, module or model
        beta1, beta2, eps = betas
        self.adam = torch.optim.Adam(model.parameters(), betas=(beta1, beta2), eps=eps, fused=True)
        self.before = [param.detach().clone() for param in model.parameters()]

    def step(self, batch: Batch, learning_rate: float) -> float:
        """One batch: loss, slopes, update."""
        self.adam.zero_grad()
        loss = batch_loss(self.module, batch)
        number = self.everywhere(loss.detach())
        if math.isfinite(number):
            loss.backward()
            with torch.no_grad():  # else each copy would remember the one before
                torch._foreach_copy_(self.before, list(self.model.parameters()))
            self.adam.param_groups[0]["lr"] = learning_rate
            self.adam.step()
        return number

    def everywhere(self, loss: torch.Tensor) -> float:
        """The loss as a number; `ddp` takes the mean over all processes here."""
        return loss.item()

    def undo(self) -> None:
        """Take the last update back."""
        with torch.no_grad():
            for param, number in zip(self.model.parameters(), self.before):
                param.copy_(number)

    def weights(self) -> list[float]:
        """All weights in one list."""
        with torch.no_grad():
            return torch.cat([param.flatten() for param in self.model.parameters()]).tolist()


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
) -> Iterator[Step]:
    """Train as `microgpt.train` does, in PyTorch, in float64; the losses agree to 1e-12.

    Arguments, steps and errors are those of `microgpt.train`. The weights go back into `state_dict`
    after the last step, or as soon as the generator is closed. Runs on the first GPU, if any.
    """
    betas = (beta1, beta2, eps)
    check_input(docs, tokenizer, config, state_dict, num_steps, learning_rate, betas)
    params = flat_params(state_dict, config)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = TorchGPT(config, [param.data for param in params]).to(device)
    batches = (padded([ids], device) for ids in token_stream(docs, tokenizer, config))
    steps = run(TorchLearner(model, betas), batches, params, num_steps, learning_rate)
    return few_threads(steps, config)


def few_threads(steps: Iterator[Step], config: Config) -> Iterator[Step]:
    """Run a small model on one thread: sharing its matrices out costs more than it saves."""
    threads = torch.get_num_threads()
    if config.n_embd < 256:
        torch.set_num_threads(1)
    try:
        yield from steps
    finally:
        torch.set_num_threads(threads)
