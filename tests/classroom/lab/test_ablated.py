import random

import pytest

import microgpt
from classroom.lab.ablated import MODELS, train_without
from microgpt import CharTokenizer, Config, init_params
from microgpt.engines import get
from microgpt.engines.arrays import padded

DOCS = ["emma", "ava", "olivia", "noah"]
TOKENIZER = CharTokenizer.from_docs(DOCS)
CONFIG = Config(TOKENIZER.vocab_size, n_embd=8, n_head=2, n_layer=2, block_size=8)


def params():
    return init_params(CONFIG, random.Random(3), std=0.3)


def run(part, num_steps=5):
    return train_without(part, DOCS, DOCS[:2], TOKENIZER, CONFIG, params(), num_steps)


def test_without_nothing_it_is_the_numpy_engine():
    steps = get("numpy").train(DOCS, TOKENIZER, CONFIG, params(), num_steps=5)
    assert run("nothing").losses == [step.loss for step in steps]


@pytest.mark.parametrize("part", MODELS)
def test_the_gradients_are_the_slopes_found_by_nudging(part):

    model = MODELS[part](CONFIG, [p.data for p in microgpt.flatten(params())])
    batch = padded([TOKENIZER.document_ids(DOCS[0])])
    model.loss_and_grads(*batch)
    slopes, rng = model.flat_grad.copy(), random.Random(5)
    for place in rng.sample(range(len(slopes)), 40):
        if part == "positions" and place in position_places():
            assert slopes[place] == 0
            continue
        weight, ends = model.flat[place], []
        for nudge in (1e-6, -1e-6):
            model.flat[place] = weight + nudge
            ends.append(model.loss_and_grads(*batch))
        model.flat[place] = weight
        assert slopes[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-6)


def position_places():
    start = CONFIG.vocab_size * CONFIG.n_embd
    return range(start, start + CONFIG.block_size * CONFIG.n_embd)


def test_the_parameters_are_read_and_not_changed():
    given = params()
    before = [[p.data for p in row] for row in given["wte"]]
    train_without("norm", DOCS, DOCS, TOKENIZER, CONFIG, given, 3)
    assert [[p.data for p in row] for row in given["wte"]] == before


def test_each_part_makes_a_difference():
    losses = {part: run(part).held_out_loss for part in MODELS}
    assert len(set(losses.values())) == len(MODELS)


def test_an_unknown_part_is_told():
    with pytest.raises(ValueError, match="no part 'head' to take out: choose one of nothing"):
        run("head")
