"""Two processes with DistributedDataParallel are one process at the same global batch."""

import os
import random
import subprocess
import sys

import pytest

import microgpt

STEPS, BATCH = 3, 4


def start(path):
    """What `python -m microgpt --engine ddp` trains, from its defaults."""
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
    command += ["-m", "microgpt", "--engine", "ddp", "--data", str(names_file)]
    command += ["--steps", str(STEPS), "--samples", "2"]
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
    assert printed == losses  # the first process alone prints
    assert done.stdout.count("sample") == 2 and done.stdout.count("num docs") == 1
    shared, config, _ = microgpt.load(tmp_path / "weights.json")
    assert [p.data for p in microgpt.flatten(shared)] == pytest.approx(
        [p.data for p in microgpt.flatten(state_dict)], abs=1e-12
    )


def test_one_process_makes_the_steps_of_the_mean_gradient(engine_of, tiny):
    docs, tokenizer, config, expected = tiny()
    params = microgpt.flatten(expected)
    for doc in docs[:BATCH]:
        microgpt.document_loss(tokenizer.document_ids(doc), expected, config).backward()
    for param in params:
        param.grad /= BATCH
    microgpt.Adam(params).step(0.01)
    docs, tokenizer, config, state_dict = tiny()
    list(engine_of("ddp").train(docs, tokenizer, config, state_dict, 1, batch_size=BATCH))
    assert [p.data for p in microgpt.flatten(state_dict)] == pytest.approx(
        [p.data for p in params], abs=1e-9
    )


def test_a_batch_that_cannot_be_shared_out_is_refused(engine_of, tiny):
    with pytest.raises(ValueError, match="batch_size must be a whole number .* not 0"):
        engine_of("ddp").train(*tiny(), 1, batch_size=0)


def test_a_process_that_reaches_no_other_says_so_last(engine_of, names_file):
    engine_of("ddp")
    code = (
        "import sys; from datetime import timedelta; import microgpt.engines.ddp as ddp\n"
        "ddp.TIMEOUT = timedelta(seconds=1)\n"
        "from microgpt.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    alone = {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, "--engine", "ddp", "--data", str(names_file)],
        env={**os.environ, **alone}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("microgpt: no process is reached: ") and "Traceback" not in done.stderr
