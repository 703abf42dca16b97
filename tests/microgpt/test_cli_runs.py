"""`python -m microgpt`: a run stopped and continued, engines, signals, terminals that cannot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import POSIX, SMALL, in_a_process
from support import ROOT

from microgpt import cli, engines, load
from microgpt.cli import runs, saving

pytestmark = pytest.mark.any_processor


def as_in_a_terminal():
    """Hear all signals again: a suite that `nohup` started has one that is ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def stopped(signals, line, *arguments):
    """Start a run, send it signals when it has printed a line; code, output, errors."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "microgpt", *map(str, arguments)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=as_in_a_terminal,
    )  # fmt: skip
    before = ""
    for printed in process.stdout:
        before += printed
        if printed.startswith(line):
            for number in signals:
                process.send_signal(number)
            break
    before += process.stdout.read()
    err = process.stderr.read()
    return process.wait(timeout=110), before, err


def lines_of(text, word):
    return [line for line in text.splitlines() if line.startswith(word)]


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize(
    "engine, steps, line", [("scalar", 80, "step   30"), ("numpy", 6000, "step  400")]
)
def test_a_run_stopped_by_ctrl_c_and_continued_is_the_unbroken_run(tmp_path, engine, steps, line):
    if not {e.name: e.can_run for e in engines.available()}[engine]:
        pytest.skip(f"{engine} cannot run here")
    whole, broken = tmp_path / "whole.json", tmp_path / "run.json"
    options = ["--engine", engine, "--steps", steps, "--seed", 7]
    unbroken = in_a_process(*options, "--save", whole)
    code, first, err = stopped([signal.SIGINT], line, *options, "--save", broken)
    assert code == 0 and "stopped by Ctrl-C" in err
    made = json.loads(broken.read_text())["run"]["index"]
    assert made < steps and len(lines_of(first, "step")) == made
    second = in_a_process("--continue", broken)
    assert second.returncode == 0 and f"{made:,} of {steps:,} steps made" in second.stderr
    losses = lines_of(first, "step") + lines_of(second.stdout, "step")
    assert losses == lines_of(unbroken.stdout, "step")
    assert lines_of(second.stdout, "sample") == lines_of(unbroken.stdout, "sample")
    assert json.loads(whole.read_text()) == json.loads(broken.read_text())


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_save_as_ctrl_c_does(names, tmp_path, name):
    file = tmp_path / "w.json"
    options = ["--data", names, *SMALL, "--steps", 100000, "--save", file, "--samples", 1]
    code, out, err = stopped([getattr(signal, name)], "step    3 ", *options)
    assert code == 0 and f"stopped by {name}" in err and len(lines_of(out, "sample")) == 1
    load(file)


@POSIX
def test_a_second_ctrl_c_ends_at_once_and_leaves_a_whole_file(tmp_path):
    file = tmp_path / "w.json"
    options = ["--n-embd", 32, "--n-layer", 2, "--save", file]  # a step takes a while
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "microgpt", *map(str, options)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not process.stdout.readline().startswith("step    1 "):
        pass
    while process.poll() is None:  # again and again, whatever it is doing
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=0.01)
        except subprocess.TimeoutExpired:
            continue
    out, err = process.communicate(timeout=110)
    assert "Traceback" not in err and process.returncode in (0, 130, -signal.SIGINT)
    load(file)
    assert [path.name for path in tmp_path.iterdir()] == ["w.json"]


def test_what_a_run_has_settled_is_refused_when_it_is_continued(names, tmp_path):
    file = tmp_path / "run.json"
    assert in_a_process("--data", names, *SMALL, "--steps", 3, "--save", file).returncode == 0
    for option in (["--steps", 5], ["--seed", 1], ["--n-embd", 8], ["--load", file]):
        done = in_a_process("--continue", file, *option)
        assert done.returncode == 2 and option[0] in done.stderr and not done.stdout
    other = tmp_path / "other.txt"
    other.write_text("emma\nava\n")
    done = in_a_process("--continue", file, "--data", other)
    assert done.returncode == 2 and "4 other documents" in done.stderr
    done = in_a_process("--continue", ROOT / "assets" / "names_weights.json")
    assert done.returncode == 2 and "weights and no run" in done.stderr


def test_loading_says_that_a_new_run_begins(names, tmp_path):
    file = tmp_path / "run.json"
    in_a_process("--data", names, *SMALL, "--steps", 3, "--save", file)
    done = in_a_process("--data", names, "--load", file, "--steps", 2)
    assert "a new run" in done.stderr and "--continue" in done.stderr
    assert lines_of(done.stdout, "step")[0].startswith("step    1 /    2")


def test_an_engine_whose_package_is_missing_is_named_with_the_way_to_it(monkeypatch, capsys):
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: None)
    assert cli.main(["--engine", "numpy"]) == 2
    assert "needs numpy: pip install numpy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--n-embd", "100000"], "GB of memory"),
        (["--n-layer", "1000000000"], "GB of memory"),
        (["--steps", "1000000000"], "days"),
        (["--engine", "scalar", "--n-embd", "1024", "--steps", "100000"], "days"),
    ],
)
def test_what_no_day_or_memory_is_enough_for_is_said_before_it_begins(capsys, arguments, words):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err and "--anyway" in captured.err and not captured.out


def test_a_million_characters_are_refused_and_thousands_are_not(tmp_path, capsys):
    chars = [chr(code) for code in range(0x4E00, 0x4E00 + 4000)]
    file = tmp_path / "names.txt"
    file.write_text("\n".join("".join(chars[i : i + 8]) for i in range(0, 4000, 8)), "utf-8")
    assert cli.main(["--data", str(file), "--steps", "1", "--samples", "1"]) == 0
    assert "vocab size: 4001" in capsys.readouterr().out
    many = (chr(code) for code in range(0x20000, 0x20000 + 110_000))
    file.write_text("\n".join(many), "utf-8", errors="replace")
    assert cli.main(["--data", str(file)]) == 2
    assert "different characters" in capsys.readouterr().err


def test_a_terminal_without_the_letters_gets_escapes(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("\u674e\u660e\n\u738b\u82b3\n", encoding="utf-8")
    done = in_a_process(
        "--data", file, *SMALL, "--steps", 2, "--samples", 2, PYTHONIOENCODING="ascii"
    )
    assert done.returncode == 0 and done.stderr == ""
    assert len(lines_of(done.stdout, "sample")) == 2


def test_samples_never_steer_the_terminal(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("\u202eab\n\u202eba\n", encoding="utf-8")
    done = in_a_process("--data", file, *SMALL, "--steps", 30, "--learning-rate", 0.1)
    assert done.returncode == 0 and "\u202e" not in done.stdout and "\\u202e" in done.stdout
    assert "line 1" in done.stderr and "U+202E" in done.stderr


def test_four_hundred_chinese_characters_go_all_the_way(tmp_path):
    chars = [chr(code) for code in range(0x4E00, 0x4E00 + 400)]
    file, weights = tmp_path / "names.txt", tmp_path / "w.json"
    file.write_text("\n".join("".join(chars[i : i + 4]) for i in range(0, 400, 4)), "utf-8")
    done = in_a_process("--data", file, "--steps", 3, "--samples", 3, "--save", weights)
    assert done.returncode == 0 and len(lines_of(done.stdout, "sample")) == 3
    assert load(weights)[2].chars == "".join(chars)
    assert in_a_process("--continue", weights).returncode == 0


def test_saving_never_replaces_a_text_nor_the_data_itself(names, tmp_path, capsys):
    before, link = Path(names).read_text(), tmp_path / "link"
    link.hardlink_to(names)
    for place in (names, link):
        assert cli.main(["--data", names, "--save", str(place)]) == 2
        captured = capsys.readouterr()
        assert "--save would replace the text" in captured.err and not captured.out
    assert Path(names).read_text() == before


@POSIX
def test_what_was_learned_is_kept_though_the_folder_to_save_in_is_gone(
    names, tmp_path, monkeypatch, capsys
):
    spare = tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setattr(saving.tempfile, "gettempdir", lambda: str(spare))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.setattr(runs, "_tell_of_cut_documents", lambda *_: gone.rmdir())  # meanwhile
    options = ["--data", names, *SMALL, "--steps", "2", "--samples", "1"]
    assert cli.main([*options, "--save", str(gone / "w.json")]) == 1
    (kept,) = spare.iterdir()
    assert str(kept) in capsys.readouterr().err and load(kept)[1].n_embd == 4


@POSIX
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    for option in ("--data", "--load", "--continue"):
        assert cli.main([option, str(tmp_path / "pipe")]) == 2
        assert "a device or a pipe" in capsys.readouterr().err


def test_an_engine_whose_package_is_broken_is_named(monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("no such library")

    monkeypatch.setattr(engines.importlib, "import_module", broken)
    assert cli.main(["--engine", "numpy", "--steps", "1"]) == 2
    assert "needs numpy" in (err := capsys.readouterr().err) and "no such library" in err


@pytest.mark.parametrize(
    "damage",
    [
        lambda run: run.update(rng=[3, [-1] * 625, None]),
        lambda run: run.update(rng=[3, [2**70] * 625, None]),
        lambda run: run.update(rng=[]),
        lambda run: run.update(settings=[]),
        lambda run: run["settings"].update(learning_rate="x"),
        lambda run: run["settings"].update(beta1="x"),
        lambda run: run["notes"].update(data="a\0b"),
        lambda run: run.pop("m"),
    ],
    ids=range(8),
)
def test_a_damaged_run_is_one_sentence(names, tmp_path, capsys, damage):
    file = tmp_path / "run.json"
    cli.main(["--data", names, *SMALL, "--steps", "1", "--samples", "0", "--save", str(file)])
    content = json.loads(file.read_text())
    damage(content["run"])
    file.write_text(json.dumps(content))
    capsys.readouterr()
    assert cli.main(["--continue", str(file)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and not captured.out
