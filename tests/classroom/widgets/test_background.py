"""Work in slices: with and without a loop, dropped, failing, interrupted."""

import asyncio
import os
import signal
import sys
import threading

import pytest

pytest.importorskip("ipywidgets")

from classroom.widgets.background import Background, sliced


class Log:
    """What a Background reported."""

    def __init__(self):
        self.errors, self.interrupts = [], 0
        self.work = Background(self.errors.append, self.interrupted)

    def interrupted(self):
        self.interrupts += 1


def count_to(last, seen):
    for number in range(last):
        seen.append(number)
        yield


def test_without_a_loop_work_is_done_on_return():
    log, seen = Log(), []
    log.work.start(count_to(5, seen))
    assert seen == [0, 1, 2, 3, 4] and not log.work.running


def test_in_a_loop_start_returns_at_once_and_others_get_their_turn():
    async def main():
        log, seen, turns = Log(), [], 0
        log.work.start(count_to(20, seen))
        assert seen == [] and log.work.running
        while log.work.running:
            turns += 1
            await asyncio.sleep(0)
        assert seen == list(range(20)) and turns >= 20

    asyncio.run(main())


def test_new_work_drops_the_old_and_closes_it():
    async def main():
        log, old, new, closed = Log(), [], [], []

        def work():
            try:
                yield from count_to(10_000, old)
            finally:
                closed.append(True)

        log.work.start(work())
        while len(old) < 3:
            await asyncio.sleep(0)
        log.work.start(count_to(4, new))
        assert closed == [True]
        made = len(old)
        while log.work.running:
            await asyncio.sleep(0)
        assert new == [0, 1, 2, 3] and len(old) == made

    asyncio.run(main())


def test_many_quick_starts_leave_one_run():
    async def main():
        log, runs = Log(), [[] for _ in range(50)]
        for seen in runs:
            log.work.start(count_to(3, seen))
        while log.work.running:
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert runs[-1] == [0, 1, 2] and not any(runs[:-1])

    asyncio.run(main())


def test_errors_are_handed_on():
    def broken():
        yield
        raise ValueError("no")

    async def main():
        log = Log()
        log.work.start(broken())
        while log.work.running:
            await asyncio.sleep(0)
        assert [str(error) for error in log.errors] == ["no"]

    asyncio.run(main())
    log = Log()
    log.work.start(broken())
    assert [str(error) for error in log.errors] == ["no"] and not log.work.running


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal to itself")
def test_an_idle_kernels_interrupt_ends_the_work_and_only_that():
    """A kernel between two cells ignores SIGINT, as ipykernel sets it."""

    async def main():
        log, seen = Log(), []
        log.work.start(count_to(100_000, seen))
        while len(seen) < 5:
            await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)
        while log.work.running:
            await asyncio.sleep(0)
        assert log.interrupts == 1 and len(seen) < 100_000
        await asyncio.sleep(0.01)

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        asyncio.run(main())
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal to itself")
def test_an_interrupt_while_a_cell_waits_lets_the_slice_end_first():
    whole = []

    def work():
        for number in range(1000):
            if number == 3:
                os.kill(os.getpid(), signal.SIGINT)
            whole.append(number)
            yield

    log = Log()
    with pytest.raises(KeyboardInterrupt):
        log.work.start(work(), wait=True)
    assert whole == [0, 1, 2, 3] and log.interrupts == 1 and not log.work.running


def test_calls_from_another_thread_run_where_the_work_runs():
    async def main():
        log, where = Log(), []
        thread = threading.Thread(
            target=log.work.call, args=(lambda: where.append(threading.current_thread()),)
        )
        thread.start()
        while not where:
            await asyncio.sleep(0)
        thread.join()
        assert where == [threading.current_thread()]

    asyncio.run(main())


def test_slices_keep_order_and_what_came_before_an_error():
    def steps():
        yield from range(5)
        raise ArithmeticError("diverged")

    found = []
    with pytest.raises(ArithmeticError, match="diverged"):
        for batch in sliced(steps(), seconds=10):
            found += batch
    assert found == [0, 1, 2, 3, 4]
    assert [b for batch in sliced(iter(range(7)), seconds=0) for b in batch] == list(range(7))
    assert list(sliced(iter(()))) == []
