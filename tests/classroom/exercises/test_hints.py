"""`hint` helps with the step that is missing, and with none that comes later."""

import io
import sys

import pytest

from classroom.exercises import check, hint
from classroom.exercises.kit import hints


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch):
    monkeypatch.setattr(hints, "_refused", {})
    monkeypatch.setattr(hints, "_told", set())


def half_decay(learning_rate, step, num_steps):
    return step / num_steps * learning_rate + 0.5


def said(capsys):
    return capsys.readouterr().out


def test_first_the_step_is_named_then_its_line_is_shown(capsys):
    check("7.6", half_decay)
    assert "1 of 3 steps" in said(capsys)
    hint()
    first = said(capsys)
    assert "7.6, step 2 of 3: the share that is left" in first and "1 - done" not in first
    hint("7.6")
    second = said(capsys)
    assert "left = 1 - done" in second and "return" not in second


def test_there_is_no_hint_before_a_check_and_none_after_a_right_answer(capsys):
    hint("7.6")
    assert 'run check("7.6", ...)' in said(capsys)
    check("7.6", lambda rate, step, n: rate * (1 - step / n))
    said(capsys)
    hint()
    assert "solved already" in said(capsys)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_stream_that_knows_no_ticks_gets_letters(monkeypatch, encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    check("7.6", half_decay)
    check("7.2", 0.01, 0.01)
    stream.flush()
    text = stream.buffer.getvalue().decode(encoding)
    marks = ("✗", "✓") if encoding == "utf-8" else ("x", "v")
    assert text.startswith(f"{marks[0]} 7.6") and f"\n{marks[1]} 7.2" in text
