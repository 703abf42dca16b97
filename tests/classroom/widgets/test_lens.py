import pytest

from classroom.widgets import KnockOuts, LogitLens
from microgpt import load


def test_the_lens_says_how_the_guess_forms():
    lens = LogitLens("olivia", 6)
    assert "'a' read, 'end' comes next: embedding 0.3550, + attention 0.3991" in repr(lens)


def test_name_and_position_can_be_set_at_once_and_the_slider_follows_the_name():
    lens = LogitLens("mia", 3)
    lens.set(name="christopher", position=11)
    assert "position 11, 'r' read" in repr(lens) and lens.controls["position"].max == 11
    lens.set(name="al")
    assert lens.controls["position"].max == 2 and "position 2, 'l' read" in repr(lens)
    lens.set(name="")
    assert "position 0, 'BOS' read" in repr(lens) and lens.error == ""


def test_a_head_and_a_detector_out():
    explorer = KnockOuts("jayden")
    assert "changes by +0.0000" in repr(explorer)
    explorer.set(head="all")
    assert "heads 0 to 3 out" in repr(explorer) and "end 0.34 → 0.42" in repr(explorer)
    explorer.set(head="none", detector=40)
    assert "detector 40 out" in repr(explorer) and "a 0.55 → 0.62" in repr(explorer)


@pytest.mark.parametrize("make", [LogitLens, KnockOuts])
def test_a_name_that_cannot_be_read_is_told_inside(make):
    explorer = make()
    explorer.set(name="Zoë")
    assert "character 'Z'" in explorer.error
    explorer.set(name="ava")
    assert explorer.error == ""


def test_the_shipped_model_is_not_changed():
    explorer = KnockOuts("mia", head=0)
    state_dict, _, _ = load()
    kept = explorer.model[0]["layer0.attn_wo"]
    assert [[p.data for p in row] for row in kept] == [
        [p.data for p in row] for row in state_dict["layer0.attn_wo"]
    ]
