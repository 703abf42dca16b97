"""The GPT put together from a reader's parts: right ones agree, each wrong one is named and why."""

import math
import types

import pytest
from own_parts import (
    Fails,
    Mine,
    Overwrites,
    Recursive,
    Stack,
    WrongLog,
    WrongRelu,
    adam_class,
    loop,
    no_maximum,
    rmsnorm_without,
)

import microgpt
from classroom.exercises.assembly import assemble, parts
from classroom.exercises.assembly import side_by_side as assembly
from classroom.exercises.assembly.probes import probe
from microgpt import Config, Value

SMALL = Config(27, n_embd=4, n_head=2)


def test_the_packages_own_parts_agree():
    report = assemble(2, SMALL)
    assert report.agrees and len(report.losses) == 2 and report.parts == ()
    text = repr(report)
    assert text.startswith("your parts: none\n✓ 2 steps agree") and "✗" not in text


RIGHT = {
    "value": Mine,
    "linear": microgpt.linear,
    "softmax": microgpt.softmax,
    "rmsnorm": microgpt.rmsnorm,
    "cross_entropy": microgpt.cross_entropy,
    "attention_head": microgpt.attention_head,
    "mlp": microgpt.mlp,
    "gpt": microgpt.gpt,
    "adam": adam_class(),
    "linear_decay": lambda rate, step, n: rate * (n - step) / n,
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_part_agrees(name):
    report = assemble(2, SMALL, **{name: RIGHT[name]})
    assert report.agrees, repr(report)
    assert f"✓ {name}" in repr(report)


def test_every_part_has_a_right_answer_here():
    assert sorted(RIGHT) == sorted(assembly.NAMES)


def test_the_losses_are_those_of_the_reference_run():
    losses = assemble(1).losses
    assert losses == [pytest.approx(3.463906521228835, abs=1e-12)]


WRONG = [
    ("value", Stack, "gradient", ["3, not 39", "reverse topological order"]),
    ("value", Overwrites, "gradient", ["a + a came out 1, not 2", "`+=`"]),
    ("value", WrongLog, "gradient", ["the slope of log(x) at x=0.5 is 2.0000, not 0.5"]),
    ("value", WrongRelu, "gradient", ["relu(x - 1)", "not 1.0"]),
    ("value", Fails, "error", ["KeyError", "no exp today"]),
    ("adam", adam_class(correct=False), "update", ["0.0150 long", "bias correction is missing"]),
    ("adam", adam_class(zero=False), "gradient left over", ["set every grad back to 0"]),
    ("adam", adam_class(sign=1), "update", ["not against it"]),
    ("linear", lambda x, w: parts.linear(x[:-1], w), "loss", ["linear([1, 2]", "[11.0, 17.0"]),
    ("linear", lambda x, w: parts.linear(x, w)[::-1], None, ["yours gave"]),
    ("rmsnorm", lambda x: list(x), "loss", ["rmsnorm([3, 4])"]),
    ("cross_entropy", lambda ls, t: parts.softmax(ls)[t].log(), "loss", ["cross_entropy([0"]),
    ("linear_decay", lambda rate, step, n: rate, "update", ["0.01, 0.0075", "yours are"]),
    ("linear_decay", lambda rate, step, n: rate * step / n, "update", ["yours are [0.0"]),
    ("mlp", lambda x, a, b: parts.linear(parts.linear(x, a), b), "loss", ["this part alone"]),
]


@pytest.mark.parametrize("name, part, what, words", WRONG)
def test_a_wrong_part_is_named_with_its_fault(name, part, what, words):
    report = assemble(2, SMALL, **{name: part})
    assert list(report.faults) == [name], repr(report)
    for word in words:
        assert word in report.faults[name], repr(report)
    assert report.difference is not None
    assert what is None or report.difference.what.startswith(what), repr(report)
    assert f"✗ {name}: " in repr(report) and f"✓ {name}" not in repr(report)


HIDDEN = [
    ("softmax", no_maximum, ["subtract the largest logit first", "until a logit passes 709"]),
    ("value", Recursive, ["RecursionError", "keep a stack of your own"]),
    ("rmsnorm", rmsnorm_without, ["divides by zero", "add 1e-5"]),
]


@pytest.mark.parametrize("name, part, words", HIDDEN)
def test_a_fault_that_training_hides_is_named_all_the_same(name, part, words):
    report = assemble(1, Config(27, n_embd=4, n_head=2, block_size=4), **{name: part})
    assert not report.agrees and list(report.faults) == [name]
    assert all(word in report.faults[name] for word in words), repr(report)


def test_softmax_without_maximum_trains_like_the_reference():
    report = assemble(2, SMALL, softmax=no_maximum)
    assert report.difference is None and "softmax" in report.faults
    assert "✓ 2 steps agree" in repr(report) and "✗ softmax" in repr(report)


def test_several_faulty_parts_are_all_named_and_the_right_one_is_not():
    wrong = {"value": Stack, "softmax": no_maximum, "adam": adam_class(correct=False)}
    report = assemble(2, SMALL, **wrong, linear=parts.linear)
    assert sorted(report.faults) == ["adam", "softmax", "value"]
    assert report.difference.what == "gradient"
    assert repr(report).endswith("✓ linear")


def test_a_fault_without_a_probe_is_found_by_trying_each_part_alone():
    def crooked(x, fc1, fc2):
        return [y * 1.5 for y in parts.linear([h.relu() for h in parts.linear(x, fc1)], fc2)]

    report = assemble(2, SMALL, mlp=crooked, adam=adam_class(), value=Mine)
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
    report = assemble(2, SMALL, value=Mine, linear=linear, adam=adam_class(correct=False))
    assert list(report.faults) == ["adam"], repr(report)


def test_parts_that_only_fail_together_are_told_so():
    calls = {"mlp": 0}

    def mlp(x, fc1, fc2):
        calls["mlp"] += 1
        return parts.linear([h.relu() for h in parts.linear(x, fc1)], fc2)

    def softmax(logits):
        probs = parts.softmax(logits)
        if calls["mlp"] and len(logits) > 20:
            calls["mlp"] = 0
            return [p * 1.1 for p in probs]
        return probs

    report = assemble(1, SMALL, softmax=softmax, mlp=mlp)
    assert report.difference and not report.faults
    assert "they do not fit together" in repr(report)


def test_a_part_that_raises_is_told_with_its_line():
    def softmax(logits):
        raise ZeroDivisionError("my own")

    report = assemble(1, SMALL, softmax=softmax)
    assert report.difference.what == "error"
    assert "ZeroDivisionError: my own" in report.difference.text
    assert "raise ZeroDivisionError" in report.difference.text
    assert "ZeroDivisionError" in report.faults["softmax"]


@pytest.mark.parametrize("stop", [SystemExit, RecursionError, MemoryError])
def test_no_exception_of_a_part_ends_the_report(stop):
    def linear(x, w):
        raise stop("enough")

    report = assemble(1, SMALL, linear=linear)
    assert stop.__name__ in report.difference.text and "linear" in report.faults


@pytest.mark.parametrize("name", ["softmax", "linear", "rmsnorm", "linear_decay"])
def test_an_endless_loop_comes_to_an_end(name, monkeypatch):
    monkeypatch.setattr(assembly, "SECONDS_A_STEP", 0.3)
    report = assemble(1, SMALL, **{name: loop})
    assert report.difference.what == "error"
    assert "took longer than 0.3 seconds" in report.difference.text
    assert "did not come to an end" in report.faults[name]


@pytest.mark.parametrize("result", [None, 3, "text", [], [None] * 4, 1j, float("nan")])
def test_nonsense_results_are_reported_not_raised(result):
    report = assemble(1, SMALL, mlp=lambda x, fc1, fc2: result)
    assert list(report.faults) == ["mlp"] and report.difference


def test_a_loss_that_is_no_number_differs():
    nan = types.SimpleNamespace(data=math.nan)
    assert not assembly._same(math.nan, 3.0) and not assembly._same(1j, 1.0)
    assert not assembly._same(Value(1.0), 1.0) and math.isnan(assembly._number(nan))


def test_wrong_names_and_what_cannot_be_called_are_refused_before_any_work():
    with pytest.raises(TypeError, match=r"there is no part 'Softmax'; the parts are value"):
        assemble(1, Softmax=microgpt.softmax)
    with pytest.raises(TypeError, match="the part 'softmax' must be a class or a function, not 3"):
        assemble(1, softmax=3)
    with pytest.raises(TypeError, match="'adam' must be"):
        assemble(1, adam=microgpt.Adam([]))
    with pytest.raises(ValueError, match="num_steps must be at least 1, not 0"):
        assemble(0)


def test_the_default_parts_compute_what_the_package_computes():
    state_dict, config, tokenizer = microgpt.load()
    ids = tokenizer.document_ids("olivia")
    mine = parts.Parts().document_loss(ids, state_dict, config)
    assert mine.data == pytest.approx(
        microgpt.document_loss(ids, state_dict, config).data, abs=1e-12
    )


def test_a_long_document_is_cut_as_in_the_package():
    state_dict, config, tokenizer = microgpt.load()
    ids = tokenizer.document_ids("ab" * 20)
    mine = parts.Parts().document_loss(ids, state_dict, config)
    assert mine.data == pytest.approx(
        microgpt.document_loss(ids, state_dict, config).data, abs=1e-12
    )


@pytest.mark.parametrize("name", ["linear", "softmax", "rmsnorm", "cross_entropy"])
def test_probes_accept_the_packages_parts_on_either_value(name):
    assert probe(name, getattr(microgpt, name)) == ""
    if name in ("linear", "softmax", "rmsnorm"):
        assert probe(name, getattr(parts, name), Mine) == ""


def test_a_part_without_a_probe_has_none():
    assert probe("gpt", None) == ""
