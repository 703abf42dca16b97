"""Slopes of every engine: against finite differences, and against the scalar engine's."""

import math

import pytest

import microgpt
from microgpt.engines import plain as plain_engine

IDS = [4, 0, 1, 0, 2, 4]


def scalar_loss_and_grads(config, state_dict, ids=IDS):
    loss = microgpt.document_loss(ids, state_dict, config)
    loss.backward()
    return loss.data, [param.grad for param in microgpt.flatten(state_dict)]


def plain(config, params, ids, engine):
    learner = engine.PlainLearner(as_state_dict(config, params), config, microgpt.Settings())
    loss = engine.document_loss(ids, learner.matrices, config)
    loss.backward()
    return loss.data, [param.grad for param in learner.params]


def vector(config, params, ids, engine):
    return engine.VectorLearner(
        as_state_dict(config, params), config, microgpt.Settings()
    ).loss_and_grads(ids)


def numpy(config, params, ids, engine):
    model = engine.ArrayGPT(config, params)
    loss = model.loss_and_grads(*engine.padded([ids]))
    return loss, model.flat_grad.tolist()


def compiled(config, params, ids, engine):
    learner = engine.CompiledLearner(as_state_dict(config, params), config, microgpt.Settings())
    array = engine.np.array(ids)
    loss = engine.loss_and_grads(learner.params, learner.grads, array, *learner.sizes)
    return loss, learner.grads.tolist()


def torch(config, params, ids, engine):
    model = engine.TorchGPT(config, params)
    loss = engine.batch_loss(model, engine.padded([ids], engine.torch.device("cpu")))
    loss.backward()
    return loss.item(), engine.torch.cat([p.grad.flatten() for p in model.parameters()]).tolist()


ENGINES = {e.__name__: e for e in (plain, vector, numpy, compiled, torch)}


def as_state_dict(config, params):
    numbers = iter(params)
    return {
        name: [[microgpt.Value(next(numbers)) for _ in range(columns)] for _ in range(rows)]
        for name, (rows, columns) in config.shapes().items()
    }


@pytest.mark.parametrize("name", ENGINES)
def test_slopes_are_those_of_the_scalar_engine(name, engine_of, small):
    _, _, config, state_dict = small()
    engine = engine_of(name).module
    params = [param.data for param in microgpt.flatten(state_dict)]
    ids = IDS[: config.block_size + 1]
    want_loss, want = scalar_loss_and_grads(config, state_dict, ids)
    loss, grads = ENGINES[name](config, params, ids, engine)
    assert loss == pytest.approx(want_loss, abs=1e-13)
    assert grads == pytest.approx(want, abs=1e-12)
    assert any(grads)


@pytest.mark.parametrize("name", ENGINES)
def test_slopes_are_those_of_finite_differences(name, engine_of, tiny):
    _, _, config, state_dict = tiny()
    engine = engine_of(name).module
    params = [param.data for param in microgpt.flatten(state_dict)]
    _, grads = ENGINES[name](config, params, IDS, engine)
    step = 1e-5
    for index in range(3, len(params), len(params) // 12):
        losses = []
        for nudge in (step, -step):
            nudged = list(params)
            nudged[index] += nudge
            losses.append(ENGINES[name](config, nudged, IDS, engine)[0])
        slope = (losses[0] - losses[1]) / (2 * step)
        assert math.isclose(grads[index], slope, rel_tol=1e-5, abs_tol=1e-8), index


def test_plain_makes_many_nodes_where_the_core_makes_one(tiny):
    _, _, config, state_dict = tiny()
    learner = plain_engine.PlainLearner(state_dict, config, microgpt.Settings())
    many = len(microgpt.topological_sort(plain_engine.document_loss(IDS, learner.matrices, config)))
    few = len(microgpt.topological_sort(microgpt.document_loss(IDS, state_dict, config)))
    assert many > 4 * few
