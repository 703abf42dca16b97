"""Tell what the reader's code raised, and on which of its lines; used by every chapter's checks."""

import hashlib
import linecache
import os
import re
import sysconfig
import traceback
from pathlib import Path
from types import CodeType, FrameType

import microgpt
from classroom.exercises.kit.error_causes import error_cause
from microgpt.data import printable

_PACKAGE = str(Path(__file__).resolve().parents[2]) + os.sep  # the classroom
_MACHINE = str(Path(microgpt.__file__).resolve().parent) + os.sep
_LIBRARIES = tuple(
    str(folder) + os.sep
    for key, path in sysconfig.get_paths().items()
    if key in ("stdlib", "platstdlib", "purelib", "platlib")
    for folder in (path, Path(path).resolve())  # an environment may be a link
)
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")  # another one in every run
OWN_FILES: set[str] = set()  # what the answer that is checked was typed into, if that is known


class Wrong(Exception):
    """A check found the answer wrong.

    The lines say what was asked, what came out, what was expected; ``cause`` is the likely cause,
    ``key`` its short name if it is a slip of the solution; ``guess`` is what can be told from the
    result alone, and said where nothing better is found.
    """

    def __init__(self, *lines: str, cause: str = "", guess: str = "", key: str = "") -> None:
        self.key = key
        self.lines = [_ADDRESS.sub("", line) for line in lines]
        self.cause = _ADDRESS.sub("", cause)
        self.guess = _ADDRESS.sub("", guess)
        self.right_in = ""  # in how many cases it is right
        self.raised = False  # the answer came to no result
        self.stopped = False  # it took too long
        self.unfinished = False  # all that was given is right, and something is still missing
        super().__init__("\n".join(self.lines))

    @property
    def keys(self) -> str:
        """The short name of the cause, whatever kind it is; of several parts one each."""
        return self.key or short_key(self.cause)


def short_key(words: str) -> str:
    """The short name of a slip, made of its edit; of another cause or a step, made of its words."""
    return hashlib.sha256(words.encode()).hexdigest()[:6] if words else ""


def is_readers_file(filename: str) -> bool:
    """Whether code from this file is the reader's: neither the course's package nor a library's."""
    if filename.startswith(("<frozen", "<string>")):  # what a dataclass writes, too
        return False
    return not filename.startswith((_PACKAGE, _MACHINE, *_LIBRARIES))


def readers_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of the reader's code, as far up as the check that runs it."""
    while frame is not None and not is_readers_file(frame.f_code.co_filename):
        in_kit = frame.f_code.co_filename.startswith(_PACKAGE)
        frame = None if in_kit and frame.f_code.co_name == "evaluate" else frame.f_back
    return frame


def line_text(code: CodeType, number: int) -> str:
    """One line of source, ``line 3 of your code: return x / 0``, without the file's path.

    A line of another cell than the answer's may be the page's.
    """
    source = linecache.getline(code.co_filename, number).strip()
    of = "your code" if not OWN_FILES or code.co_filename in OWN_FILES else "another cell"
    return f"line {number} of {of}" + (f": {source}" if source else "")


def raising_function(error: BaseException) -> str:
    """Name of the reader's function that an exception was raised in, or nothing."""
    steps = [step.f_code for step, _ in traceback.walk_tb(error.__traceback__)]
    return steps[-1].co_name if steps and is_readers_file(steps[-1].co_filename) else ""


def error_line(error: BaseException) -> str:
    """The innermost line of the reader's code that the exception came through, or nothing."""
    own = [
        (step.f_code, number)
        for step, number in traceback.walk_tb(error.__traceback__)
        if is_readers_file(step.f_code.co_filename)
    ]
    return line_text(*own[-1]) if own else ""


def error_name(error: BaseException) -> str:
    """Type and message of an exception: ``ZeroDivisionError: division by zero``."""
    text = printable(" ".join(str(error).split()))
    text = text if len(text) <= 200 else text[:199] + "…"
    if isinstance(error, Wrong):  # ours: what the check found is told, not how
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def wrong_because_raised(text: str, error: BaseException, cause: str = "", key: str = "") -> Wrong:
    """``Wrong`` for a call ``text`` that raised ``error``."""
    found = isinstance(error, Wrong)
    lines = [f"{text}{':' if found else ' raised'} {error_name(error)}"]
    place = error_line(error)
    if place:
        lines.append(f"at {place}")
    wrong = Wrong(*lines, cause=cause, guess=error_cause(error), key=key)
    wrong.raised = True
    return wrong
