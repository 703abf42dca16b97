"""The model that the chapters train, before its first step, and the graphs that they draw."""

from __future__ import annotations

import random

from microgpt import (
    CharTokenizer,
    Config,
    document_loss,
    flatten,
    init_params,
    load_docs,
)


def shuffled():
    """The names in the order of training, their tokenizer, the shapes of the model."""
    docs = load_docs()
    random.Random(42).shuffle(docs)
    tokenizer = CharTokenizer.from_docs(docs)
    return docs, tokenizer, Config(tokenizer.vocab_size)


def loss_of(gpt, doc, state_dict):
    """The loss of a name, as a node."""
    _, tokenizer, config = gpt
    return document_loss(tokenizer.document_ids(doc), state_dict, config)


def first_loss(gpt):
    """The loss of the first name at random weights, and these weights."""
    state_dict = init_params(gpt[2], random.Random(42))
    return loss_of(gpt, gpt[0][0], state_dict), flatten(state_dict)


def running(a, b):
    return a * b + a


def squared(a, b):
    c = a * b
    return c * c + c
