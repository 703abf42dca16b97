"""The temperature explorers, moved by code: values, weights, beginnings that do not work."""

from __future__ import annotations

import pytest

from classroom.lab.sampling import next_character, ten_names
from classroom.widgets.sampling import STAGES, NamesExplorer, TemperatureExplorer, weights_after
from microgpt import load, load_docs
from microgpt.inference import float_weights
from microgpt.sampling import mean_loss

MODEL = load()
KNOWN = frozenset(load_docs())


@pytest.fixture(scope="module")
def explorer():
    return TemperatureExplorer("ma", T=0.7)


def set_all(explorer, **values):
    start = {"T": 0.7, "top_k": 0, "beginning": "ma", "weights": 1000}
    return explorer.set(**{**start, **values})


def test_a_slider_and_a_beginning():
    small = NamesExplorer(0.5)
    assert list(small.controls) == ["T", "beginning"]
    slider = small.controls["T"]
    assert (slider.min, slider.max, slider.step) == (0.05, 3, 0.05)
    assert slider.continuous_update
    for T in (0.05, 3.0, 1.0):
        slider.value = T
        assert small.names == ten_names(*MODEL, "", T)
    assert "logit" not in small.picture.alt and "entropy" not in small.picture.data
    assert 'data-set="beginning=k"' in small.picture.data
    small.set(beginning="k")
    assert small.names == ten_names(*MODEL, "k", 1.0)
    assert 'data-set="beginning=" data-label="begin anew"' in small.picture.data


def test_only_the_temperature_changes():
    small = NamesExplorer()
    before = small.picture.alt
    small.set(T=2.0)
    assert small.picture.alt != before
    assert small.set(T=0.5).picture.alt == before


def test_everything_at_once(explorer):
    set_all(explorer, T=1.2, top_k=3, beginning="jo", weights=500)
    weights = weights_after(500)
    config, tokenizer = MODEL[1:]
    names = ten_names(weights, config, tokenizer, "jo", 1.2, 3)
    guess = next_character(weights, config, tokenizer, "jo", 1.2, 3)
    assert explorer.result == (
        f"entropy {guess.entropy:.2f} bits, like {2**guess.entropy:.2f} equal choices; "
        f"{sum(name in KNOWN for name in names)} of 10 names are in the data"
    )
    assert repr(explorer).startswith(
        "TemperatureExplorer(T=1.2, beginning='jo', top_k=3, weights=500): entropy "
    )
    assert f"logit {guess.steps.logits[0]:.4f}".rstrip("0") in explorer.picture.alt


@pytest.mark.parametrize(
    ("beginning", "words"),
    [
        ("Em", "This model knows small letters only: try em"),
        ("zoé", "This model knows the letters a to z, not 'é': try zo"),
        ("a b", "not ' ': try ab"),
        ("<b>", "not '<': try b"),
        ("a" * 16, "At most 15 letters fit here, and this has 16"),
        ("a" * 400, "At most 15 letters fit here, and this has 400"),
    ],
)
def test_a_beginning_that_does_not_work_is_told_inside_and_forgotten(explorer, beginning, words):
    set_all(explorer, beginning=beginning)
    assert words in explorer.error
    assert 'role="alert"' in explorer._status.value
    assert "<b>" not in explorer._status.value
    set_all(explorer, beginning="em")
    assert explorer.error == "" and "eman" in " ".join(explorer.names)


def test_beginnings_at_the_edges_work(explorer):
    set_all(explorer, beginning="")
    assert explorer.error == "" and "at the very beginning" in explorer.picture.data
    set_all(explorer, beginning="a" * 15)
    names = explorer.names
    assert explorer.error == "" and all(len(name) in (15, 16) for name in names)


def test_the_weights_are_those_of_the_reference_run():
    docs = sorted(KNOWN)[::300]
    losses = [mean_loss(docs, weights_after(n), *MODEL[1:]) for n in STAGES.values()]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 3.25 and losses[-1] < 2.4
    assert weights_after(1000) == float_weights(MODEL[0])


def test_a_thousand_steps_of_the_engine_would_give_the_shipped_weights(monkeypatch):
    found = weights_after.__wrapped__(999)
    shipped = weights_after(1000)
    gap = max(
        abs(a - b)
        for name, rows in shipped.items()
        for row, other in zip(rows, found[name])
        for a, b in zip(row, other)
    )
    assert 0 < gap < 1e-4  # the last step, at a thousandth of the rate


def test_what_the_chapter_says_about_the_untrained_weights(explorer):
    assert "entropy 4.44 bits" in set_all(explorer, T=0.5, weights=0).result
    cold = set_all(explorer, T=0.05).names
    assert len(set(cold)) == 3 and cold.count("maria") >= 6
