"""The stored novelty rates: a part of them drawn again."""

from __future__ import annotations

import json

import pytest

from microgpt import asset_path
from tools import novelty

STORED = json.loads(asset_path("novelty.json").read_text(encoding="utf-8"))


def test_every_temperature_is_stored():
    assert list(STORED["rows"]) == [str(temperature) for temperature in novelty.TEMPERATURES]
    assert (STORED["count"], STORED["seed"]) == (novelty.COUNT, novelty.SEED)


@pytest.mark.parametrize("temperature", [0.2, 1.5])
def test_the_stored_counts_come_out_again(temperature):
    assert novelty.measure(temperature) == STORED["rows"][str(temperature)]


def test_storing_writes_what_was_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(novelty, "STORED", tmp_path / "novelty.json")
    monkeypatch.setattr(novelty, "COUNT", 20)
    assert novelty.main() == 0
    again = json.loads((tmp_path / "novelty.json").read_text(encoding="utf-8"))
    assert again["count"] == 20 and list(again["rows"]) == list(STORED["rows"])
