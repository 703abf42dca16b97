"""A batch is the mean of its documents; buckets lose nobody; filling changes nothing."""

import itertools

import pytest

import microgpt
from microgpt.engines.common import flat_params, token_stream


def mean_of_single_gradients(batch, config, state_dict):
    losses, grads = [], []
    for ids in batch:
        params = flat_params(state_dict, config)
        for param in params:
            param.grad = 0
        loss = microgpt.document_loss(ids, state_dict, config)
        loss.backward()
        losses.append(loss.data)
        grads.append([param.grad for param in params])
    return sum(losses) / len(batch), [sum(column) / len(batch) for column in zip(*grads)]


def test_a_batch_is_the_mean_of_single_gradients(engine_of, small):
    batched = engine_of("numpy_batched")
    docs, tokenizer, config, state_dict = small()
    batch = list(itertools.islice(token_stream(docs, tokenizer, config), len(docs)))
    assert len({len(ids) for ids in batch}) > 2  # of many lengths: there is filling
    model = batched.ArrayGPT(config, [param.data for param in flat_params(state_dict, config)])
    loss = model.loss_and_grads(*batched.padded(batch))
    want_loss, want = mean_of_single_gradients(batch, config, state_dict)
    assert loss == pytest.approx(want_loss, abs=1e-13)
    assert model.flat_grad.tolist() == pytest.approx(want, abs=1e-12)


def test_a_batch_in_torch_is_the_mean_of_single_gradients(engine_of, tiny):
    engine = engine_of("torch")
    docs, tokenizer, config, state_dict = tiny()
    batch = list(itertools.islice(token_stream(docs, tokenizer, config), len(docs)))
    model = engine.TorchGPT(config, [param.data for param in flat_params(state_dict, config)])
    loss = engine.batch_loss(model, engine.padded(batch, engine.torch.device("cpu")))
    loss.backward()
    grads = engine.torch.cat([param.grad.flatten() for param in model.parameters()]).tolist()
    want_loss, want = mean_of_single_gradients(batch, config, state_dict)
    assert loss.item() == pytest.approx(want_loss, abs=1e-13)
    assert grads == pytest.approx(want, abs=1e-12)


def test_batches_of_one_document_are_the_core(engine_of, tiny):
    docs, tokenizer, config, expected = tiny()
    docs = docs[:3]
    wanted = list(microgpt.train(docs, tokenizer, config, expected, num_steps=1))
    _, _, _, state_dict = tiny()
    train = engine_of("numpy_batched").train
    steps = list(train(docs, tokenizer, config, state_dict, 1, batch_size=1, dtype="float64"))
    assert steps[0].loss == pytest.approx(wanted[0].loss, abs=1e-13)
    assert [p.data for p in flat_params(state_dict, config)] == pytest.approx(
        [p.data for p in flat_params(expected, config)], abs=1e-9
    )


def test_float32_follows_float64(engine_of, tiny):
    train = engine_of("numpy_batched").train
    single = [step.loss for step in train(*tiny(), 5, batch_size=4, dtype="float32")]
    double = [step.loss for step in train(*tiny(), 5, batch_size=4, dtype="float64")]
    assert single == pytest.approx(double, rel=1e-4)
    assert single != double


def test_buckets_skip_no_document_and_fill_up_little(engine_of):
    batched = engine_of("numpy_batched")
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
        ({"dtype": "int8"}, "dtype"),
        ({"batch_size": 2.5}, "whole"),
    ],
)
def test_bad_batches_are_refused(change, words, engine_of, tiny):
    with pytest.raises(ValueError, match=words):
        engine_of("numpy_batched").train(*tiny(), 1, **change)
