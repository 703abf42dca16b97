"""The explorer in which a name travels through the machine."""

from classroom.widgets import NameJourney


def test_it_goes_forward_and_back():
    explorer = NameJourney()
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
    explorer = NameJourney()
    explorer._heard(None, {"set": {"step": "3"}}, None)
    assert explorer.result.startswith("Step 4 of 36, MLP")
