"""Train and sample the GPT from the command line: ``python -m microgpt``. Chapter 10.

Everything that can be wrong with the input is found before any work begins, said in one sentence
on standard error, and answered with exit code 2.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, NoReturn

import microgpt
from microgpt import engines
from microgpt.checkpoint import check_can_save, read_notes
from microgpt.data import printable
from microgpt.inference import plain_weights

EXAMPLES = """examples:
  python3 -m microgpt                              the reference run, about half a minute
  python3 -m microgpt --engine numpy               the same in a second, where NumPy is installed
  python3 -m microgpt --save mine.json             stop with Ctrl-C whenever you like, then
  python3 -m microgpt --continue mine.json         go on to the end as if nothing had happened
  python3 -m microgpt --load mine.json --steps 0   only invent names with it
  python3 -m microgpt --data words.txt --block-size 24 --engine numpy --steps 20000
                                                   your own text, a document a line
  torchrun --standalone --nproc_per_node=2 -m microgpt --engine ddp      two processes
"""

SIZES = {
    "n_embd": "length of a token's vector",
    "n_head": "attention heads; must divide --n-embd",
    "n_layer": "blocks of attention and MLP",
    "block_size": "longest sequence the model sees",
}
SETTINGS = {"num_steps": "steps", "learning_rate": "learning_rate", "batch_size": "batch_size"}
IS_MAIN = os.environ.get("RANK", "0") == "0"  # of several processes
SETTLED = ("steps", "learning_rate", "batch_size", "seed", "load", *SIZES)  # in a run begun before


class _Stop:
    """What Ctrl-C, SIGTERM and SIGHUP do: the first lets a step end, the second ends at once.

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
        """Be the handler of the signals that there are here."""
        names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        before = {}
        with suppress(ValueError):  # a thread that is not the main one gets no signals
            before = {n: signal.signal(n, self.note) for n in (getattr(signal, x) for x in names)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code: 0, or 2 for input that cannot be used.

    A run whose loss diverged ends with 1, one that lost another process with 3, both after saving
    the last good weights; what Ctrl-C ends at once ends with 130.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a letter that the terminal has not is no reason to end
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    warnings.showwarning = lambda message, *_, **__: _say(f"note: {message}")
    stop = _Stop()
    try:
        with stop.listening():
            return _run(_parser().parse_args(arguments), stop)
    except KeyboardInterrupt:
        _say(f"ended by {''.join(stop.signals[-1:]) or 'Ctrl-C'}")
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        _say("the memory of this machine is too small for this: choose smaller sizes")
    except (OSError, ValueError, ImportError) as error:
        reason = getattr(error, "strerror", None)  # the system's own words: our output has no place
        words = f"cannot print: {reason}" if reason else str(error)
        _say(words, alone=isinstance(error, ConnectionError))
    return 2


def _say(words: str, alone: bool = False) -> None:
    """One line on standard error; of several processes the main one speaks."""
    if alone or IS_MAIN:
        with suppress(OSError):  # the terminal has gone
            print(f"microgpt: {printable(words)}", file=sys.stderr, flush=True)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python3 -m microgpt",
        description="Train a small GPT on a list of names and let it invent new ones.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    above, rate, any_size = _number(float, 1e-6), _number(float, 1e-100), _number(int, 1)
    count, names = _number(int, 0), [engine.name for engine in engines.available()]
    add("--data", metavar="FILE", help="text file, a document a line (default: the shipped names)")
    add("--engine", choices=names, help="who calculates (default: scalar, which needs nothing)")
    add("--steps", type=count, metavar="N", help="training steps (default: 1000)")
    add("--samples", type=count, default=20, metavar="N", help="names to invent (default: 20)")
    add("--seed", type=count, metavar="N", help="of all randomness (default: 42)")
    add("--temperature", type=above, default=0.5, metavar="T", help="of sampling (default: 0.5)")
    for name, about in SIZES.items():
        default = getattr(microgpt.Config(vocab_size=1), name)
        add(_flag(name), type=any_size, metavar="N", help=f"{about} (default: {default})")
    add("--learning-rate", type=rate, metavar="R", help="at the start (default: 0.01)")
    add("--batch-size", type=any_size, metavar="N", help="documents a step: numpy_batched and ddp")
    add("--save", metavar="FILE", help="keep weights, sizes, vocabulary and the run as JSON")
    add("--load", metavar="FILE", help="begin a new run with weights that --save kept")
    add("--continue", dest="file", metavar="FILE", help="go on with a run that --save kept")
    add("--anyway", action="store_true", help="even if it takes days or more memory than there is")
    return parser


def _number(kind: type[int] | type[float], lowest: float) -> Callable[[str], float]:
    """A parser of numbers from `lowest` on, for argparse."""
    what = "a whole number" if kind is int else "a number"

    def parse(text: str) -> float:
        try:
            number = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r:.40} is not {what}") from None
        if not lowest <= number <= 1e300:
            needed = f"{what} from {lowest} to 1e300 is needed"
            raise argparse.ArgumentTypeError(f"{text:.40} is out of range: {needed}")
        return number

    return parse


def _run(options: argparse.Namespace, stop: _Stop) -> int:
    if options.file is not None:
        _take_up_options(options)
    engine = options.engine or "scalar"
    engines.get(engine)
    if options.save is not None:
        check_can_save(options.save)
    with engines.get("ddp").process_group() if engine == "ddp" else nullcontext():
        run = _begin(options, engine) if options.file is None else _go_on(options)
        if IS_MAIN:
            print(f"num docs: {len(run.docs)}")
            print(f"vocab size: {run.config.vocab_size}")
            print(f"num params: {len(microgpt.flatten(run.state_dict))}", flush=True)
        _tell_of_cut_documents(run)
        code = _train(run, stop)
        return _finish(options, run, stop, code) if IS_MAIN else code


def _take_up_options(options: argparse.Namespace) -> None:
    """Of a run to go on with: what it has settled may not be given, what it noted is filled in."""
    for name in SETTLED:
        if getattr(options, name) is not None:
            problem = f"{_flag(name)} is settled in {options.file!r}"
            raise ValueError(f"{problem}: leave it out with --continue")
    notes = read_notes(options.file)
    for name, kind in ("data", str), ("engine", str), ("seed", int):
        if getattr(options, name) is None and isinstance(notes.get(name), kind):
            setattr(options, name, notes[name])
    if options.save is None:
        options.save = options.file


def _documents(options: argparse.Namespace) -> tuple[list[str], random.Random]:
    docs, rng = microgpt.load_docs(options.data), random.Random(options.seed)
    rng.shuffle(docs)
    return docs, rng


def _begin(options: argparse.Namespace, engine: str) -> microgpt.Run:
    options.seed = 42 if options.seed is None else options.seed
    docs, rng = _documents(options)
    settings = microgpt.Settings(engine=engine, **_given(options, SETTINGS))
    sizes = _given(options, {name: name for name in SIZES})
    if options.load is None:
        tokenizer = microgpt.CharTokenizer.from_docs(docs)
        config = microgpt.Config(tokenizer.vocab_size, **sizes)
    else:
        state_dict, config, tokenizer = _load(options.load, sizes, docs)
    if not options.anyway:
        engines.check_cost(settings, config, docs)
    if options.load is None:
        state_dict = microgpt.init_params(config, rng)
    run = microgpt.Run(docs, tokenizer, config, state_dict, settings)
    run.rng, run.notes = rng, {"data": options.data, "engine": engine, "seed": options.seed}
    return run


def _given(options: argparse.Namespace, names: dict[str, str]) -> dict[str, Any]:
    """Those of some options that the user gave, under new names."""
    given = vars(options)
    return {name: given[option] for name, option in names.items() if given[option] is not None}


def _load(path: str, sizes: dict[str, int], docs: list[str]) -> tuple[Any, Any, Any]:
    state_dict, config, tokenizer = microgpt.load(path)
    for name, size in sizes.items():
        if size != getattr(config, name):
            held = f"{path!r} holds a model with {name} {getattr(config, name)}"
            raise ValueError(f"{held}, not {size}: leave {_flag(name)} out")
    unknown = sorted(set().union(*docs) - set(tokenizer.chars))
    if unknown:
        raise ValueError(
            f"the documents hold {unknown[0]!r}, which the vocabulary of {path!r} has not "
            f"({tokenizer.chars!r:.60}): use --data with the text that the weights were trained on"
        )
    _say(f"note: a new run from the weights in {path!r}; --continue goes on with their own run")
    return state_dict, config, tokenizer


def _go_on(options: argparse.Namespace) -> microgpt.Run:
    run = microgpt.resume(options.file, _documents(options)[0], options.engine)
    _say(f"note: {run} in {options.file!r} goes on, and is saved to {options.save!r}")
    return run


def _tell_of_cut_documents(run: microgpt.Run) -> None:
    longest, block_size = max(map(len, run.docs)), run.config.block_size
    cut = sum(len(doc) + 1 > block_size for doc in run.docs)  # +1: the mark at the end
    if cut:
        note = f"note: {cut} of {len(run.docs)} documents are longer than the block and are cut"
        _say(f"{note}; --block-size {longest + 1} avoids it")


def _train(run: microgpt.Run, stop: _Stop) -> int:
    """Train and print the losses; the exit code so far. From here on `stop` guards the saving."""
    stop.training = True
    try:
        for step in _with_time_left(run):
            if IS_MAIN:
                of = run.settings.num_steps
                print(f"step {step.index + 1:4d} / {of:4d} | loss {step.loss:.4f}", flush=True)
            if stop.signals:
                _say(f"stopped by {stop.signals[0]}; what was learned is kept")
                break
    except microgpt.TrainingDiverged as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say(f"ended by a second signal, {''.join(stop.signals[-1:]) or 'Ctrl-C'}")
        return 130
    except OSError:  # the reader of our output has gone, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except RecursionError:
        _say("engine 'plain' cannot go so deep: --engine scalar can")
        return 2
    except RuntimeError as error:  # what gloo and nccl raise when another process is gone
        _say(f"lost another process, so this one stops too: {error}")
        return 3
    finally:
        stop.training, stop.saving = False, True
    return 0


def _with_time_left(run: microgpt.Run) -> Iterator[microgpt.Step]:
    """The steps; now and then, on long runs, how long the others will take."""
    begun = told = time.monotonic()
    first, of = run.index, run.settings.num_steps
    for step in run:
        yield step
        now = time.monotonic()
        if now - told > 10:
            left = (now - begun) / (run.index - first) * (of - run.index)
            _say(f"{run.index:,} of {of:,} steps made, about {engines.span(left)} left")
            told = now


def _save(run: microgpt.Run, path: str) -> int:
    """Save; if the place was lost meanwhile, to another, so that what was learned is not."""
    model = run.state_dict, run.config, run.tokenizer, None if run.ended else run
    try:
        microgpt.save(path, *model)
    except OSError as error:
        path = os.path.join(tempfile.gettempdir(), f"microgpt-{secrets.token_hex(4)}.json")
        microgpt.save(path, *model)
        _say(f"{error}; so what was learned was saved to {path!r}")
        return 1
    return 0


def _finish(options: argparse.Namespace, run: microgpt.Run, stop: _Stop, code: int) -> int:
    """Save, then sample."""
    if options.save is not None:
        code = max(code, _save(run, options.save))
    stop.saving = False
    if code > 1:
        return code
    if options.samples:
        print("\n--- inference (new, hallucinated names) ---")
    weights, rng = plain_weights(run.state_dict), run.rng or random.Random(options.seed)
    for number in range(1, options.samples + 1):
        try:
            name = microgpt.sample(weights, run.config, run.tokenizer, rng, options.temperature)
        except ValueError as error:  # the settings were checked: the weights are too wild
            _say(str(error))
            return 1
        print(f"sample {number:2d}: {printable(name)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
