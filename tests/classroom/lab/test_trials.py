"""The lab sheet's runs: what is called read was read, and what is called unseen was not."""

import random

import pytest

pytest.importorskip("numpy")

from classroom.lab import trials
from microgpt import load, load_docs

WORDS = sorted(set(load_docs()[:400]))[:60]


@pytest.mark.parametrize("num_steps", [3, 100])
def test_losses_are_those_of_what_was_read_and_of_what_was_not(num_steps, monkeypatch, capsys):
    trained, measured = [], []

    class Noted(trials.NumpyRun):
        def __init__(self, docs, *settings):
            trained.append([docs[step % len(docs)] for step in range(num_steps)])
            super().__init__(docs, *settings)

    monkeypatch.setattr(trials, "NumpyRun", Noted)
    monkeypatch.setattr(trials, "mean_loss", lambda docs, *_: measured.append(docs) or 1.5)
    words = trials.experiment("few", WORDS, num_steps, seed=1, digits=1, n_embd=8, n_head=2)
    read, unseen = measured
    assert set(read) == set(trained[0]) and not set(unseen) & set(read)
    assert len(unseen) == len(WORDS) // 5 and set(unseen) < set(WORDS)
    assert len(words.split(", ")) == 5
    assert capsys.readouterr().out.endswith("weights, trained on 1.5, unseen 1.5\n")


def test_the_same_seed_is_the_same_run(capsys):
    for seed in (1, 1, 2):
        trials.experiment("few", WORDS, 5, seed=seed)
    first, again, other = capsys.readouterr().out.splitlines()
    assert first == again != other


def test_fine_tuning_goes_on_from_the_shipped_weights():
    state_dict, _, _ = load()
    kept, moved = trials.fine_tuned(["anna"], 0), trials.fine_tuned(["anna"] * 3, 20)
    assert [p.data for p in kept.state_dict["wte"][0]] == [p.data for p in state_dict["wte"][0]]
    assert moved.loss(["anna"]) < kept.loss(["anna"])
    assert kept.words(random.Random(1), 2) == "ariin, maia"
