"""What the engines' tests share: the reference run's beginning, small models, skipping."""

import functools
import json
import os
import random
from pathlib import Path

import pytest

import microgpt
from microgpt import engines

FIGURES = Path(__file__).parent / "data" / "figures.json"


def get_engine(name):
    """The engine, or a skipped test where its package is missing; on CI that is a failure."""
    try:
        return engines.get(name)
    except ImportError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def engine_of():
    return get_engine


@pytest.fixture
def figures():
    return json.loads(FIGURES.read_text(encoding="utf-8"))["names"]


@pytest.fixture
def reference_start():
    """Documents, tokenizer, config, parameters and stream of the reference run."""
    docs = microgpt.load_docs()
    rng = random.Random(42)
    rng.shuffle(docs)
    tokenizer = microgpt.CharTokenizer.from_docs(docs)
    config = microgpt.Config(vocab_size=tokenizer.vocab_size)
    return docs, tokenizer, config, microgpt.init_params(config, rng), rng


SIZES = [
    {"n_layer": 2, "block_size": 8},
    {"n_embd": 24, "n_head": 3},
    {"n_embd": 12, "n_head": 2, "n_layer": 3, "block_size": 5},
]


def start_small(**sizes):
    """A model of another size on a few names, two of them longer than most blocks."""
    docs = ["ana", "bo", "maximiliana", "x", "noah", "abababababababab"]
    tokenizer = microgpt.CharTokenizer.from_docs(docs)
    config = microgpt.Config(vocab_size=tokenizer.vocab_size, **sizes)
    return docs, tokenizer, config, microgpt.init_params(config, random.Random(7), std=0.3)


@pytest.fixture(params=SIZES, ids=lambda sizes: "-".join(f"{k}={v}" for k, v in sizes.items()))
def small(request):
    """Call it for a fresh start, the same each time, of one of the other sizes."""
    return functools.partial(start_small, **request.param)


@pytest.fixture
def tiny():
    """Call it for a fresh start of a very small model."""
    return functools.partial(start_small, n_embd=8, n_head=2, block_size=6)
