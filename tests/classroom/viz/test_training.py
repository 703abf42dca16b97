"""The picture of losses."""

import pytest

pytest.importorskip("matplotlib")

from classroom.lab.losses import Floors
from classroom.viz.training import draw_losses

FLOOR = Floors(3.2958, 2.8229, 2.4544)


def test_words_of_the_picture_follow_the_losses():
    losses = [3.5] * 50 + [2.5] * 50
    alt = draw_losses(losses, FLOOR, held_out=[(50, 3.1), (100, 9.0)]).alt
    assert "from 3.5000 (to step 50) to 2.5000 (to step 100)" in alt
    assert "Held-out names: 3.1000 at first, 9.0000 at last" in alt
    assert "bigram 2.4544" in alt


def test_a_run_that_has_not_begun_can_be_drawn():
    alt = draw_losses([], FLOOR).alt
    assert alt.startswith("Loss over 0 steps. Floors")
