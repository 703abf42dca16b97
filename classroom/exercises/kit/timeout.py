"""A time limit that also stops an endless loop in the reader's code; used by every check.

Where the system has timer signals (Linux, macOS) and we are in the main thread, a signal stops any
Python code, even one whose bare ``except:`` swallows the first try, and ``time.sleep`` too.
Elsewhere (Windows, a browser kernel, another thread) a trace function looks at the clock on every
line of the reader's code. That stops endless loops too, but not a sleep, nor a loop whose bare
``except:`` swallows the limit. Nothing stops one long call into C that never looks up, such as
``sum(range(10**12))``: it ends when it ends, as it does when the notebook's stop button is pressed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import weakref
from itertools import takewhile
from traceback import walk_stack
from types import FrameType
from typing import Any

from classroom.exercises.kit.errors import is_readers_file, line_text, readers_frame

SECONDS = 2.0  # of processor time a check may take: a busy machine makes no answer wrong
_PATIENCE = 10  # times as long on the clock on the wall, for code that only waits
_AGAIN = 0.05  # seconds between two tries to stop code that swallowed the first


class TimeLimit(BaseException):
    """The time is up. Not an ``Exception``, so that ``except Exception`` does not swallow it.

    ``line`` is the line of the reader's code that was running.
    """

    def __init__(self, line: str = "") -> None:
        super().__init__(line)
        self.line = line


def default_seconds() -> float:
    """Seconds a check may take: 2, in a browser 8, or what ``MICROGPT_CHECK_SECONDS`` says."""
    most = 4 * SECONDS if sys.platform == "emscripten" else SECONDS  # there, on the wall's clock
    with contextlib.suppress(ValueError):
        seconds = float(os.environ.get("MICROGPT_CHECK_SECONDS", ""))
        return seconds if 0 < seconds < 1e6 else most
    return most


def clock() -> float:
    """Seconds of processor time that this process has used; of the wall where none are counted."""
    used = time.process_time()
    return used if used > 0 else time.monotonic()


def has_timer_signals() -> bool:
    """Whether a timer can interrupt the running code: POSIX, and in the main thread."""
    in_main = threading.current_thread() is threading.main_thread()
    return hasattr(signal, "setitimer") and in_main and sys.platform != "emscripten"


def _where(frame: FrameType | None) -> str:
    own = readers_frame(frame)
    return line_text(own.f_code, own.f_lineno) if own else ""


def _collects_garbage(frame: FrameType | None) -> bool:
    """Whether Python itself clears up, in a callback: what is raised there is lost, and printed."""
    codes = [getattr(each, "__code__", None) for each in gc.callbacks]
    while frame is not None and not is_readers_file(frame.f_code.co_filename):
        if frame.f_code in codes or frame.f_code.co_filename == weakref.__file__:
            return True
        frame = frame.f_back
    return False


class time_limit(contextlib.AbstractContextManager[None]):
    """Raise ``TimeLimit`` inside the block when it has run for so many seconds of processor time.

    Code that only waits is stopped after ten times as long. Nothing is raised before the block has
    begun, nor on its way out: so it is a class, since the few lines of ``contextlib`` around a
    generator could be interrupted, and would then leave an armed limit behind.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.signals = seconds, has_timer_signals()
        self.used, self.wall = clock() + seconds, time.monotonic() + _PATIENCE * seconds
        self.armed, self.fired, self.line = False, 0, ""

    def __enter__(self) -> None:
        self.outside, self.traced = sys._getframe(1), sys.gettrace()
        if self.signals:
            self.previous = signal.signal(signal.SIGALRM, self.ring)
        self.armed, self.started = True, time.monotonic()
        if self.signals:
            self.left, self.every = signal.setitimer(signal.ITIMER_REAL, self.seconds)
        else:
            sys.settrace(self.look)

    def __exit__(self, *_error: object) -> None:
        self.armed = False
        if self.signals:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.previous)
        del self.outside
        if self.fired > 1 or not self.signals:
            sys.settrace(self.traced)
        if self.signals and self.left:  # somebody else's timer goes on with what is left of it
            rest = max(0.001, self.left - (time.monotonic() - self.started))
            signal.setitimer(signal.ITIMER_REAL, rest, self.every)

    def is_due(self, frame: FrameType | None) -> bool:
        """Whether the time is up, in a block that has begun and has not ended."""
        edges = (time_limit.__enter__.__code__, time_limit.__exit__.__code__)
        inside = self.armed and (frame is None or frame.f_code not in edges)
        return inside and (clock() > self.used or time.monotonic() > self.wall)

    def ring(self, _signal: int, frame: FrameType | None) -> None:
        """What the signal does. It is set again only when it is done: no ring within a ring."""
        try:
            if self.is_due(frame):
                self.stop(frame)
        finally:
            if self.armed:
                signal.setitimer(signal.ITIMER_REAL, _AGAIN)

    def stop(self, frame: FrameType | None) -> None:
        """Raise, and not once only: a bare ``except:`` may swallow the first."""
        within = takewhile(lambda pair: pair[0] is not self.outside, walk_stack(frame))
        own = [each for each, _ in within if is_readers_file(each.f_code.co_filename)]
        if (self.fired and not own) or _collects_garbage(frame):
            return  # the reader's code is left, and this block is about to be; or Python clears up
        self.fired += 1
        self.line = self.line or _where(frame)
        if self.fired > 1:
            sys.settrace(self.look)
            for each in own:
                each.f_trace = self.look
        raise TimeLimit(self.line)

    def look(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Trace function that ends what takes too long; after a signal, in the reader's code."""
        own = is_readers_file(frame.f_code.co_filename)
        if event in ("call", "line") and (own or not self.fired) and self.is_due(frame):
            raise TimeLimit(self.line or _where(frame))
        return self.look if own else None
