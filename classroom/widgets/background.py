"""Work in the background of a kernel, in short slices, without threads. Chapters 07, 08.

A kernel waits for messages in an asyncio loop. Work that gives the loop a turn every few
hundredths of a second leaves the kernel usable: cells run, sliders move, buttons are heard.
It needs no threads, so it also works where there are none.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SLICE_SECONDS = 0.03
PAUSE_SECONDS = 0.001


def sliced(steps: Iterator[Any], seconds: float = SLICE_SECONDS) -> Iterator[list[Any]]:
    """Collect what `steps` yields into lists, one for each slice of time; never an empty one.

    If `steps` raises, what it yielded before is handed out first.
    """
    batch: list[Any] = []
    until = time.perf_counter() + seconds
    trouble: Exception | None = None
    while trouble is None:
        try:
            batch.append(next(steps))
        except StopIteration:
            break
        except Exception as error:
            trouble = error
        if time.perf_counter() >= until and trouble is None:
            yield batch
            batch, until = [], time.perf_counter() + seconds
    if batch:
        yield batch
    if trouble is not None:
        raise trouble


class Background:
    """Runs one generator at a time, a slice (up to its next ``yield``) per turn of the loop.

    Make it where the loop runs, in a cell: callbacks may come from another thread (JupyterLab's
    messages to widgets do), but the work always runs in the thread it was made in. Without a loop,
    in a script, `start` runs the work to its end.

    Parameters
    ----------
    on_error : function of an Exception
        Called with what the work raised.
    on_interrupt : function without arguments
        Called when the kernel was interrupted while the work was under way; the work is then over.

    Attributes
    ----------
    running : bool
        Whether work is under way.
    """

    def __init__(
        self, on_error: Callable[[Exception], None], on_interrupt: Callable[[], None]
    ) -> None:
        self._on_error, self._on_interrupt = on_error, on_interrupt
        self._thread = threading.current_thread()
        self._job: Iterator[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._interrupted = False
        self._loop: asyncio.AbstractEventLoop | None
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._job is not None

    def call(self, action: Callable[[], None]) -> None:
        """Call `action` in the thread of the work: now, if this is it."""
        if self._loop is None or threading.current_thread() is self._thread:
            action()
        else:
            self._loop.call_soon_threadsafe(action)

    def start(self, work: Iterator[Any], *, wait: bool = False) -> None:
        """Drop the work under way and begin this one.

        Parameters
        ----------
        work : iterator
            Yields wherever it may be paused or dropped; when dropped, it is closed.
        wait : bool
            Run it to its end before returning.
        """
        self.cancel()
        self._job = work
        loop = self._loop if self._loop is not None and self._loop.is_running() else None
        if wait or loop is None:
            self._run_through(work)
        else:
            self._task = loop.create_task(self._run(work))

    def cancel(self) -> None:
        """Drop the work under way, if any."""
        job, self._job = self._job, None
        if job is not None and hasattr(job, "close"):
            job.close()

    def finish(self) -> None:
        """Say, from within the work, that its last slice is all but done."""
        self._job = None

    def _run_through(self, work: Iterator[Any]) -> None:
        self._interrupted = False
        while self._job is work and self._advance(work):
            if self._interrupted:
                self.cancel()
                self._on_interrupt()
                raise KeyboardInterrupt

    async def _run(self, work: Iterator[Any]) -> None:
        self._interrupted = False
        await asyncio.sleep(0)  # the message that began it is answered first
        while self._job is work:
            self._hear_when_idle(True)
            if self._interrupted or not self._advance(work):
                break
            await asyncio.sleep(PAUSE_SECONDS)
        if self._job in (work, None):
            self._hear_when_idle(False)
        if self._interrupted and self._job is work:
            self.cancel()
            self._on_interrupt()

    def _advance(self, work: Iterator[Any]) -> bool:
        """Do one slice; False when the work is over."""
        try:
            with self._hearing():
                next(work)
        except StopIteration:
            self._finished(work)
            return False
        except Exception as error:
            self._finished(work)
            self._on_error(error)
            return False
        return True

    def _finished(self, work: Iterator[Any]) -> None:
        if self._job is work:
            self._job = None

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        """Keep an interrupt for the end of the slice: in its midst it would break the work."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._hear)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _hear_when_idle(self, on: bool) -> None:
        """Hear the interrupt button between slices: an idle kernel ignores its signal."""
        if threading.current_thread() is not threading.main_thread():
            return
        before, after = (signal.SIG_IGN, self._hear) if on else (self._hear, signal.SIG_IGN)
        if signal.getsignal(signal.SIGINT) == before:
            signal.signal(signal.SIGINT, after)

    def _hear(self, number: int, frame: Any) -> None:
        self._interrupted = True
