"""The softmax explorer, moved as a hand would."""

from __future__ import annotations

import pytest

from classroom.widgets.probabilities import SoftmaxExplorer


@pytest.fixture
def explorer():
    return SoftmaxExplorer([2, 1, 0])


def probabilities(explorer):
    return explorer.result.partition(";")[0]


def test_it_begins_with_the_arithmetic(explorer):
    assert probabilities(explorer) == "a 0.6652, b 0.2447, c 0.0900"
    assert "exp(-1) = 0.3679" in explorer.picture.alt


def test_one_logit_moves_all_bars(explorer):
    explorer.controls["c"].value = 2.0
    assert probabilities(explorer) == "a 0.4223, b 0.1554, c 0.4223"


def test_adding_to_all_moves_the_logits_and_no_bar(explorer):
    before = probabilities(explorer)
    for shift in (-1000, 500, 1000):
        explorer.set(all=shift)
        assert probabilities(explorer) == before
        assert f"a: logit {2 + shift}" in explorer.picture.alt


def test_without_the_subtraction_it_overflows_in_words_and_recovers(explorer):
    explorer.set(all=1000, max=False)
    assert explorer.error.startswith("exp(1002) is too large")
    assert "subtract the largest logit first" in explorer.error
    explorer.set(all=-1000)
    assert explorer.error.startswith("every exp came out 0")
    explorer.set(max=True)
    assert explorer.error == "" and probabilities(explorer).startswith("a 0.6652")


def test_temperature_sharpens_and_flattens(explorer):
    assert probabilities(explorer.set(T=0.1)) == "a 1.0000, b 0.0000, c 0.0000"
    assert probabilities(explorer.set(T=5)) == "a 0.4018, b 0.3289, c 0.2693"


def test_the_bounds_of_the_temperature_cannot_reach_zero(explorer):
    explorer.controls["T"].value = 0
    assert explorer.controls["T"].value == pytest.approx(0.1)


@pytest.mark.parametrize("logits", [[], [0] * 9])
def test_too_few_or_too_many_logits(logits):
    with pytest.raises(ValueError, match="1 to 8 logits"):
        SoftmaxExplorer(logits)
