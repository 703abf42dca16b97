"""Train and sample the GPT from the command line: ``python -m microgpt``. Chapter 10.

Everything that can be wrong with the input is found before any work begins, said in one sentence
on standard error, and answered with exit code 2.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import microgpt
from microgpt.checkpoint import check_can_save
from microgpt.inference import plain_weights
from microgpt.training import check_training_input

EXAMPLES = """examples:
  python3 -m microgpt                              the reference run, about half a minute
  python3 -m microgpt --steps 200 --save mine.json a shorter run, and keep what it learned
  python3 -m microgpt --load mine.json --steps 0   only invent names with it
  python3 -m microgpt --data words.txt --block-size 24 --n-embd 32
                                                   your own text, a document a line
"""

SIZES = ("n_embd", "n_head", "n_layer", "block_size")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code: 0, or 2 for input that cannot be used.

    A run whose loss diverged ends with 1, after sampling and saving the last good weights.
    """
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except BrokenPipeError:  # the reader of our output has gone, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, ValueError) as error:
        print(f"microgpt: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m microgpt",
        description="Train a small GPT on a list of names and let it invent new ones.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sizes = microgpt.Config(vocab_size=1)
    add = parser.add_argument
    add("--data", metavar="FILE", help="text file, a document a line (default: the shipped names)")
    add("--steps", type=_whole(0), default=1000, metavar="N", help="training steps (default: 1000)")
    add("--samples", type=_whole(0), default=20, metavar="N", help="names to invent (default: 20)")
    add("--seed", type=_whole(0), default=42, metavar="N", help="of all randomness (default: 42)")
    above = _number(1e-6)
    add("--temperature", type=above, default=0.5, metavar="T", help="of sampling (default: 0.5)")
    for name in SIZES:
        size = getattr(sizes, name)
        flag = "--" + name.replace("_", "-")
        add(flag, type=_whole(1), metavar="N", help=f"{_HELP[name]} (default: {size})")
    rate = _number(math.ulp(0.0))
    add(
        "--learning-rate", type=rate, default=0.01, metavar="R", help="at the start (default: 0.01)"
    )
    add("--save", metavar="FILE", help="keep weights, sizes and vocabulary as JSON")
    add("--load", metavar="FILE", help="begin with weights that --save kept")
    return parser


_HELP = {
    "n_embd": "length of a token's vector",
    "n_head": "attention heads; must divide --n-embd",
    "n_layer": "blocks of attention and MLP",
    "block_size": "longest sequence the model sees",
}


def _whole(lowest: int) -> Callable[[str], int]:
    """A parser of whole numbers from `lowest` on, for argparse."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if number < lowest:
            raise argparse.ArgumentTypeError(f"{number} is too small: at least {lowest} is needed")
        return number

    return parse


def _number(lowest: float) -> Callable[[str], float]:
    """A parser of finite numbers from `lowest` on, for argparse."""

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not lowest <= number < math.inf:
            raise argparse.ArgumentTypeError(f"{text} is not a finite number above 0")
        return number

    return parse


def _run(options: argparse.Namespace) -> int:
    if options.save:
        check_can_save(options.save)
    docs = microgpt.load_docs(options.data)
    rng = random.Random(options.seed)
    rng.shuffle(docs)
    state_dict, config, tokenizer = _model(options, docs, rng)
    check_training_input(docs, tokenizer, config, state_dict, options.steps, options.learning_rate)
    print(f"num docs: {len(docs)}")
    print(f"vocab size: {config.vocab_size}")
    print(f"num params: {len(microgpt.flatten(state_dict))}")
    _warn_of_cut_documents(docs, config)
    diverged = _train(options, docs, tokenizer, config, state_dict)
    if options.save:
        microgpt.save(options.save, state_dict, config, tokenizer)
    try:
        _sample(options, tokenizer, config, state_dict, rng)
    except ValueError as error:  # the settings were checked: the weights are too wild to sample
        print(f"microgpt: {error}", file=sys.stderr)
        return 1
    return 1 if diverged else 0


def _model(
    options: argparse.Namespace, docs: list[str], rng: random.Random
) -> tuple[Any, Any, Any]:
    given = {name: getattr(options, name) for name in SIZES if getattr(options, name) is not None}
    if options.load is None:
        tokenizer = microgpt.CharTokenizer.from_docs(docs)
        config = microgpt.Config(tokenizer.vocab_size, **given)
        return microgpt.init_params(config, rng), config, tokenizer
    state_dict, config, tokenizer = microgpt.load(options.load)
    for name, size in given.items():
        if size != getattr(config, name):
            flag = "--" + name.replace("_", "-")
            raise ValueError(
                f"{options.load!r} holds a model with {name} {getattr(config, name)}, "
                f"not {size}: leave {flag} out"
            )
    unknown = sorted(set().union(*docs) - set(tokenizer.chars))
    if unknown:
        raise ValueError(
            f"the documents hold {unknown[0]!r}, which the vocabulary of {options.load!r} has not "
            f"({tokenizer.chars!r}): use --data with the text that the weights were trained on"
        )
    return state_dict, config, tokenizer


def _warn_of_cut_documents(docs: list[str], config: microgpt.Config) -> None:
    longest = max(map(len, docs))
    cut = sum(len(doc) + 1 > config.block_size for doc in docs)  # +1: the mark at the end
    if cut:
        print(
            f"note: {cut} of {len(docs)} documents are longer than the block and are cut; "
            f"--block-size {longest + 1} avoids it",
            file=sys.stderr,
        )


def _train(
    options: argparse.Namespace,
    docs: list[str],
    tokenizer: microgpt.CharTokenizer,
    config: microgpt.Config,
    state_dict: Any,
) -> bool:
    """Train and print the losses; tell whether the run diverged."""
    steps = microgpt.train(
        docs, tokenizer, config, state_dict, options.steps, options.learning_rate
    )
    with _interrupt_noted() as interrupted:
        try:
            for step in steps:
                number = f"step {step.index + 1:4d} / {options.steps:4d}"
                print(f"{number} | loss {step.loss:.4f}", flush=True)
                if interrupted():
                    print("stopped by Ctrl-C; what was learned is kept", file=sys.stderr)
                    break
        except microgpt.TrainingDiverged as error:
            print(f"microgpt: {error}", file=sys.stderr)
            return True
    return False


@contextmanager
def _interrupt_noted() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C finish the present step; a second one ends the program as usual."""
    noted = False

    def note(number: int, frame: object) -> None:
        nonlocal noted
        noted = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: noted
    finally:
        signal.signal(signal.SIGINT, before)


def _sample(
    options: argparse.Namespace,
    tokenizer: microgpt.CharTokenizer,
    config: microgpt.Config,
    state_dict: Any,
    rng: random.Random,
) -> None:
    if options.samples:
        print("\n--- inference (new, hallucinated names) ---")
    weights = plain_weights(state_dict)
    for number in range(1, options.samples + 1):
        name = microgpt.sample(weights, config, tokenizer, rng, options.temperature)
        print(f"sample {number:2d}: {name}")


if __name__ == "__main__":
    sys.exit(main())
