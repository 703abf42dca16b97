import pytest

from classroom.widgets.weights import WeightEditor
from microgpt import Config, load


@pytest.fixture()
def editor():
    return WeightEditor("lm_head", row=12, column=11, name="emma")


def test_the_gradient_is_said_before_the_move(editor):
    assert "Gradient +0.6662: moving it down lowers the loss. Not moved yet" in repr(editor)


def test_a_move_and_the_reset_button(editor):
    before = editor.result
    editor.controls["move"].value = -1.0
    assert "Moved by -1.00: loss 2.4793 → 1.9908" in editor.result
    editor.reset.click()
    assert editor.controls["move"].value == 0 and editor.result == before


def test_choosing_another_weight_puts_the_first_one_back(editor):
    editor.controls["move"].value = 2.0
    editor.controls["row"].value = 0
    assert editor.controls["move"].value == 0
    assert "lm_head[0][11]" in editor.result and "Not moved yet: loss 2.4793" in editor.result


def test_the_sliders_follow_the_matrix(editor):
    for matrix, (rows, columns) in Config(27).shapes().items():
        editor.controls["matrix"].value = matrix
        assert editor.controls["row"].max == rows - 1
        assert editor.controls["column"].max == columns - 1
        editor.set(row=rows - 1, column=columns - 1)
        assert f"{matrix}[{rows - 1}][{columns - 1}]" in editor.result and editor.error == ""


def test_weight_and_move_can_be_set_at_once(editor):
    editor.set(matrix="wpe", row=0, column=0)
    editor.set(matrix="wte", row=26, column=3, move=0.5)
    assert "wte[26][3]" in editor.result and "Moved by +0.50" in editor.result


@pytest.mark.parametrize(
    ("name", "said"),
    [("Zoë", "not 'ë': try zo"), ("🎈", "not '🎈': try emma"), ("b" * 99, "At most 15 letters")],
)
def test_a_name_that_cannot_be_read_is_told_inside(editor, name, said):
    editor.set(name=name)
    assert said in editor.error
    editor.set(name="ava")
    assert editor.error == ""


def test_the_empty_and_the_longest_name(editor):
    editor.set(name="")
    assert editor.error == "" and "loss 5.1990" in editor.result
    editor.set(name="a" * 15)
    assert editor.error == ""


def test_the_shipped_model_is_not_changed(editor):
    editor.set(move=3.0)
    state_dict, _, _ = load()
    assert editor.editor.state_dict["lm_head"][12][11].data == state_dict["lm_head"][12][11].data


def test_an_unknown_control_is_an_error(editor):
    with pytest.raises(KeyError, match="no control"):
        editor.set(rows=3)
