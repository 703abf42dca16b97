"""A run made step by step: same steps, simpler optimisers, divergence, held-out loss."""

import math

import pytest

import microgpt

pytest.importorskip("numpy")

from classroom.lab.stepwise import NumpyRun, mean_loss
from microgpt import engines


def finish(run):
    steps = []
    while not run.done:
        steps.append(run.step())
    return steps


def scalar_descent(docs, tokenizer, config, state_dict, rate, beta1, num_steps):
    """Descent with a running mean of the slopes, on `Value`s."""
    params = [p for name in config.shapes() for row in state_dict[name] for p in row]
    mean = [0.0] * len(params)
    losses = []
    for step in range(num_steps):
        ids = tokenizer.document_ids(docs[step % len(docs)])
        loss = microgpt.document_loss(ids, state_dict, config)
        loss.backward()
        losses.append(loss.data)
        for i, param in enumerate(params):
            mean[i] = beta1 * mean[i] + (1 - beta1) * param.grad
            param.data -= rate * (1 - step / num_steps) * mean[i]
            param.grad = 0
    return losses


def test_with_adam_and_decay_it_is_the_numpy_engine(small):
    steps = finish(NumpyRun(*small(), num_steps=20))
    wanted = list(engines.get("numpy").train(*small(), num_steps=20))
    assert [step.index for step in steps] == list(range(20))
    assert [s.learning_rate for s in steps] == [s.learning_rate for s in wanted]
    assert [s.loss for s in steps] == pytest.approx([s.loss for s in wanted], abs=1e-12)


@pytest.mark.parametrize("name, beta1", [("SGD", 0.0), ("momentum", 0.85)])
def test_simpler_ways_down_do_what_their_three_lines_say(small, name, beta1):
    steps = finish(NumpyRun(*small(), num_steps=12, learning_rate=0.02, optimizer=name))
    wanted = scalar_descent(*small(), 0.02, beta1, 12)
    assert [s.loss for s in steps] == pytest.approx(wanted, abs=1e-11)


def test_without_decay_the_rate_stays(tiny):
    steps = finish(NumpyRun(*tiny(), num_steps=5, learning_rate=0.03, decay=False))
    assert [step.learning_rate for step in steps] == [0.03] * 5


def test_weights_are_handed_back_only_when_asked(tiny):
    docs, tokenizer, config, state_dict = tiny()
    before = [p.data for p in microgpt.flatten(state_dict)]
    run = NumpyRun(docs, tokenizer, config, state_dict, num_steps=3)
    finish(run)
    assert [p.data for p in microgpt.flatten(state_dict)] == before
    run.hand_back()
    after = [p.data for p in microgpt.flatten(state_dict)]
    assert after != before and all(type(number) is float for number in after)


@pytest.mark.parametrize("name", ["SGD", "momentum", "Adam"])
def test_a_run_that_diverges_says_at_which_step_and_why(reference_start, name):
    docs, tokenizer, config, state_dict, _ = reference_start
    run = NumpyRun(docs, tokenizer, config, state_dict, learning_rate=10.0, optimizer=name)
    with pytest.raises(microgpt.TrainingDiverged) as caught:
        finish(run)
    assert run.done and caught.value.step == run.index < 10
    assert "probability was rounded to 0" in run.reason
    run.hand_back()
    assert all(math.isfinite(p.data) for p in microgpt.flatten(state_dict))


def test_unknown_optimizer_and_bad_rate_are_refused_before_any_work(tiny):
    with pytest.raises(ValueError, match="no optimizer 'adam'"):
        NumpyRun(*tiny(), optimizer="adam")
    with pytest.raises(ValueError, match="learning_rate"):
        NumpyRun(*tiny(), learning_rate=-1)


def test_mean_loss_is_the_cores(small):
    docs, tokenizer, config, state_dict = small()
    run = NumpyRun(docs, tokenizer, config, state_dict, num_steps=4)
    finish(run)
    run.hand_back()
    wanted = microgpt.mean_loss(docs, state_dict, config, tokenizer)
    assert mean_loss(docs, run.model, config, tokenizer) == pytest.approx(wanted, abs=1e-12)
    with pytest.raises(ValueError, match="no documents"):
        mean_loss([], run.model, config, tokenizer)
