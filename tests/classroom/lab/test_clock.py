"""Work takes time, on the processor's clock and on the one that stands in for it."""

from __future__ import annotations

import sys
import time

import pytest

from classroom import process_time


@pytest.mark.parametrize("platform", ["linux", "emscripten"])
def test_it_goes_on_while_python_works(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    began = process_time()
    while process_time() == began:
        sum(range(1000))
    assert process_time() > began


def test_only_a_browser_does_without_the_processors_clock(monkeypatch):
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    assert process_time() == 0.0
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert process_time() > 0.0
