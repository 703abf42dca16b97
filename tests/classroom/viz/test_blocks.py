import random

import pytest

from classroom.viz.blocks import ablation_picture, block_graph, depth_picture, parameter_bars
from classroom.viz.editing import Editor, edit_in_words, edit_picture
from classroom.viz.scopes import BLOCKS, count_nodes
from microgpt import Config, Value, document_loss, init_params, load, topological_sort
from microgpt.engines import plain

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


def test_parameter_bars_add_up():
    alt = parameter_bars(CONFIG).alt
    assert alt.startswith("4,192 parameters of a model with 1 layer,")
    assert "wte 27 × 16 432" in alt and "mlp_fc2 16 × 64 1,024" in alt
    assert parameter_bars(Config(27, n_layer=2)).alt.startswith("7,264 parameters")


def test_depth_picture_says_both_ends():
    alt = depth_picture({"flat": [0.5, 0.5], "steep": [1e-3, 1e-9]}, "gradient of wq").alt
    assert "flat: 5.0e-01 in layer 0, 5.0e-01 in layer 1" in alt
    assert "steep: 1.0e-03 in layer 0, 1.0e-09 in layer 1" in alt


def test_ablation_picture_says_losses_and_floors():
    alt = ablation_picture({"whole": 2.3, "no norm": 2.41}, {"bigram table": 2.4621}).alt
    assert "whole 2.3000, no norm 2.4100" in alt
    assert "bigram table 2.4621" in alt


EDITOR = Editor(*MODEL)


def loss_with(matrix, row, column, move, name):
    state_dict, config, tokenizer = load()
    state_dict[matrix][row][column].data += move
    return document_loss(tokenizer.document_ids(name), state_dict, config).data


@pytest.mark.parametrize("matrix", CONFIG.shapes())
def test_the_loss_after_a_move_is_that_of_the_model_with_the_weight_moved(matrix):
    rows, columns = CONFIG.shapes()[matrix]
    place = matrix, rows // 2 - 1, columns - 1
    edit = EDITOR.edit(*place, 0.7, "emma")
    assert edit.loss_before == pytest.approx(loss_with(*place, 0.0, "emma"), abs=1e-12)
    assert edit.loss_after == pytest.approx(loss_with(*place, 0.7, "emma"), abs=1e-12)


@pytest.mark.parametrize("place", [("wte", 4, 3), ("lm_head", 12, 11), ("layer0.attn_wv", 5, 2)])
def test_the_gradient_is_the_slope_found_by_nudging(place):
    up, down = (loss_with(*place, move, "emma") for move in (1e-5, -1e-5))
    edit = EDITOR.edit(*place, 0.0, "emma")
    assert edit.gradient == pytest.approx((up - down) / 2e-5, abs=1e-7)
    assert edit.loss_after == edit.loss_before and edit.probs_after == edit.probs_before


def test_the_model_is_never_changed_nor_its_gradients():
    state_dict, config, tokenizer = load()
    params = [p for matrix in state_dict.values() for row in matrix for p in row]
    params[0].grad = 7.0
    before = [p.data for p in params]
    editor = Editor(state_dict, config, tokenizer)
    editor.edit("lm_head", 0, 0, 3.0, "ava")
    assert [p.data for p in params] == before
    assert params[0].grad == 7.0 and not any(p.grad for p in params[1:])
    assert editor.edit("lm_head", 0, 0, 0.0, "ava").weight == before[432 + 256]


@pytest.mark.parametrize(("row", "column"), [(27, 0), (0, 16), (-1, 0)])
def test_a_weight_that_is_not_there_is_told(row, column):
    with pytest.raises(IndexError, match="27 rows and 16 columns"):
        EDITOR.edit("wte", row, column, 0.0, "emma")


def test_an_unused_letter_has_gradient_0_and_the_words_say_so():
    edit = EDITOR.edit("wte", 16, 0, 2.0, "emma")
    assert edit.gradient == 0 and edit.loss_after == edit.loss_before
    assert "Gradient 0" in edit_in_words(edit) and "the vector of 'q'" in edit_in_words(edit)


def test_the_words_say_which_way_beforehand_and_what_came_of_it():
    still = edit_in_words(EDITOR.edit("lm_head", 12, 11, 0.0, "emma"))
    assert "moving it down lowers the loss. Not moved yet" in still
    moved = edit_in_words(EDITOR.edit("lm_head", 12, 11, -0.05, "emma"))
    assert "Moved by -0.05" in moved and "the gradient predicted -0.0333" in moved


def test_the_meaning_of_a_weight_of_each_matrix():
    words = {matrix: EDITOR.meaning(matrix, 5, 2) for matrix in CONFIG.shapes()}
    assert words["layer0.attn_wq"] == "from number 2 of the stream to query 1 of head 1"
    assert words["lm_head"] == "from number 2 of the stream to the score of 'f'"
    assert len(set(words.values())) == 9


def test_the_picture_says_what_changed_most():
    edit = EDITOR.edit("lm_head", 12, 11, -1.0, "emma")
    alt = edit_picture(edit, "emma", TOKENIZER).alt
    assert f"m {edit.probs_before[12]:.4f} → {edit.probs_after[12]:.4f}" in alt
    still = edit_picture(EDITOR.edit("wte", 0, 0, 0.0, ""), "", TOKENIZER).alt
    assert "Changed most" not in still


def test_the_editor_takes_floats_of_an_untrained_model_too():
    params = init_params(CONFIG, random.Random(3))
    edit = Editor(params, CONFIG, TOKENIZER).edit("wpe", 0, 0, 0.1, "jo")
    assert isinstance(params["wpe"][0][0], Value) and edit.loss_before != edit.loss_after
