"""A run from its options to the names it invents."""

import argparse
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import microgpt
from microgpt import CharTokenizer, Config, Run, Settings, Step, engines

from ..checkpoint import Place, read_notes
from ..data import printable
from ..inference import float_weights
from .options import SETTINGS, SETTLED, SIZES, flag, given
from .saving import find_place, keep
from .terminal import IS_MAIN, Stop, say, show


def run(options: argparse.Namespace, stop: Stop) -> int:
    """Do what the options say; the exit code."""
    if options.file is not None:
        _take_up_options(options)
    options.engine = options.engine or "scalar"
    engine, place = engines.get(options.engine), find_place(options)
    with engine.learner.together():
        made = _begin(options) if options.file is None else _go_on(options)
        if made.docs:
            show(f"num docs: {len(made.docs)}")
        show(f"vocab size: {made.config.vocab_size}")
        show(f"num params: {len(microgpt.flatten(made.state_dict))}")
        _tell_of_cut_documents(made, options)
        code = _train_and_keep(made, place, stop)
        return code if code > 1 or not IS_MAIN else max(code, _sample(made, options))


def _take_up_options(options: argparse.Namespace) -> None:
    """Of a run to go on with: what it has settled may not be given, what it noted is filled in."""
    for name in given(options, SETTLED):
        problem = f"{flag(name)} is settled in {options.file!r}"
        raise ValueError(f"{problem}: leave it out with --continue")
    notes = read_notes(options.file)
    for name, kind in ("data", str), ("engine", str), ("seed", int):
        if getattr(options, name) is None and isinstance(notes.get(name), kind):
            setattr(options, name, notes[name])
    if options.save is None:
        options.save = options.file


def _documents(options: argparse.Namespace) -> tuple[list[str], random.Random]:
    """The documents, shuffled, and the stream of random numbers that shuffled them."""
    rng = random.Random(options.seed)
    if options.load is not None and options.num_steps == 0 and options.data is None:
        return [], rng  # weights that shall only speak need no text
    docs = microgpt.load_docs(options.data)
    rng.shuffle(docs)
    return docs, rng


def _begin(options: argparse.Namespace) -> Run:
    options.seed = 42 if options.seed is None else options.seed
    settings = Settings(engine=options.engine, **given(options, SETTINGS))
    sizes = given(options, SIZES)
    docs, rng = _documents(options)
    if options.load is None:
        tokenizer = CharTokenizer.from_docs(docs)
        config = Config(tokenizer.vocab_size, **sizes)
    else:
        state_dict, config, tokenizer = _load(options.load, sizes, docs)
    if docs and not options.anyway:
        engines.check_cost(settings, config, docs)
    if options.load is None:
        state_dict = microgpt.init_params(config, rng)
    elif settings.num_steps:
        path = repr(options.load)
        say(f"note: a new run from the weights in {path}; --continue goes on with their own run")
    made = Run(docs, tokenizer, config, state_dict, settings)
    made.rng = rng
    made.notes = {"data": options.data, "engine": options.engine, "seed": options.seed}
    return made


def _load(path: str, sizes: dict[str, int], docs: list[str]) -> tuple[Any, Config, CharTokenizer]:
    state_dict, config, tokenizer = microgpt.load(path)
    for name, size in sizes.items():
        if size != getattr(config, name):
            held = f"{path!r} holds a model with {name} {getattr(config, name)}"
            raise ValueError(f"{held}, not {size}: leave {flag(name)} out")
    if unknown := sorted(set().union(*docs) - set(tokenizer.chars)):
        problem = f"the documents hold {unknown[0]!r}, which the vocabulary of {path!r} has not"
        way = "use --data with the text that the weights were trained on"
        raise ValueError(f"{problem} ({tokenizer.chars!r:.60}): {way}")
    return state_dict, config, tokenizer


def _go_on(options: argparse.Namespace) -> Run:
    try:
        docs, _ = _documents(options)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{error}, or say with --data where its text is now") from None
    made = microgpt.resume(options.file, docs, options.engine)
    say(f"note: {made} in {options.file!r} goes on, and is saved to {options.save!r}")
    return made


def _tell_of_cut_documents(run: Run, options: argparse.Namespace) -> None:
    longest = max(map(len, run.docs), default=0) + 1  # with BOS at the end
    cut = sum(len(doc) + 1 > run.config.block_size for doc in run.docs)
    if cut:
        note = f"note: {cut} of {len(run.docs)} documents are longer than the block and are cut"
        with suppress(ValueError):  # no advice that would be refused
            if options.load is None and options.file is None:
                engines.check_cost(run.settings, replace(run.config, block_size=longest), run.docs)
                note += f"; --block-size {longest} avoids it"
        say(note)


def _train_and_keep(run: Run, place: Place | None, stop: Stop) -> int:
    """Train; save, whatever happened. The exit code so far."""
    stop.training, kept = True, 0
    try:
        code = _train(run, stop)
    finally:
        stop.training, stop.saving = False, True
        run.close()
        if place is not None and IS_MAIN:
            kept = keep(run, place)
        stop.saving = False
    return max(code, kept)


def _train(run: Run, stop: Stop) -> int:
    """Train and print the losses; what ends a run before its time is said."""
    of, engine = run.settings.num_steps, run.settings.engine
    try:
        for step in _with_time_left(run):
            show(f"step {step.index + 1:4d} / {of:4d} | loss {step.loss:.4f}")
            if stop.signals:
                say(f"stopped by {stop.signals[0]} after {run.index:,} of {of:,} steps")
                break
    except microgpt.TrainingDiverged as error:
        say(str(error))
        return 1
    except RecursionError:
        say("engine 'plain' cannot go so deep: --engine scalar can")
        return 2
    except RuntimeError as error:
        lost, reason = "lost another process, so this one stops too", str(error) or repr(error)
        say(f"{lost if engine == 'ddp' else f'engine {engine!r} stopped'}: {reason}")
        return 3
    return 0


def _with_time_left(run: Run) -> Iterator[Step]:
    """The steps; now and then, on long runs, how long the others will take."""
    told, of = 0.0, run.settings.num_steps
    for step in run:
        yield step
        now = time.monotonic()
        if not told:  # the first step may have had more to do than the others
            begun, told, first = now, now, run.index
        elif now - told > 10 and run.index < of:
            left = (now - begun) / (run.index - first) * (of - run.index)
            say(f"{run.index:,} of {of:,} steps made, about {engines.span(left)} left")
            told = now


def _sample(run: Run, options: argparse.Namespace) -> int:
    if options.samples:
        show("\n--- inference (new, hallucinated names) ---")
    weights, rng = float_weights(run.state_dict), run.rng or random.Random(options.seed)
    model = weights, run.config, run.tokenizer, rng, options.temperature
    try:
        for number in range(1, options.samples + 1):
            show(f"sample {number:2d}: {printable(microgpt.sample(*model))}")
    except ValueError as error:  # the settings were checked: the weights are too wild
        say(str(error))
        return 1
    return 0
