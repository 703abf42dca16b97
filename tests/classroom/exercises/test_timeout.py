"""Loops without end are stopped, with signals and without; whatever else has a timer goes on."""

import itertools
import re
import signal
import sys
import threading
import time

import pytest

from classroom.exercises import evaluate
from classroom.exercises.kit import timeout
from classroom.exercises.kit.checking import expect_calls
from classroom.exercises.kit.registry import exercise
from classroom.exercises.kit.timeout import TimeLimit, time_limit

posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timer signals")


def forever():
    while True:
        pass


def forever_on_one_line():
    return [x for x in itertools.count() if x < 0]


def forever_deaf_to_exceptions():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def forever_in_calls():
    n = 0
    while n >= 0:
        n = (lambda n: n + 1)(n)


def forever_deaf_to_everything():
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def asleep():
    time.sleep(1000)


LOOPS = [forever, forever_on_one_line, forever_deaf_to_exceptions, forever_in_calls]
STUBBORN = [forever_deaf_to_everything, asleep]


def timers():
    """What may not be changed: the handler, the timer, and what traces."""
    if not hasattr(signal, "setitimer"):
        return sys.gettrace()
    return signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL), sys.gettrace()


@pytest.fixture(autouse=True)
def a_short_limit(no_exercises, monkeypatch):
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "0.2")

    @exercise("2.1", "loop", difficulty=1, minutes=5)
    def check_loop(answer):
        expect_calls(lambda n: answer() if n else 0, lambda n: n, [(0,), (1,)], show_as="loop({0})")


WAYS = [pytest.param(loop, True, marks=posix) for loop in LOOPS + STUBBORN]


@pytest.mark.parametrize(("loop", "signals"), WAYS + [(loop, False) for loop in LOOPS])
def test_every_loop_is_stopped_and_without_signals_most(monkeypatch, loop, signals):
    if not signals:
        monkeypatch.setattr(timeout, "has_timer_signals", lambda: False)
    before = timers()
    result = evaluate("2.1", loop)
    assert result.lines[0] == "loop(1) did not finish within 0.2 seconds and was stopped"
    assert re.match(r"at line \d+ of your code: \w", result.lines[1])
    assert "never ends" in result.cause and timers() == before


def test_another_thread_uses_the_fallback():
    results = []
    thread = threading.Thread(target=lambda: results.append(evaluate("2.1", forever)), daemon=True)
    thread.start()
    thread.join(timeout=60)
    assert "did not finish" in results[0].lines[0]


@pytest.mark.parametrize("signals", [True, False])
def test_what_is_in_time_is_left_alone(monkeypatch, signals):
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "60")
    monkeypatch.setattr(timeout, "has_timer_signals", lambda: signals and hasattr(signal, "alarm"))
    assert evaluate("2.1", lambda: sum(x for x in range(1000)) - 499_499).status == "right"
    with pytest.raises(KeyError), time_limit(60):
        raise KeyError


@posix
def test_an_earlier_wrong_case_is_told_before_the_time():
    @exercise("2.2", "two faults", difficulty=1, minutes=5)
    def check_two(answer):
        expect_calls(answer, lambda n: n + 1, [(1,), (1000,)])

    result = evaluate("2.2", lambda n: 0 if n == 1 else forever())
    assert result.lines[0].endswith("(1) gave 0, expected 2.")


@posix
def test_somebody_elses_timer_goes_on():
    rung = []
    previous = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 0.4)
    try:
        with pytest.raises(TimeLimit), time_limit(0.1):
            forever()
        deadline = time.monotonic() + 60
        while not rung and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert rung


@pytest.mark.parametrize("value", [None, "", "soon", "5", "-1", "inf", "nan"])
def test_the_limit_can_be_set_for_slow_machines(monkeypatch, value):
    monkeypatch.delenv("MICROGPT_CHECK_SECONDS")
    if value is not None:
        monkeypatch.setenv("MICROGPT_CHECK_SECONDS", value)
    assert timeout.default_seconds() == (5.0 if value == "5" else 2.0)


@posix
def test_nothing_rings_once_the_block_is_left(monkeypatch):
    monkeypatch.setattr(timeout, "_AGAIN", 0.0001)
    before = timers()
    for _ in range(300):  # each time an alarm may ring between the block and its end
        with pytest.raises(TimeLimit), time_limit(0.001):
            forever()
        assert timers() == before
