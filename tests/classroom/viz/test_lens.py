import re

import pytest

from classroom.lab.lens import logit_lens
from classroom.viz.lens import lens_picture
from microgpt import load

MODEL = load()
STATE_DICT, CONFIG, TOKENIZER = MODEL


def test_the_picture_tells_every_stage_at_every_position():
    lens = logit_lens("olivia", *MODEL)
    words = str(lens_picture(lens, 6))
    assert "BOS 0.35 → 0.40 → 0.61" in words and "+ MLP: BOS 0.61" in words
    assert lens_picture(logit_lens("", *MODEL), 0).size[1] <= 520
    assert lens_picture(logit_lens("a" * 15, *MODEL), 15).size[1] <= 520


def test_filling_and_number_of_a_cell_are_one_thing_and_a_tick_marks_what_comes():
    lens = logit_lens("jaydenn", *MODEL)  # after the first n: sure of an end that does not come
    cells = re.findall(
        r'width="([\d.]+)" height="30" fill="[^"]*" fill-op[^>]*/><rect[^>]*/><text[^>]*>([^<]*)<',
        lens_picture(lens, 6).data,
    )
    shown = [(float(fill), words) for fill, words in cells]
    best = [lens.best(row, at) for at in range(8) for row in range(3)]
    right = [target for target in lens.targets for _ in range(3)]
    for (fill, words), (token, prob), target in zip(shown, best, right, strict=True):
        assert words == f"{'✓' * (token == target)}{token} {prob:.2f}".replace(" 0", " ")
        assert fill == pytest.approx((960 - 132 - 16) / 8 * prob, abs=0.01)
    assert shown[6 * 3 + 2][1] == "BOS .71" and shown[7 * 3 + 2][1] == "✓BOS .75"


def test_a_column_asks_its_position_and_bars_have_names():
    drawn = lens_picture(logit_lens("mia", *MODEL), 1).data
    asked = re.findall(r'id="column-(\d)" data-set="position=(\d)" data-label="([^"]*)"', drawn)
    assert asked == [
        (str(at), str(at), f"look at position {at}, {read}")
        for at, read in enumerate(["BOS", *"mia"])
    ]
    bars = re.findall(r'id="bar-(\d)-(\w+)"', drawn)
    assert len(set(bars)) == 3 * 27 and ("2", "BOS") in bars


def test_a_position_that_the_name_does_not_have():
    with pytest.raises(ValueError, match="positions 0 to 3, not 4"):
        lens_picture(logit_lens("mia", *MODEL), 4)
