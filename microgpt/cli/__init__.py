"""The command line: its options, signals, what is said, and saving in time. Chapter 10.

Everything that can be wrong with the input is found before any work begins, said in one sentence
on standard error, and answered with exit code 2.
"""

from .options import parser
from .runs import run
from .terminal import OutputGone, Stop, say, speaking


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code: 0, or 2 for input that cannot be used.

    A run whose loss diverged ends with 1, one that lost another process with 3, both after saving
    the last good weights; what Ctrl-C ends at once ends with 130.
    """
    stop = Stop()
    try:
        with speaking(), stop.listening():
            try:
                return run(parser().parse_args(arguments), stop)
            except KeyboardInterrupt:
                stop.saving = True  # a third Ctrl-C does not end what is said of the second
                say(f"ended by {''.join(stop.signals[-1:]) or 'Ctrl-C'}")
                return 130
    except OutputGone as gone:
        if not str(gone):
            return 1
        say(f"cannot print: {gone}")
    except MemoryError:
        say("the memory of this machine is too small for this: choose smaller sizes")
    except (OSError, ValueError, ImportError) as error:
        say(str(error), alone=isinstance(error, ConnectionError))
    return 2
