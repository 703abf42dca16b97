"""The explorer in which a name travels through the machine."""

from classroom.widgets import NameJourney


def test_it_goes_forward_and_back():
    explorer = NameJourney(step=0)
    assert explorer.result == "Step 1 of 36, tokenizer: BOS is token number 26."
    assert explorer.set(step=5).result.endswith("the die shows 0.57 and falls on k.")
    assert explorer.set(step=4).result.startswith("Step 5 of 36, softmax")


def test_other_dice_another_name_and_the_slider_fits_it():
    explorer = NameJourney().set(step=35)
    explorer.controls["dice"].value = 22  # a shorter name
    assert explorer.error == "" and explorer.result.startswith("Step 24 of 24")
    assert explorer.controls["step"].max == explorer.play.max == 23
    explorer.set(dice=10, step=35)
    assert explorer.error == "" and explorer.result.startswith("Step 36 of 36")


def test_a_station_takes_the_token_there():
    explorer = NameJourney(step=0)
    explorer._heard(None, {"set": {"step": "3"}}, None)
    assert explorer.result.startswith("Step 4 of 36, MLP")


def test_it_begins_in_the_midst_of_a_name_or_where_it_is_told():
    explorer = NameJourney()
    assert repr(explorer).startswith("NameJourney(step=22, dice=10): Step 23 of 36, softmax")
    assert "25%" in explorer.picture.data
    assert NameJourney(step=3).state["step"] == 3
    for dice in range(1, 41):
        assert not NameJourney(dice).error
