"""What an explorer must say for given controls, found without it: a line for each explorer.

Each function takes the controls' values and returns pieces of text that the status line must hold.
They are computed from the core package or by hand, on other ways than the explorers go.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable
from typing import Any

from classroom.lab.stepwise import NumpyRun
from classroom.lab.written import number
from classroom.widgets.sampling import weights_after
from microgpt import (
    CharTokenizer,
    TrainingDiverged,
    Value,
    asset_path,
    init_params,
    load,
    load_docs,
    mean_loss,
    sample,
)
from microgpt import next_token_probs as probs_after
from microgpt.inference import plain_linear, plain_rmsnorm, plain_softmax, plain_weights
from microgpt.model import Config

Say = Callable[..., list[str]]


def names_explorer(T: float, top_k: int = 0, beginning: str = "", weights: int = 1000) -> list[str]:
    """The entropy of the next character."""
    _, config, tokenizer = load()
    probs = probs_after(weights_after(weights), config, tokenizer, beginning, T, top_k or None)
    entropy = sum(-p * math.log2(p) for p in probs if p) + 0.0  # not -0.00
    return [f"entropy {entropy:.2f} bits"]


def expression_explorer(a: float, b: float, gradients: bool, slopes: bool) -> list[str]:
    """Chapter 01's L = a * b + a, and its derivatives by the rules of school."""
    words = [f"L = {number(round(a * b + a, 10))}, with 4 nodes"]
    if gradients:
        words.append(f"dL/da = {number(round(b + 1, 10))}, dL/db = {number(a)}")
    return words


def backward_stepper(step: int) -> list[str]:
    """Chapter 02's L = a * b + a for a = 2, b = 3: the arithmetic of each step."""
    walk = [
        "start: dL/dL = 1",
        "L hands on its gradient 1. dL/dc: 0 + 1 * 1 = 1; dL/da: 0 + 1 * 1 = 1",
        "c hands on its gradient 1. dL/da: 1 + 3 * 1 = 4; dL/db: 0 + 2 * 1 = 2",
        "b (input) hands nothing on. Its gradient: 2",
        "a (input) hands nothing on. Its gradient: 4",
    ]
    a, b = Value(2), Value(3)
    (a * b + a).backward()
    assert (a.grad, b.grad) == (4, 2)
    return [f"Step {step} of {len(walk) - 1}", walk[step]]


def tokenizer_explorer(text: str) -> list[str]:
    """The ids by position in the alphabet, BOS = 26 around them."""
    return [str([26, *(ord(char) - ord("a") for char in text), 26]), repr(text), "the same text"]


def softmax_explorer(T: float, all: float, max: bool, **logits: float) -> list[str]:
    """Exponentials over their sum; adding one number to all logits changes nothing."""
    exps = {name: math.exp(logit / T) for name, logit in logits.items()}
    total = math.fsum(exps.values())
    largest = sorted(logits.values())[-1] + all
    shares = ", ".join(f"{name} {exp / total:.4f}" for name, exp in exps.items())
    return [shares, f"largest logit {number(round(largest, 10))}"]


def attention_explorer(name: str, head: int, layer: int, position: int, numbers: bool) -> list[str]:
    """The strongest weight of one head, from the shipped weights, for a model of one layer."""
    state_dict, config, tokenizer = load()
    weights = plain_weights(state_dict)
    asks = min(position, len(name))
    ids = [tokenizer.BOS, *tokenizer.encode(name)][: asks + 1]
    part = slice(head * config.head_dim, (head + 1) * config.head_dim)
    q, keys = [], []
    for pos, token_id in enumerate(ids):
        both = zip(weights["wte"][token_id], weights["wpe"][pos])
        x = plain_rmsnorm(plain_rmsnorm([t + p for t, p in both]))
        q = plain_linear(x, weights["layer0.attn_wq"])[part]
        keys.append(plain_linear(x, weights["layer0.attn_wk"])[part])
    scores = [sum(a * b for a, b in zip(q, key)) / config.head_dim**0.5 for key in keys]
    shares = plain_softmax(scores)
    best = shares.index(max(shares))
    return [f"position {asks} (", f"looks most at position {best} (", f"{max(shares):.2f} trained"]


def soft_dictionary(name: str, q0: float, q1: float, vowel: float, consonant: float) -> list[str]:
    """The letter with the largest share, its scores taken against those of each other letter."""
    scores = [
        q0 * (vowel if char in "aeiou" else consonant) + q1 * place
        for place, char in enumerate(name, start=1)
    ]
    weights = plain_softmax(scores)
    best = name[scores.index(max(scores))]
    share = sum(weight for char, weight in zip(name, weights) if char == best)
    return [f"{share:.2f} {best}"]


def learning_rates(rate: float, optimizer: str, decay: bool) -> list[str]:
    """The mean of the last 50 losses of the reference run with these settings, if it is no luck."""
    docs, rng = load_docs(), random.Random(42)
    rng.shuffle(docs)
    tokenizer = CharTokenizer.from_docs(docs)
    config = Config(tokenizer.vocab_size)
    params = init_params(config, rng)
    rate, ends = float(f"{rate:.2g}"), []
    for nudge in (0.0, 1e-15):
        run = NumpyRun(docs, tokenizer, config, params, 1000, rate, optimizer, decay)
        run.model.flat[0] += nudge
        try:
            losses = [run.step().loss for _ in range(1000)]
            ends.append(f"average {sum(losses[-50:]) / 50:.4f}")
        except TrainingDiverged as diverged:
            ends.append(f"diverged at step {diverged.step + 1}")
    return [f"{optimizer} ", "luck" if len(set(ends)) > 1 else ends[0]]


def cost_explorer(n_embd: int, n_layer: int, block_size: int) -> list[str]:
    """Parameters, counted matrix by matrix, and six operations for each."""
    params = (2 * 27 + block_size) * n_embd + n_layer * (4 + 4 + 4) * n_embd**2
    return [f"{params:,} parameters", f"{6 * params:,} operations a token"]


def name_journey(step: int, dice: int) -> list[str]:
    """The station, and at the die the letter that `sample` writes with these dice."""
    name = sample(*load(), random.Random(dice), 0.5)
    stations = ("tokenizer", "embeddings", "attention", "MLP", "softmax", "sample")
    words = [f"Step {step + 1} of {6 * (len(name) + 1)}, {stations[step % 6]}"]
    return words + [f"falls on {[*name, 'end'][step // 6]}"] * (step % 6 == 5)


def live_training(engine: str, num_steps: int, learning_rate: float) -> list[str]:
    """Nothing is trained before somebody presses start."""
    return [f"0 of {num_steps:,} steps made"]


def _losses(name: str) -> list[tuple[str, float]]:
    """Each letter of a name, and the end, with the shipped model's loss."""
    model = load()
    ids = model[2].document_ids(name)[1:]
    probs = [probs_after(*model, name[:at])[token_id] for at, token_id in enumerate(ids)]
    return [(char, -math.log(prob)) for char, prob in zip([*name, "end"], probs)]


def logit_lens(name: str, position: int) -> list[str]:
    """What comes next, and its probability after the last part: the model's own."""
    at = min(position, len(name))
    char, loss = _losses(name)[at]
    return [f"{char!r} comes", f"+ MLP {math.exp(-loss):.4f}"]


def mind_explorer(show: str, step: int, name: str, square: str, move: float, off: str) -> list[str]:
    """The loss that the core finds with the same weight moved; of the film, the names it writes."""
    found = re.fullmatch(r"(\w+)\[(\d+)\]\[(\d+)\]", square)
    if (square and not found) or re.search("e$|^ben$", off):
        return ["no weight" if square and not found else "is no part"]
    if show == "training" and not (square or off or move):
        film = json.loads(asset_path("film.json").read_text(encoding="utf-8"))
        return [", ".join(name or "(nothing)" for name in film["names"][step])]
    if show == "training" or off or (step and not found):
        return []
    weights = plain_weights(load()[0])
    if found:
        key = next(key for key in weights if key.endswith(found[1]))
        weights[key][int(found[2])][int(found[3])] += move
    return [f"{mean_loss([name], weights, *load()[1:]):.4f}"] if found or not move else ["moved"]


def finale() -> list[str]:
    """How many steps there are; the losses depend on the reader's parts."""
    return [" of 1,000 steps"]


TRUTH: dict[str, Say] = {
    "Finale": finale,
    "LogitLens": logit_lens,
    "NamesExplorer": names_explorer,
    "TemperatureExplorer": names_explorer,
    "ExpressionExplorer": expression_explorer,
    "BackwardStepper": backward_stepper,
    "NameJourney": name_journey,
    "TokenizerExplorer": tokenizer_explorer,
    "SoftmaxExplorer": softmax_explorer,
    "AttentionExplorer": attention_explorer,
    "SoftDictionary": soft_dictionary,
    "MindExplorer": mind_explorer,
    "LearningRates": learning_rates,
    "LiveTraining": live_training,
    "CostExplorer": cost_explorer,
}


def complaint(name: str, state: dict[str, Any], status: str) -> str:
    """What the status line lacks; empty if it says what it should."""
    lacking = [words for words in TRUTH[name](**state) if words not in status]
    return f"{name}({state}) says {status!r}, but not {lacking}" if lacking else ""
