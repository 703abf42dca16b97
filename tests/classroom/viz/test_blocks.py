import random
import re

import pytest

from classroom.lab.scopes import BLOCKS, count_nodes
from classroom.viz.blocks import ablation_picture, block_graph, block_picture
from classroom.viz.kit.style import COLOURS
from microgpt import Config, document_loss, init_params, load, topological_sort
from microgpt.engines import plain

pytestmark = pytest.mark.any_processor

MODEL = load()
STATE_DICT, CONFIG, TOKENIZER = MODEL


@pytest.mark.parametrize("name", ["a", "olivia"])
def test_counted_nodes_are_those_of_the_real_graph(name):
    loss = document_loss(TOKENIZER.document_ids(name), STATE_DICT, CONFIG)
    assert count_nodes(name, *MODEL).reached == len(topological_sort(loss))


def test_written_out_the_count_is_that_of_the_plain_engine():
    weights = {
        key: [[plain.PlainValue(p.data) for p in row] for row in matrix]
        for key, matrix in STATE_DICT.items()
    }
    loss = plain.document_loss(TOKENIZER.document_ids("olivia"), weights, CONFIG)
    assert count_nodes("olivia", *MODEL, written_out=True).reached == len(topological_sort(loss))


def test_counts_with_two_layers():
    config = Config(vocab_size=27, n_embd=8, n_head=2, n_layer=2, block_size=4)
    params = init_params(config, random.Random(1))
    loss = document_loss(TOKENIZER.document_ids("olivia"), params, config)
    counted = count_nodes("olivia", params, config, TOKENIZER)
    assert counted.reached == len(topological_sort(loss))
    assert list(counted.blocks) == list(BLOCKS)


def test_the_block_graph_says_all_counts():
    short = count_nodes("olivia", *MODEL)
    long = count_nodes("olivia", *MODEL, written_out=True)
    alt = block_graph(short, long, "olivia", CONFIG).alt
    assert f"reached {short.reached:,} ({long.reached:,})" in alt
    assert long.reached == 59_631
    for block in BLOCKS:
        assert f"{short.blocks[block]:,} ({long.blocks[block]:,})" in alt


def test_the_picture_of_a_block_is_the_plan_of_the_graph_without_its_counts():
    plan, graph = (
        block_picture().data,
        block_graph(*[count_nodes("a", *MODEL)] * 2, "a", CONFIG).data,
    )
    for part in ("embedding", "attention", "MLP", "lm_head", "the stream: 16 numbers"):
        assert plan.count(f">{part}</text>") == graph.count(f">{part}</text>") == 1
    assert "made here" in graph and "made here" not in plan


def test_squares_are_as_large_as_their_counts():
    short = count_nodes("olivia", *MODEL)
    drawn = block_graph(
        short, count_nodes("olivia", *MODEL, written_out=True), "olivia", CONFIG
    ).data
    blue = rf'<rect [^>]*width="([\d.]+)" height="\1" fill="[^"]*{COLOURS["data"]}'
    sides = [float(side) for side in re.findall(blue, drawn)]
    first = short.blocks["embedding"]
    for side, count in zip(sides, short.blocks.values(), strict=True):
        assert (side / sides[0]) ** 2 == pytest.approx(count / first, rel=1e-3)


def test_ablation_picture_says_losses_and_floors_and_marks_every_seed():
    picture = ablation_picture(
        {"whole": [2.3, 2.31], "no norm": [2.42, 2.41]}, {"bigram table": 2.4621}
    )
    assert "whole 2.3000 to 2.3100, no norm 2.4100 to 2.4200" in picture.alt
    assert "bigram table 2.4621" in picture.alt
    assert picture.size[1] <= 520
