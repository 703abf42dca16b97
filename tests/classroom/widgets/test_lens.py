from classroom.widgets import LogitLens


def test_the_lens_says_how_the_guess_forms():
    lens = LogitLens("olivia", 6)
    assert "'a' read, 'BOS' comes next: embedding 0.3550, + attention 0.3991" in repr(lens)


def test_name_and_position_can_be_set_at_once_and_the_slider_follows_the_name():
    lens = LogitLens("mia", 3)
    lens.set(name="christopher", position=11)
    assert "position 11, 'r' read" in repr(lens) and lens.controls["position"].max == 11
    lens.set(name="al")
    assert lens.controls["position"].max == 2 and "position 2, 'l' read" in repr(lens)
    lens.set(name="")
    assert "position 0, 'BOS' read" in repr(lens) and lens.error == ""
