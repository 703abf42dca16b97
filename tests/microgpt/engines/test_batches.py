"""A batch is the mean of its documents; buckets lose nobody; filling changes nothing."""

import itertools

import pytest

import microgpt


def mean_of_single_gradients(batch, config, state_dict):
    losses, grads = [], []
    for ids in batch:
        params = microgpt.flatten(state_dict)
        for param in params:
            param.grad = 0
        loss = microgpt.document_loss(ids, state_dict, config)
        loss.backward()
        losses.append(loss.data)
        grads.append([param.grad for param in params])
    return sum(losses) / len(batch), [sum(column) / len(batch) for column in zip(*grads)]


def test_a_batch_is_the_mean_of_single_gradients(engine_of, small):
    engine_of("numpy")
    from microgpt.engines.arrays import ArrayLearner, padded

    docs, tokenizer, config, state_dict = small()
    batch = list(itertools.islice(tokenizer.stream(docs, config.block_size), len(docs)))
    assert len({len(ids) for ids in batch}) > 2  # of many lengths: there is filling
    model = ArrayLearner(state_dict, config, microgpt.Settings()).model
    loss = model.loss_and_grads(*padded(batch))
    want_loss, want = mean_of_single_gradients(batch, config, state_dict)
    assert loss == pytest.approx(want_loss, abs=1e-13)
    assert model.flat_grad.tolist() == pytest.approx(want, abs=1e-12)


def test_a_batch_in_torch_is_the_mean_of_single_gradients(engine_of, tiny):
    engine = engine_of("torch").module
    docs, tokenizer, config, state_dict = tiny()
    batch = list(itertools.islice(tokenizer.stream(docs, config.block_size), len(docs)))
    model = engine.TorchGPT(config, [param.data for param in microgpt.flatten(state_dict)])
    loss = engine.batch_loss(model, engine.padded(batch, engine.torch.device("cpu")))
    loss.backward()
    grads = engine.torch.cat([param.grad.flatten() for param in model.parameters()]).tolist()
    want_loss, want = mean_of_single_gradients(batch, config, state_dict)
    assert loss.item() == pytest.approx(want_loss, abs=1e-13)
    assert grads == pytest.approx(want, abs=1e-12)


def batched_run(start, num_steps, batch_size, dtype):
    """The losses of the batched engine at a precision, the parameters in place."""
    from microgpt.engines.batched import BatchedLearner

    kind = type("Learner", (BatchedLearner,), {"dtype": dtype})
    settings = microgpt.Settings(num_steps, engine="numpy_batched", batch_size=batch_size)
    return [step.loss for step in microgpt.Run(*start, settings, kind)]


def test_batches_of_one_document_are_the_core(engine_of, tiny):
    engine_of("numpy_batched")
    docs, tokenizer, config, expected = tiny()
    docs = docs[:3]
    wanted = list(microgpt.train(docs, tokenizer, config, expected, num_steps=1))
    _, _, _, state_dict = tiny()
    losses = batched_run((docs, tokenizer, config, state_dict), 1, 1, "float64")
    assert losses[0] == pytest.approx(wanted[0].loss, abs=1e-13)
    assert [p.data for p in microgpt.flatten(state_dict)] == pytest.approx(
        [p.data for p in microgpt.flatten(expected)], abs=1e-9
    )


def test_float32_follows_float64(engine_of, tiny):
    engine_of("numpy_batched")
    single = batched_run(tiny(), 5, 4, "float32")
    double = batched_run(tiny(), 5, 4, "float64")
    assert single == pytest.approx(double, rel=1e-4)
    assert single != double
    train = engine_of("numpy_batched").train
    assert [step.loss for step in train(*tiny(), 5, batch_size=4)] == single


def test_buckets_skip_no_document_and_fill_up_little(engine_of):
    batched = engine_of("numpy_batched").module
    documents = [[0] * (2 + k % 7) + [k] for k in range(70)]
    batches = list(batched.bucketed(iter(documents), 5))
    for batch in batches:
        lengths = [len(document) for document in batch]
        assert len(batch) == 5
        assert max(lengths) - min(lengths) < batched.BUCKET_WIDTH
    assert sorted(document[-1] for batch in batches for document in batch) == list(range(70))


def test_few_documents_are_enough_for_a_large_batch(engine_of, tiny):
    docs, tokenizer, config, state_dict = tiny()
    train = engine_of("numpy_batched").train
    assert len(list(train(docs[:1], tokenizer, config, state_dict, 2, batch_size=64))) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 2.5}, "whole"),
    ],
)
def test_bad_batches_are_refused(change, words, engine_of, tiny):
    with pytest.raises(ValueError, match=words):
        engine_of("numpy_batched").train(*tiny(), 1, **change)
