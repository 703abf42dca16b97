"""The options, and the numbers and names that they take."""

import argparse
import os
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from .. import engines
from ..model import Config
from .terminal import show

EXAMPLES = """examples:
  python3 -m microgpt                              the reference run, about half a minute
  python3 -m microgpt --engine numpy               the same in a second, where NumPy is installed
  python3 -m microgpt --save mine.json             stop with Ctrl-C whenever you like, then
  python3 -m microgpt --continue mine.json         go on to the end as if nothing had happened
  python3 -m microgpt --load mine.json --steps 0   only invent names with it
  python3 -m microgpt --data words.txt --block-size 24 --engine numpy     your own text
  torchrun --standalone --nproc_per_node=2 -m microgpt --engine ddp      two processes
"""

SIZES = {
    "n_embd": "length of a token's vector (default: {0.n_embd})",
    "n_head": "attention heads; must divide --n-embd (default: {0.n_head})",
    "n_layer": "blocks of attention and MLP (default: {0.n_layer})",
    "block_size": "longest sequence the model sees (default: {0.block_size})",
}
SETTINGS = ("num_steps", "learning_rate", "batch_size")
SETTLED = (*SETTINGS, "seed", "load", *SIZES)  # in a run that was begun before


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (--help tells what there is)")

    def _print_message(self, message: str, file: Any = None) -> None:
        show(message.rstrip())


def parser() -> argparse.ArgumentParser:
    """What reads the arguments; what was not given is None."""
    made = _Parser(
        prog="python3 -m microgpt",
        description="Train a small GPT on a list of names and let it invent new ones.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    above, rate, any_size = _number(float, 1e-6), _number(float, 1e-100), _number(int, 1)
    count, names = _number(int, 0), [engine.name for engine in engines.available()]
    file: dict[str, Any] = {"type": _file, "metavar": "FILE"}
    add("--data", **file, help="text file, a document a line (default: the shipped names)")
    add("--engine", choices=names, help="who calculates (default: scalar, which needs nothing)")
    add("--steps", type=count, dest="num_steps", metavar="N", help="training steps (default: 1000)")
    add("--samples", type=count, default=20, metavar="N", help="names to invent (default: 20)")
    add("--seed", type=count, metavar="N", help="of all randomness (default: 42)")
    add("--temperature", type=above, default=0.5, metavar="T", help="of sampling (default: 0.5)")
    for name, about in SIZES.items():
        add(flag(name), type=any_size, metavar="N", help=about.format(Config(vocab_size=1)))
    add("--learning-rate", type=rate, metavar="R", help="at the start (default: 0.01)")
    add("--batch-size", type=any_size, metavar="N", help="documents a step: numpy_batched and ddp")
    add("--save", **file, help="keep weights, sizes, vocabulary and the run as JSON")
    add("--load", **file, help="begin a new run with weights that --save kept")
    add("--continue", dest="file", **file, help="go on with a run that --save kept")
    add("--anyway", action="store_true", help="even if it takes days or more memory than there is")
    return made


def flag(name: str) -> str:
    """How a setting is spelt on the command line."""
    return "--" + name.removeprefix("num_").replace("_", "-")


def given(options: argparse.Namespace, names: Iterable[str]) -> dict[str, Any]:
    """Those of some options that the user gave."""
    return {name: vars(options)[name] for name in names if vars(options)[name] is not None}


def _file(text: str) -> str:
    """The name of a file, for argparse."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"the name of a file is needed, not {text!r}")
    if text == "-":  # nobody can go on later with a run whose text came from a pipe
        problem = "standard input and output are not used, so name a file instead of '-'"
        raise argparse.ArgumentTypeError(problem)
    return os.path.expanduser(text)  # no shell does that in --save=~/mine.json


def _number(kind: type[int] | type[float], lowest: float) -> Callable[[str], float]:
    """A parser of numbers from `lowest` on, for argparse."""
    what = "a whole number" if kind is int else "a number"

    def parse(text: str) -> float:
        try:
            number = kind(text) if len(text) < 400 else float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r:.40} is not {what}") from None
        if not lowest <= number <= 1e300:
            needed = f"{what} from {lowest} to 1e300 is needed"
            raise argparse.ArgumentTypeError(f"{text:.40} is out of range: {needed}")
        return number

    return parse
