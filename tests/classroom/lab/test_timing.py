"""Comparing speeds and fitting growth: exact on invented clocks, sane on real engines."""

import math

import pytest

from classroom.lab import growth, timing

pytestmark = pytest.mark.any_processor


class FakeRunner:
    """Needs `cost` seconds a token; every document has 7 tokens."""

    def __init__(self, name, cost, drift=1.0):
        self.name, self.cost, self.drift, self.turns = name, cost, drift, 0

    def turn(self, steps):
        self.turns += 1
        self.cost *= self.drift
        return timing.Turn(7 * steps * self.cost, 7 * steps)


def test_ratios_are_those_of_the_costs():
    runners = [FakeRunner("fast", 0.001), FakeRunner("faster", 0.0001)]
    speeds = timing.compare(FakeRunner("plain", 0.04), runners, lambda made: made < 3)
    assert [s.name for s in speeds] == ["plain", "fast", "faster"]
    assert [s.ratio for s in speeds] == pytest.approx([1, 40, 400])
    assert [s.tokens_per_second for s in speeds] == pytest.approx([25, 1000, 10_000])
    assert all(s.rounds == 3 and s.low <= s.ratio <= s.high for s in speeds)


def test_a_machine_that_slows_down_leaves_the_ratio_alone():
    class Slowing(FakeRunner):
        clock = 1.0

        def turn(self, steps):
            Slowing.clock *= 1.05
            return timing.Turn(7 * steps * self.cost * Slowing.clock, 7 * steps)

    speeds = timing.compare(Slowing("plain", 0.04), [Slowing("fast", 0.001)], lambda made: made < 9)
    assert speeds[1].ratio == pytest.approx(40, rel=0.01)


def test_one_round_is_made_even_if_time_is_up():
    speeds = timing.compare(FakeRunner("plain", 1), [FakeRunner("b", 1)], lambda made: False)
    assert speeds[1].rounds == 1


def test_a_turn_is_a_whole_number_of_rounds_of_the_documents():
    steps = timing.steps_for(FakeRunner("fast", 1e-5), seconds=0.2)
    assert steps % timing.DOCUMENTS == 0
    assert 7 * steps * 1e-5 == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("name", ["plain", "scalar", "numpy", "numpy_batched"])
def test_a_runner_counts_the_tokens_it_trained_on(name, engine_of):
    engine_of(name)
    runner = timing.LocalRunner(name)
    turn = runner.turn(4 if name != "plain" else 1)
    runner.close()
    assert turn.seconds > 0
    docs = timing.reference_start()[0]
    if name == "numpy_batched":
        assert 4 * 32 <= turn.tokens <= 4 * 32 * 16
    elif name != "plain":
        assert turn.tokens == sum(len(doc) + 1 for doc in docs)


def test_first_losses_are_the_reference_runs(engine_of, figures):
    engine_of("numpy_batched")
    assert timing.first_losses("numpy_batched", 4) == pytest.approx(figures["losses"][:4], abs=1e-5)


@pytest.mark.parametrize("power", [-0.5, 0, 1, 2])
def test_the_exponent_of_a_power_law_is_found(power):
    sizes = (16, 32, 64, 128)
    assert growth.power_law(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_one_point_has_no_exponent():
    assert math.isnan(growth.power_law([16], [1.0]))


def test_nodes_grow_with_layers_in_a_straight_line_and_memory_with_them():
    counts, held = zip(*(growth.nodes_and_memory("n_layer", n) for n in (1, 2, 3)))
    assert counts[2] - counts[1] == counts[1] - counts[0] > 0
    assert 200 < held[0] / counts[0] < 1000  # bytes a node


def test_a_curve_stops_where_a_step_gets_too_long(engine_of):
    engine_of("numpy")
    curve = growth.growth_curve("scalar", "n_embd", patience=0.05)
    assert curve.sizes[0] == 16
    assert len(curve.sizes) == len(curve.seconds) < 4
    curve = growth.growth_curve("numpy", "n_layer", patience=1.0)
    assert curve.sizes == (1, 2, 4, 8)
    assert all(seconds > 0 for seconds in curve.seconds)
