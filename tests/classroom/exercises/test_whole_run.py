"""The finale: all 1,000 steps with a reader's parts, each held against the reference's."""

import json

import pytest
from own_parts import ADAM, Mine, Stack
from support import ROOT

from classroom.exercises.assembly import parts
from classroom.exercises.assembly.whole_run import WholeRun, reference_losses
from classroom.exercises.kit.registry import find

FIGURES = json.loads((ROOT / "tests" / "data" / "figures.json").read_text(encoding="utf-8"))


QUICK = {
    "softmax": parts.softmax,
    "rmsnorm": find("5.4").solution.right,
    "cross_entropy": lambda logits, target_id: parts.softmax(logits)[target_id].log() * -1,
    "adam": ADAM,
    "linear_decay": lambda rate, step, num_steps: rate * (1 - step / num_steps),
}
"""The other five take nearly all the time of a step."""


def test_the_reference_losses_are_the_reference_scripts():
    assert list(reference_losses()) == pytest.approx(FIGURES["names"]["losses"], abs=1e-12)


@pytest.mark.parametrize("given", [{}, {"value": Mine}, QUICK])
def test_right_parts_make_the_first_losses(given):
    run = WholeRun(given)
    for _ in range(2):
        run.step()
    assert run.losses == pytest.approx(FIGURES["names"]["losses"][:2], abs=1e-12)
    assert not run.difference and run.index == 2 and not run.done


def test_a_wrong_part_shows_at_the_step_where_it_shows():
    run = WholeRun({"value": Stack})
    run.step()
    assert not run.difference
    run.step()
    run.step()
    assert run.difference.startswith("step 2: loss ") and "not 3.2561" in run.difference


def test_looking_at_names_leaves_the_dice_as_they_were():
    run = WholeRun({})
    assert run.names(2) == run.names(2)


@pytest.mark.slow
def test_parts_of_ones_own_train_all_1000_steps_and_say_biad():
    run = WholeRun(QUICK)
    while not run.done:
        run.step()
    assert not run.difference
    assert run.names() == run.reference_names() == FIGURES["names"]["samples"]
    assert run.names(3) == ["biad", "amadon", "karel"]
