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
from typing import Any

SLICE_SECONDS = 0.03
PAUSE_SECONDS = 0.001


def sliced(steps: Iterator[Any], seconds: float = SLICE_SECONDS) -> Iterator[list[Any]]:
    """Collect what `steps` yields into lists, one for each slice of time; never an empty one."""
    batch: list[Any] = []
    until = time.perf_counter() + seconds
    for step in steps:
        batch.append(step)
        if time.perf_counter() >= until:
            yield batch
            batch, until = [], time.perf_counter() + seconds
    if batch:
        yield batch


class Background:
    """Runs one generator at a time, a slice (up to its next ``yield``) per turn of the loop.

    Make it where the loop runs, in a cell: callbacks may come from another thread (JupyterLab's
    messages to widgets do), but the work always runs in the thread it was made in. Without a loop,
    in a plain script, `start` runs the work to its end.

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

    def _run_through(self, work: Iterator[Any]) -> None:
        try:
            while self._job is work and self._advance(work):
                pass
        except KeyboardInterrupt:
            self.cancel()
            self._on_interrupt()
            raise

    async def _run(self, work: Iterator[Any]) -> None:
        self._interrupted = False
        try:
            await asyncio.sleep(0)  # the message that began it is answered first
            while self._job is work:
                self._listen()
                if self._interrupted or not self._advance(work):
                    break
                await asyncio.sleep(PAUSE_SECONDS)
        except KeyboardInterrupt:  # raised out of a task it would end the kernel's loop
            self._interrupted = True
        finally:
            if self._job in (work, None):
                self._stop_listening()
        if self._interrupted and self._job is work:
            self.cancel()
            self._on_interrupt()

    def _advance(self, work: Iterator[Any]) -> bool:
        """Do one slice; False when the work is over."""
        try:
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

    def _listen(self) -> None:
        """Hear the interrupt button: a kernel that is idle otherwise ignores its signal."""
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._hear)

    def _hear(self, number: int, frame: Any) -> None:
        self._interrupted = True

    def _stop_listening(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGINT) == self._hear:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
