"""`assemble`: train the GPT with the reader's own parts beside the package's. Chapter 10.

Both start from the same weights and read the same names. After every loss, every gradient and
every update the two are compared; at the first difference the run stops.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

from classroom.exercises.assembly.machine import Machine, with_backward
from classroom.exercises.assembly.misfits import faults_of
from classroom.exercises.assembly.reports import Difference, Report
from classroom.exercises.kit.comparing import same, show_both
from classroom.exercises.kit.errors import error_line, error_name
from classroom.exercises.kit.timeout import TimeLimit, time_limit
from microgpt import CharTokenizer, Config, flatten, init_params, load_docs, optim, training

LEARNING_RATE = 0.01
SECONDS_A_STEP = 20.0  # one step of the plain machine takes a fraction of a second


def assemble(num_steps: int = 3, config: Config | None = None, **parts: Any) -> Report:
    """Train the GPT with your own parts and compare it with the reference, step by step.

    The report prints itself: the first place where the two differ, and which part is at fault.
    ``TypeError`` if there is no part of a name, or it cannot be called; ``ValueError`` if there is
    no step to make.

    Parameters
    ----------
    num_steps : int
        Training steps to compare; each takes a part of a second.
    config : Config, optional
        The sizes; by default the reference's.
    **parts
        Your parts by name: ``value``, ``linear``, ``softmax``, ``rmsnorm``, ``cross_entropy``,
        ``attention_head``, ``mlp``, ``gpt``, ``adam``, ``linear_decay``. Each takes and returns
        what the package's part of that name does.
    """
    if num_steps < 1:
        raise ValueError(f"num_steps must be at least 1, not {num_steps}")
    parts = with_backward(parts)

    def leaves(*names: str) -> Difference | None:
        return _compare(Machine({name: parts[name] for name in names}), num_steps, config)[1]

    losses, difference = _compare(Machine(parts), num_steps, config)
    return Report(tuple(parts), losses, difference, faults_of(parts, difference, leaves))


def _compare(
    parts: Machine, num_steps: int, config: Config | None
) -> tuple[list[float], Difference | None]:
    docs, tokenizer, rng = reference_names()
    config = config or Config(tokenizer.vocab_size)
    expected = init_params(config, rng)
    losses: list[float] = []
    try:
        run = _Run(parts, expected, config)
        for step in range(num_steps):
            ids = tokenizer.document_ids(docs[step])
            with time_limit(SECONDS_A_STEP):
                losses.append(run.step(ids, step, num_steps))
    except _Differs as difference:
        return losses, Difference(len(losses) + 1, *difference.args)
    except TimeLimit as limit:
        said = f"it took longer than {SECONDS_A_STEP:g} seconds", limit.line
    except (Exception, SystemExit) as error:
        said = error_name(error), error_line(error)
    else:
        return losses, None
    return losses, Difference(len(losses) + 1, "error", ", ".join(filter(None, said)))


@cache
def _shuffled() -> tuple[list[str], CharTokenizer, Any]:
    docs, rng = load_docs(), random.Random(42)
    rng.shuffle(docs)
    return docs, CharTokenizer.from_docs(docs), rng.getstate()


def reference_names() -> tuple[list[str], CharTokenizer, random.Random]:
    """Names in the order of the reference run, its tokenizer, and its dice after the shuffle."""
    docs, tokenizer, state = _shuffled()
    rng = random.Random()
    rng.setstate(state)
    return docs, tokenizer, rng


class _Differs(Exception):
    """Its arguments: what differs, and the place with both numbers."""


class _Run:
    """The reader's machine and the package's, side by side."""

    def __init__(self, parts: Machine, expected: dict[str, Any], config: Config) -> None:
        self.parts, self.expected, self.config = parts, expected, config
        self.own = {
            name: [[parts.value(param.data) for param in row] for row in matrix]
            for name, matrix in expected.items()
        }
        self.adam = parts.adam(flatten(self.own))
        self.reference = optim.Adam(flatten(expected))

    def step(self, ids: Sequence[int], step: int, num_steps: int) -> float:
        """One step of both; raise `_Differs` at the first difference."""
        loss = training.document_loss(ids, self.expected, self.config)
        own = self.parts.document_loss(ids, self.own, self.config)
        if not same(own, loss.data):
            raise _Differs("loss", "it is " + _both(own, loss.data))
        loss.backward()
        own.backward()
        self._compare("grad", "gradient")
        decay = self.parts.linear_decay(LEARNING_RATE, step, num_steps)
        self.reference.step(optim.linear_decay(LEARNING_RATE, step, num_steps))
        self.adam.step(decay)
        self._compare("data", "update")
        self._compare("grad", "gradient left over: Adam's step must set every grad back to 0")
        return float(loss.data)

    def _compare(self, attribute: str, what: str) -> None:
        places = [
            (f"{name}[{i}][{j}]", getattr(own, attribute), getattr(param, attribute))
            for name, matrix in self.expected.items()
            for i, row in enumerate(matrix)
            for j, (own, param) in enumerate(zip(self.own[name][i], row))
        ]
        wrong = [place for place in places if not _same(place[1], place[2])]
        if wrong:
            where, got, expected = wrong[0]
            count = f"{len(wrong):,} of {len(places):,} differ; the first is {where}"
            raise _Differs(what, f"{count}: {_both(got, expected)}")


def _both(got: Any, expected: float) -> str:
    return "{}, the reference's {}".format(*show_both(got, expected))


def _same(got: Any, expected: float) -> bool:
    """Whether two numbers are equal but for rounding; a node in place of a number is none."""
    return not hasattr(got, "grad") and same(got, expected)
