"""`python -m microgpt` and the Python that runs it: too old, closed streams, odd ways in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import warnings
import zipapp
from pathlib import Path

import pytest
from command_line import POSIX, in_a_process
from command_line import SMALL as SMALL_MODEL
from support import ROOT

from microgpt import load
from microgpt.cli import main

pytestmark = pytest.mark.any_processor

SENTENCE = "the course needs Python 3.10 or newer, and this is "
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
SMALL = [*SMALL_MODEL, "--samples", "1"]
OLD = ["2.7", "3.6", "3.7", "3.8", "3.9"]
WAYS_IN = [
    ["-m", "microgpt"], ["-m", "microgpt", "--steps", "2"], ["-m", "microgpt.engines.scalar"],
    ["-c", "import microgpt"], ["-c", "from microgpt.autograd import Value"],
    ["-m", "classroom.exercises", "list"], ["-c", "import classroom"],
    ["-c", "from classroom.viz import draw_graph"], ["-m", "tools.lab"], ["-m", "tools.notebooks"],
]  # fmt: skip


def find_python(version):
    """The path of a Python of this version, on the PATH or in pyenv; skip where there is none."""
    found = [shutil.which(f"python{version}"), *PYENV.glob(f"{version}.*/bin/python{version}")]
    for path in filter(None, found):
        probe = "import sys; print('%d.%d' % sys.version_info[:2])"
        done = subprocess.run([path, "-c", probe], capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return str(path)
    return pytest.skip(f"no Python {version} here")


def run(*command, cwd=ROOT, **options):
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=110, check=False, **options
    )


@pytest.mark.parametrize("version", OLD)
def test_an_older_python_is_told_in_one_sentence_from_every_way_in(version):
    python = find_python(version)
    for way in WAYS_IN:
        done = run(python, "-B", *way)
        assert (done.returncode, done.stdout) == (1, ""), way
        assert SENTENCE + version in done.stderr and done.stderr.count("\n") == 1, way


@pytest.mark.parametrize("package", ["microgpt", "classroom"])
@pytest.mark.parametrize("typing", [False, True])
def test_who_types_is_told_and_goes_on_typing(package, typing):
    code = f"import sys; sys.version_info = (3, 9, 18)\n{'sys.ps1 = 0' if typing else ''}\n"
    done = run(sys.executable, "-c", f"{code}import {package}")
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"ImportError: {SENTENCE}3.9" if typing else f"{SENTENCE}3.9")
    assert done.returncode == 1 and ("Traceback" in done.stderr) == typing


@pytest.mark.parametrize("argument", ["microgpt", os.path.join("microgpt", "__main__.py")])
def test_a_package_run_as_a_folder_says_how_to_run_it(argument):
    done = run(sys.executable, argument)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "-m microgpt" in done.stderr


@pytest.mark.parametrize("module", ["microgpt", "microgpt.cli", "microgpt.engines"])
def test_importing_never_touches_ctrl_c(tmp_path, module):
    (tmp_path / "mine.py").write_text(
        "import signal, sys\nbefore = signal.getsignal(signal.SIGINT)\n"
        f"import {module}\nassert signal.getsignal(signal.SIGINT) is before\n"
        "try:\n    signal.raise_signal(signal.SIGINT)\nfinally:\n    print('finally')\n"
    )
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = run(sys.executable, "-m", "mine", cwd=tmp_path, env=path)
    assert done.stdout == "finally\n" and "KeyboardInterrupt" in done.stderr


def test_handlers_and_warnings_are_as_they_were_after_a_call():
    before = signal.getsignal(signal.SIGINT), warnings.showwarning, warnings.filters[:]
    assert main(["--steps", "0", "--samples", "1"]) == 0
    assert (signal.getsignal(signal.SIGINT), warnings.showwarning, warnings.filters) == before


@POSIX
@pytest.mark.parametrize("name", ["HUP", "INT"])
def test_a_signal_that_was_ignored_stays_ignored(names, name):  # nohup; a job in the background
    code = (
        "import signal, threading, sys\n"
        f"signal.signal(signal.SIG{name}, signal.SIG_IGN)\n"
        "from microgpt import cli\n"
        f"threading.Timer(0.3, lambda: signal.raise_signal(signal.SIG{name})).start()\n"
        f"sys.exit(cli.main({['--data', names, *SMALL, '--steps', '500']!r}))"
    )
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0 and "stopped" not in done.stderr and "step  500" in done.stdout


@POSIX
def test_a_limit_of_processor_time_saves(names, tmp_path):
    file = tmp_path / "w.json"
    options = ["--data", names, *SMALL, "--steps", 10**6, "--save", file]
    done = in_a_process(*options, before="ulimit -S -t 2")
    assert done.returncode == 0 and "stopped by SIGXCPU after" in done.stderr
    assert load(file)[1].n_embd == 4 and "sample  1" in done.stdout


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [["--help"], ["--steps", "0"]])
def test_output_without_a_place_is_said(arguments):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "microgpt", *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "microgpt: cannot print: No space left on device\n"


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-"])
def test_closed_streams_do_no_harm(names, tmp_path, closed):
    file = tmp_path / "w.json"
    options = ["--data", names, *SMALL, "--steps", 2, "--save", file]
    assert in_a_process(*options, before=f"exec {closed}").returncode == 0 and file.is_file()


@pytest.mark.parametrize("rank", ["1", "x", ""])
def test_a_rank_that_no_torchrun_gave_silences_nothing(names, rank):
    done = in_a_process("--data", names, *SMALL, "--steps", 2, RANK=rank)
    assert done.returncode == 0 and done.stdout.count("step") == 2


def test_a_tilde_is_the_home_in_every_option_of_a_file(names, tmp_path):
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    options = ["--data=~/names.txt", *SMALL, "--steps", 2, "--save=~/w.json"]
    assert in_a_process(*options, **home).returncode == 0 and (tmp_path / "w.json").is_file()
    assert in_a_process("--load=~/w.json", "--steps", 0, **home).returncode == 0
    assert in_a_process("--continue=~/w.json", **home).returncode == 0


def test_warnings_that_are_errors_elsewhere_are_notes_here(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("rene\u0301\nava\n", encoding="utf-8")
    done = in_a_process("--data", file, *SMALL, "--steps", 1, PYTHONWARNINGS="error")
    assert done.returncode == 0 and "note:" in done.stderr and "NFC" in done.stderr


def test_a_wrong_option_is_one_line(names):
    for wrong in (["--seed", "1e3"], ["words.txt"], ["--engine", "warp"], ["--s", "1"]):
        done = in_a_process(*wrong)
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1
        assert wrong[-1] in done.stderr or wrong[0] in done.stderr
    done = in_a_process("--data", names, "--batch-size", 4)
    assert done.returncode == 2 and "choose engine numpy_batched" in done.stderr


@POSIX
@pytest.mark.parametrize("way", ["-O", "-OO", "-bb", "-Wignore"])
def test_ways_to_run_python_change_no_number(names, way):
    options = ["-m", "microgpt", "--data", names, *SMALL, "--steps", "30"]
    usual, other = run(sys.executable, *options), run(sys.executable, way, *options)
    assert other.returncode == 0 and other.stdout == usual.stdout


def test_a_course_packed_into_one_file_runs_on_a_text_and_says_what_it_lacks(names, tmp_path):
    app = tmp_path / "app"
    shutil.copytree(ROOT / "microgpt", app / "microgpt")
    zipapp.create_archive(app, tmp_path / "app.pyz", main="microgpt.cli:main")
    done = run(sys.executable, str(tmp_path / "app.pyz"), "--data", names, *SMALL, "--steps", "2")
    assert (done.returncode, done.stderr) == (0, "") and "sample  1" in done.stdout
    code = "import sys; sys.path.insert(0, 'app.pyz')\nfrom microgpt import cli\n"
    done = run(sys.executable, "-c", f"{code}sys.exit(cli.main([]))", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "'names.txt' is missing in" in done.stderr and "unpack or install" in done.stderr


def test_a_folder_that_is_gone_is_no_reason_to_end(names, tmp_path):
    code = (
        f"import os, sys; sys.path[0] = {str(ROOT)!r}\n"
        "from microgpt import cli\nos.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        f"sys.exit(cli.main({['--data', names, *SMALL, '--steps', '2']!r} + sys.argv[1:]))"
    )
    if os.name != "posix":
        pytest.skip("a folder in use cannot be removed on Windows")
    assert run(sys.executable, "-c", code, cwd=tmp_path).returncode == 0
    done = run(sys.executable, "-c", code, "--save", "w.json", cwd=tmp_path)
    assert done.returncode == 2 and "'w.json' cannot be a file" in done.stderr


@POSIX
def test_two_runs_begun_together_keep_both_results(names, tmp_path):
    place = tmp_path / "w.json"
    command = [sys.executable, "-m", "microgpt", "--data", names, *SMALL, "--save", str(place)]
    both = [
        subprocess.Popen(
            [*command, "--steps", "300", "--seed", str(seed)], cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for seed in (1, 2)
    ]  # fmt: skip
    said = [process.communicate(timeout=110)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    assert sum("another program has written it" in words for words in said) == 1
    files = sorted(tmp_path.glob("*.json"))
    assert len(files) == 2 and all(load(file)[1].n_embd == 4 for file in files)
