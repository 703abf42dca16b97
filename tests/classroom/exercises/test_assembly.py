"""The GPT put together from a reader's parts: right ones agree, each wrong one is named and why."""

import math

import own_parts
import pytest
from own_parts import ADAM, ADAM_UNCORRECTED, Mine, Stack, no_maximum

import microgpt
from classroom.exercises.assembly import assemble, parts
from classroom.exercises.assembly import side_by_side as assembly
from classroom.exercises.assembly.machine import Machine
from classroom.exercises.assembly.misfits import fault_of
from classroom.exercises.kit.registry import find
from microgpt import Config, Value

SMALL = Config(27, n_embd=4, n_head=2)
TINY = Config(27, n_embd=4, n_head=2, block_size=4)


def test_the_packages_own_parts_make_the_losses_of_the_reference_run():
    report = assemble(1)
    assert report.agrees and report.parts == ()
    assert report.losses == [pytest.approx(3.463906521228835, abs=1e-12)]
    text = repr(report)
    assert text.startswith("your parts: none\n✓ 1 ") and "✗" not in text


OTHER_BETA = find("7.5").solution.slip("beta1=0.85 -> beta1=0.9")
FIXED_RATE = find("7.5").solution.slip("learning_rate * m_hat -> 0.01 * m_hat")
WRONG = [
    ("value", Stack, "gradient", ["39", "before it had all of it"]),
    ("value", own_parts.Overwrites, "gradient", ["gave {'a': 1", "`=` stands in place of"]),
    ("value", own_parts.WrongLog, "gradient", ["WrongLog(0.3).log()", "1 over the *input*"]),
    ("value", own_parts.WrongRelu, "gradient", ["WrongRelu(-3).relu()", "the slope is 0"]),
    ("value", own_parts.Fails, "error", ["KeyError", "no exp today", "raise KeyError"]),
    ("adam", ADAM_UNCORRECTED, "update", ["bias correction is missing"]),
    ("adam", own_parts.ADAM_KEEPS_SLOPES, "gradient left over", ["set each back to 0"]),
    ("linear", lambda x, w: parts.linear(x, w)[::-1], "loss", ["without `[::-1]`"]),
    ("linear_decay", lambda rate, step, n: rate, "update", ["gave 0.01, ", "the rate stays"]),
    # what two steps of training hide, or may hide
    ("softmax", no_maximum, "", ["subtract the largest logit from each", "too large for a float"]),
    ("value", own_parts.Recursive, "", ["RecursionError", "Keep a stack of your own"]),
    ("rmsnorm", own_parts.rmsnorm_without, "", ["the 1e-5 under the root is missing"]),
    ("adam", OTHER_BETA, "", ["0.85 and 0.99"]),
    ("adam", FIXED_RATE, "", ["Missing next", "the rate times m", "0.01 * m_hat"]),
]


@pytest.mark.parametrize("name, part, what, words", WRONG)
def test_a_wrong_part_is_named_with_its_fault(name, part, what, words):
    report = assemble(2, TINY, **{name: part})
    assert list(report.faults) == [name], repr(report)
    assert all(word in str(report.faults[name]) for word in words), repr(report)
    assert f"✗ {name}: " in repr(report) and f"✓ {name}" not in repr(report)
    if what:
        assert report.difference.what.startswith(what), repr(report)
    if name == "softmax":
        assert report.difference is None and "✓ 2 steps" in repr(report)


def test_several_faulty_parts_are_all_named_and_the_right_one_is_not():
    both_ways = type("Stack", (Stack,), {"__radd__": Stack.__add__})
    wrong = {"value": both_ways, "softmax": no_maximum, "adam": ADAM_UNCORRECTED}
    report = assemble(2, SMALL, **wrong, linear=parts.linear)
    assert sorted(report.faults) == ["adam", "softmax", "value"]
    assert report.difference.what == "gradient"
    assert repr(report).endswith("✓ linear")


def test_a_fault_without_a_probe_is_found_by_trying_each_part_alone():
    def crooked(x, fc1, fc2):
        return [y * 1.5 for y in parts.linear([h.relu() for h in parts.linear(x, fc1)], fc2)]

    report = assemble(2, SMALL, mlp=crooked, adam=ADAM, value=Mine)
    assert list(report.faults) == ["mlp"], repr(report)


def test_parts_made_for_the_readers_own_value_are_not_blamed():
    def linear(x, w):
        rows = []
        for row in w:
            total = Mine(0.0)  # the reader's class by name
            for wi, xi in zip(row, x):
                total = total + wi * xi
            rows.append(total)
        return rows

    assert assemble(2, SMALL, value=Mine, linear=linear).agrees
    report = assemble(2, SMALL, value=Mine, linear=linear, adam=ADAM_UNCORRECTED)
    assert list(report.faults) == ["adam"], repr(report)


def test_parts_that_only_fail_together_are_told_so():
    calls = {"mlp": 0}

    def mlp(x, fc1, fc2):
        calls["mlp"] += 1
        return parts.linear([h.relu() for h in parts.linear(x, fc1)], fc2)

    def softmax(logits):
        probs = parts.softmax(logits)
        if calls["mlp"] and len(logits) > 20:
            return [p * 1.1 for p in probs]
        calls["mlp"] = 0
        return probs

    report = assemble(1, SMALL, softmax=softmax, mlp=mlp)
    assert report.difference and list(report.faults) == ["softmax + mlp"], repr(report)
    assert "each of them is right without the other" in str(report.faults["softmax + mlp"])
    assert "✓" not in repr(report)


@pytest.mark.parametrize("stop", [ZeroDivisionError, SystemExit, RecursionError, MemoryError])
def test_whatever_a_part_raises_is_told_with_its_line(stop):
    def linear(x, w):
        raise stop("enough")

    report = assemble(1, SMALL, linear=linear)
    assert report.difference.what == "error"
    assert f"{stop.__name__}: enough" in report.difference.text
    assert "raise stop" in report.difference.text and "raise stop" in str(report.faults["linear"])


@pytest.mark.parametrize("name", ["softmax", "linear_decay"])
def test_an_endless_loop_comes_to_an_end(name, monkeypatch):
    monkeypatch.setattr(assembly, "SECONDS_A_STEP", 0.3)
    monkeypatch.setenv("MICROGPT_CHECK_SECONDS", "0.5")
    report = assemble(1, SMALL, **{name: own_parts.loop})
    assert report.difference.what == "error" and "took longer than 0.3 s" in report.difference.text
    assert "did not come to an end" in str(report.faults[name])


@pytest.mark.parametrize("result", [None, 3, "text", [], [None] * 4, 1j, float("nan")])
def test_nonsense_results_are_reported_not_raised(result):
    report = assemble(1, SMALL, mlp=lambda x, fc1, fc2: result)
    assert list(report.faults) == ["mlp"] and report.difference


def test_a_loss_that_is_no_number_differs():
    assert not assembly._same(math.nan, 3.0) and not assembly._same(1j, 1.0)
    assert not assembly._same(Value(1.0), 1.0)


REFUSED = [
    (TypeError, {"Softmax": microgpt.softmax}, "there is no part 'Softmax'; the parts are value"),
    (TypeError, {"softmax": 3}, "the part 'softmax' must be a class or a function, not 3"),
    (TypeError, {"adam": microgpt.Adam([])}, "'adam' must be"),
    (ValueError, {"num_steps": 0}, "num_steps must be at least 1, not 0"),
]


@pytest.mark.parametrize(("error", "given", "said"), REFUSED)
def test_what_cannot_be_put_together_is_refused_before_any_work(error, given, said):
    with pytest.raises(error, match=said):
        assemble(**given)


@pytest.mark.parametrize("name", ["olivia", "ab" * 20])
def test_the_default_parts_compute_what_the_package_computes(name):
    state_dict, config, tokenizer = microgpt.load()
    ids = tokenizer.document_ids(name)
    mine = Machine({}).document_loss(ids, state_dict, config)
    packages = microgpt.document_loss(ids, state_dict, config)
    assert mine.data == pytest.approx(packages.data, abs=1e-12)


def test_three_steps_tell_what_one_does_not():
    report = assemble(config=SMALL, adam=OTHER_BETA)
    assert report.difference and report.difference.step == 2
    assert len(assemble(config=SMALL).losses) == 3


def test_each_part_is_asked_by_the_check_of_its_exercise():
    assert "Nothing is returned" in str(fault_of("softmax", lambda logits: None))
    assert "`.data`" in fault_of("linear", lambda x, w: [y.data for y in parts.linear(x, w)]).cause
    assert "`log`" in fault_of("value", type("V", (Mine,), {"log": None})).text
