"""Two processes with DistributedDataParallel are one process at the same global batch."""

import random
import subprocess
import sys

import pytest

import microgpt
from microgpt.engines.common import flat_params

STEPS, BATCH = 3, 4


def start(path):
    """What `python -m microgpt.engines.ddp` trains, from its defaults."""
    docs = microgpt.load_docs(path)
    rng = random.Random(42)
    rng.shuffle(docs)
    tokenizer = microgpt.CharTokenizer.from_docs(docs)
    config = microgpt.Config(vocab_size=tokenizer.vocab_size)
    return docs, tokenizer, config, microgpt.init_params(config, rng)


@pytest.fixture
def names_file(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(["ana", "bo", "maximiliana", "x", "noah", "lea", "otto", "mia"]))
    return path


def launch(names_file, weights, *extra):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    command += ["-m", "microgpt.engines.ddp", "--data", str(names_file), "--steps", str(STEPS)]
    command += ["--batch-size", str(BATCH), "--save", str(weights), *extra]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.slow
def test_two_processes_equal_one_at_the_same_global_batch(engine_of, names_file, tmp_path):
    engine = engine_of("ddp")
    docs, tokenizer, config, state_dict = start(names_file)
    steps = engine.train(docs, tokenizer, config, state_dict, STEPS, batch_size=BATCH)
    losses = [f"{step.loss:.4f}" for step in steps]
    done = launch(names_file, tmp_path / "weights.json")
    assert done.returncode == 0, done.stderr
    printed = [line.split()[-1] for line in done.stdout.splitlines() if line.startswith("step")]
    assert printed == losses
    shared, config, _ = microgpt.load(tmp_path / "weights.json")
    assert [p.data for p in flat_params(shared, config)] == pytest.approx(
        [p.data for p in flat_params(state_dict, config)], abs=1e-12
    )


def test_one_process_makes_the_steps_of_the_mean_gradient(engine_of, tiny):
    docs, tokenizer, config, expected = tiny()
    params = flat_params(expected, config)
    for doc in docs[:BATCH]:
        microgpt.document_loss(tokenizer.document_ids(doc), expected, config).backward()
    for param in params:
        param.grad /= BATCH
    microgpt.Adam(params).step(0.01)
    docs, tokenizer, config, state_dict = tiny()
    list(engine_of("ddp").train(docs, tokenizer, config, state_dict, 1, batch_size=BATCH))
    assert [p.data for p in flat_params(state_dict, config)] == pytest.approx(
        [p.data for p in params], abs=1e-9
    )


def test_bad_options_end_with_one_clear_line(engine_of, capsys):
    assert engine_of("ddp").main(["--batch-size", "0"]) == 2
    assert capsys.readouterr().err.startswith("error: batch_size must be a multiple of")
    assert engine_of("ddp").main(["--data", "no_such_file.txt"]) == 2
    assert "no_such_file.txt" in capsys.readouterr().err
