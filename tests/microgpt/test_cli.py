"""`python -m microgpt`: its lines, its options, and every kind of bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from command_line import SMALL
from support import ROOT

from microgpt import load


def test_the_lines_are_those_of_the_reference(call):
    code, out, err = call("--steps", 2, "--samples", 2)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == ["num docs: 32257", "vocab size: 27", "num params: 4192"]
    assert lines[3] == "step    1 /    2 | loss 3.4639"
    assert lines[5:7] == ["", "--- inference (new, hallucinated names) ---"]
    assert [line[:11] for line in lines[7:]] == ["sample  1: ", "sample  2: "]


def test_it_runs_with_nothing_installed():
    command = [sys.executable, "-S", "-m", "microgpt", "--steps", "1", "--samples", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "step    1 /    1 | loss 3.4639" in done.stdout


def test_help_shows_examples(call):
    code, out, _ = call("--help")
    assert code == 0 and "python3 -m microgpt --load mine.json --steps 0" in out
    options = "data steps samples seed temperature n-embd n-head n-layer block-size save load"
    for option in [*options.split(), "learning-rate"]:
        assert f"--{option}" in out


def test_saved_weights_are_used_again(call, names, tmp_path):
    file = tmp_path / "w.json"
    common = ["--data", names, "--samples", 3, "--seed", 1]
    code, first, _ = call(*common, *SMALL, "--steps", 5, "--save", file)
    assert code == 0 and load(file)[1].n_embd == 4
    code, second, _ = call(*common, "--load", file, "--steps", 0)
    assert code == 0 and "step" not in second and second.count("sample") == 3
    code, _, err = call(*common, "--load", file, "--n-embd", 8)
    assert code == 2 and "n_embd 4, not 8" in err and "leave --n-embd out" in err


def test_training_goes_on_from_loaded_weights(call, names, tmp_path):
    file = tmp_path / "w.json"
    call("--data", names, *SMALL, "--steps", 60, "--save", file, "--learning-rate", 0.05)
    _, out, _ = call("--data", names, "--load", file, "--steps", 1)
    _, fresh, _ = call("--data", names, *SMALL, "--steps", 1)
    first_loss = [float(re.search(r"loss (\S+)", text)[1]) for text in (out, fresh)]
    assert first_loss[0] < first_loss[1] - 0.2


def test_long_documents_are_cut_with_a_note_that_names_the_way_out(call, names):
    code, _, err = call("--data", names, "--steps", 1, "--block-size", 4, "--samples", 0)
    assert code == 0
    assert "1 of 4 documents" in err and "--block-size 5" in err
    assert call("--data", names, "--steps", 1, "--block-size", 5)[2] == ""


def files(tmp_path):
    """Bad files by name."""
    content = {
        "empty.txt": b"",
        "blank.txt": b" \n\n",
        "latin.txt": b"zo\xeb\n",
        "foreign.json": b'{"weights": {}}',
        "text.json": b"emma",
    }
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "{}/missing.txt"], ["missing.txt", "no file"]),
        (["--data", "{}/folder"], ["folder"]),
        (["--data", "{}/empty.txt"], ["empty.txt", "no document"]),
        (["--data", "{}/blank.txt"], ["blank.txt", "no document"]),
        (["--data", "{}/latin.txt"], ["latin.txt", "UTF-8", "0xeb"]),
        (["--n-embd", "18", "--n-head", "4"], ["18", "4", "multiple"]),
        (["--n-layer", "0"], ["--n-layer", "0", "from 1 to 1e300"]),
        (["--n-head", "-1"], ["--n-head", "-1"]),
        (["--block-size", "0"], ["--block-size", "0"]),
        (["--steps", "-1"], ["--steps", "-1"]),
        (["--steps", "1" + 400 * "0"], ["--steps", "10000", "from 0 to 1e300"]),
        (["--steps", "1" + 299 * "0"], ["days", "fewer steps"]),
        (["--steps", "1.5"], ["--steps", "'1.5'"]),
        (["--samples", "-2"], ["--samples", "-2"]),
        (["--temperature", "0"], ["--temperature", " 0 ", "from 1e-06 to"]),
        (["--temperature", "-1"], ["--temperature", "-1"]),
        (["--temperature", "nan"], ["--temperature", "nan"]),
        (["--temperature", "hot"], ["--temperature", "'hot'"]),
        (["--learning-rate", "0"], ["--learning-rate", "0"]),
        (["--learning-rate", "inf"], ["--learning-rate", "inf"]),
        (["--load", "{}/missing.json"], ["missing.json", "no file"]),
        (["--load", "{}/folder"], ["folder"]),
        (["--load", "{}/foreign.json"], ["foreign.json", "format"]),
        (["--load", "{}/text.json"], ["text.json"]),
        (["--save", "{}/folder"], ["folder"]),
        (["--save", "{}/nowhere/w.json"], ["nowhere"]),
        (["--nonsense"], ["--nonsense"]),
        (["--\x1b[31mred"], [r"--\x1b[31mred"]),
        (["--engine", "\x1b[2J"], [r"x1b[2J"]),
    ],
)
def test_bad_input_ends_with_2_and_one_clear_line_before_any_work(call, tmp_path, arguments, words):
    folder = files(tmp_path)
    code, out, err = call(*(argument.format(folder) for argument in arguments))
    assert (code, out) == (2, "")
    last = err.strip().splitlines()[-1]
    assert all(word in last for word in words), err
    assert "Traceback" not in err


def test_weights_whose_vocabulary_does_not_fit_are_refused(call, names, tmp_path):
    file = tmp_path / "w.json"
    call("--data", names, *SMALL, "--steps", 0, "--save", file)
    code, out, err = call("--load", file)
    assert (code, out) == (2, "") and "'b'" in err and "'aeimv'" in err and "--data" in err


def test_a_run_that_diverges_says_so_samples_and_saves_the_last_good_weights(call, names, tmp_path):
    file = tmp_path / "w.json"
    arguments = ["--data", names, *SMALL, "--steps", 9, "--learning-rate", "1000", "--save", file]
    code, out, err = call(*arguments)
    assert code == 1 and "smaller than 1000" in err and "step 2" in err
    assert out.count("sample") == 20
    load(file)  # which refuses numbers that are not finite


def test_weights_too_wild_to_sample_are_told_and_saved_all_the_same(call, names, tmp_path):
    file = tmp_path / "w.json"
    arguments = ["--data", names, *SMALL, "--steps", 9, "--learning-rate", "1e160", "--save", file]
    code, _, err = call(*arguments)
    assert code == 1 and "smaller than 1e+160" in err and "not finite" in err
    load(file)


@pytest.mark.skipif(os.name != "posix", reason="a console's Ctrl-C cannot be sent on Windows")
def test_ctrl_c_stops_cleanly_samples_and_saves(names, tmp_path):
    file = tmp_path / "w.json"
    command = [sys.executable, "-u", "-m", "microgpt", "--data", names, "--steps", "100000"]
    process = subprocess.Popen(
        [*command, "--save", str(file), "--samples", "4"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if line.startswith("step    3 "):
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "stopped by Ctrl-C" in err and "Traceback" not in err
    assert out.count("sample") == 4
    load(file)


@pytest.mark.skipif(os.name != "posix", reason="pipes close differently on Windows")
def test_a_closed_pipe_is_no_error():
    command = [sys.executable, "-m", "microgpt", "--steps", "50", "--samples", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 1


def test_saving_keeps_full_precision(call, names, tmp_path):
    file = tmp_path / "w.json"
    call("--data", names, *SMALL, "--steps", 2, "--save", file)
    content = json.loads(file.read_text())
    number = content["weights"]["wte"][0][0]
    assert load(file)[0]["wte"][0][0].data == number and len(repr(number)) > 12
