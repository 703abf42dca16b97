"""The terminal: what is said there, and the signals that come from it."""

import errno
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..data import printable

# of several processes that work together, the main one speaks
IS_MAIN = "MASTER_ADDR" not in os.environ or os.environ.get("RANK", "0") == "0"
# what a keyboard, another program, a terminal that closes, and a limit of processor time send
NAMES = ("SIGINT", "SIGBREAK", "SIGTERM", "SIGHUP", "SIGXCPU")


class OutputGone(Exception):
    """Nothing can be printed any more; the reason, or nothing if the reader has just gone."""


@contextmanager
def speaking() -> Iterator[None]:
    """Make warnings notes, and letters that a terminal has not no reason to end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    with warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = lambda message, *_, **__: say(f"note: {message}")
        yield


def say(words: str, alone: bool = False) -> None:
    """One line on standard error."""
    if alone or IS_MAIN:
        with suppress(OSError):  # the terminal has gone
            print(f"microgpt: {printable(words)}", file=sys.stderr, flush=True)


def show(line: str) -> None:
    """One line on standard output, at once."""
    if IS_MAIN:
        try:
            print(line, flush=True)
        except OSError as error:
            with suppress(OSError):  # what could not be written is not tried again at the end
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            reader_has_gone = error.errno in (errno.EPIPE, errno.EINVAL)  # as in `| head`
            raise OutputGone("" if reader_has_gone else error.strerror) from error


class Stop:
    """What Ctrl-C and its kin do: the first lets a step end, the second ends at once.

    Outside training each of them ends at once; while something is saved, none does.
    """

    def __init__(self) -> None:
        self.signals: list[str] = []
        self.training = self.saving = False

    def note(self, number: int, frame: object) -> None:
        """Handle a signal."""
        if not self.saving:
            name = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
            self.signals.append(name)
            if not self.training or len(self.signals) > 1:
                self.saving = self.training
                raise KeyboardInterrupt

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Be the handler of those that are not ignored, as by `nohup` or in the background."""
        before = {}
        with suppress(ValueError):  # a thread that is not the main one gets no signals
            for number in (getattr(signal, name, None) for name in NAMES):
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, self.note)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
