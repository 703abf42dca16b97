"""`python -m microgpt` and the files of the reader's own machine: nothing is lost, all is said."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import POSIX, SMALL
from support import ROOT

from microgpt import CharTokenizer, Config, init_params, load, load_docs, save
from microgpt.checkpoint import Place
from microgpt.cli import runs, saving

pytestmark = pytest.mark.any_processor


def samples(text):
    return [line for line in text.splitlines() if line.startswith("sample")]


@pytest.mark.parametrize("words", ["Αθηνά\nΝίκη\nΕλένη\n", "ann\nbob\n", "李明\n王芳\n"])
def test_saved_weights_speak_without_any_text(call, tmp_path, words):
    text, weights = tmp_path / "words.txt", tmp_path / "words.json"
    text.write_text(words, encoding="utf-8")
    assert call("--data", text, *SMALL, "--steps", 3, "--save", weights)[0] == 0
    text.unlink()
    arguments = ["--load", weights, "--steps", 0, "--temperature", 0.8]
    code, out, err = call(*arguments)
    assert (code, err) == (0, "") and len(samples(out)) == 20 and "num docs" not in out
    assert set("".join(line[11:] for line in samples(out))) <= set(words)
    assert call(*arguments)[1] == out != call(*arguments, "--seed", 1)[1]
    copy = tmp_path / "copy.json"
    assert call(*arguments, "--save", copy)[0] == 0
    assert load(copy)[2].chars == load(weights)[2].chars
    code, out, err = call("--load", weights, "--steps", 1)
    assert (code, out) == (2, "") and "use --data" in err


def test_a_continued_run_whose_text_has_moved_says_how_to_name_it(call, names, tmp_path):
    run = tmp_path / "run.json"
    call("--data", names, *SMALL, "--steps", 3, "--save", run)
    moved = Path(names).rename(tmp_path / "moved.txt")
    code, out, err = call("--continue", run)
    assert (code, out) == (2, "") and "names.txt" in err and "say with --data" in err
    assert call("--continue", run, "--data", moved)[0] == 0


@pytest.mark.parametrize("option", ["--data", "--save", "--load", "--continue"])
@pytest.mark.parametrize(
    ("value", "words"),
    [("", "the name of a file is needed, not ''"), (" \t", "needed"), ("-", "standard input")],
)
def test_what_names_no_file_is_refused_as_such(call, option, value, words):
    code, out, err = call(option, value)
    assert (code, out) == (2, "") and option in err and words in err.splitlines()[-1]


def test_saved_weights_that_serve_as_text_are_not_replaced(call, names, tmp_path):
    weights = tmp_path / "w.json"
    call("--data", names, *SMALL, "--steps", 1, "--save", weights)
    before = weights.read_bytes()
    places = [weights, f"{tmp_path}/./w.json"]
    if os.name == "posix":
        (tmp_path / "link.json").symlink_to(weights)
        (tmp_path / "hard.json").hardlink_to(weights)
        places += [tmp_path / "link.json", tmp_path / "hard.json"]
    for place in places:
        code, out, err = call("--data", weights, "--save", place)
        assert (code, out) == (2, "") and "--save would replace the text" in err
    assert weights.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n<!DOCTYPE html>\n<title>404</title>\n", "a web page"),
        ("<HTML>\n<p>\n", "a web page"),
        ('<?xml version="1.0"?>\n<a/>\n', "XML"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n", "git lfs pull"),
        ("{\\rtf1\\ansi emma}\n", "plain text"),
        ("%PDF-1.7\n", "plain text"),
        ('{\n "names": ["emma"]\n}\n', "JSON"),
        ('[\n"emma"\n]\n', "JSON"),
        ("#!/bin/sh\necho emma\n", "a program"),
        ("name,count\nemma,3\nava,2\n", "a table (1 ',' a line)"),
        ("emma\tF\t3\nava\tF\t2\n", "a table (2 '\\t' a line)"),
        ("emma;3\n" * 30 + '"a;b";1\n', "a table (1 ';' a line)"),
    ],
)
def test_a_file_that_is_no_list_of_documents_is_told_once(call, tmp_path, text, words):
    file = tmp_path / "words.txt"
    file.write_text(text)
    code, _, err = call("--data", file, "--steps", 1, "--samples", 0, "--block-size", 64)
    assert code == 0 and err.count("note:") == 1
    assert words in err and "taken as a document" in err


@pytest.mark.parametrize(
    "text", ["emma\nava\n", "[Chorus]\nla\n", "one, two\nthree\nfour\n", "a,b\n", "<3\nxo\n"]
)
def test_a_plain_list_is_not_taken_for_something_else(tmp_path, recwarn, text):
    (tmp_path / "words.txt").write_text(text)
    load_docs(tmp_path / "words.txt")
    assert not recwarn


def test_advice_is_given_only_where_it_would_be_taken(call, names, tmp_path):
    long, run = tmp_path / "long.txt", tmp_path / "run.json"
    long.write_text("a" * 3_000_000)
    note = "1 of 1 documents are longer than the block and are cut"
    options = ["--samples", 0, "--steps", 1]
    _, _, err = call("--data", long, *options, "--n-embd", 16)
    assert note in err and "--block-size" not in err  # it would need days, or too much memory
    _, _, err = call("--data", names, *options, "--block-size", 3, "--save", run)
    assert "--block-size 5 avoids it" in err
    for way in ("--load", "--continue"):  # where the size of the block is settled
        _, _, err = call(way, run, "--data", names, *(options if way == "--load" else []))
        assert "are cut" in err and "--block-size" not in err


def test_what_another_program_saved_meanwhile_is_not_replaced(call, names, tmp_path, monkeypatch):
    place = tmp_path / "w.json"
    options = ["--data", names, *SMALL, "--steps", 2, "--samples", 1, "--save", place]
    other = Config(3, n_embd=2, n_head=1)

    def meanwhile(*_):
        save(place, init_params(other, random.Random(1)), other, CharTokenizer("ab"))

    for _ in "new", "there before":
        with monkeypatch.context() as patch:
            patch.setattr(runs, "_tell_of_cut_documents", meanwhile)
            code, out, err = call(*options)
        assert code == 1 and len(samples(out)) == 1 and err.count("\n") == 1
        assert "another program has written it" in err and load(place)[1] == other
        (mine,) = tmp_path.glob("microgpt-*.json")
        assert mine.name in err and load(mine)[1].n_embd == 4
        mine.unlink()
    assert call(*options)[0] == 0 and load(place)[1].n_embd == 4  # nobody came between


def test_a_file_lost_meanwhile_is_written_again(call, names, tmp_path, monkeypatch):
    place = tmp_path / "w.json"
    options = ["--data", names, *SMALL, "--steps", 2, "--samples", 0, "--save", place]
    call(*options)
    monkeypatch.setattr(runs, "_tell_of_cut_documents", lambda *_: place.unlink())
    assert call(*options)[0] == 0 and load(place)[1].n_embd == 4


def test_with_every_disk_full_all_places_and_the_loss_are_named_and_names_are_drawn(
    call, names, tmp_path, monkeypatch
):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("microgpt.checkpoint.os.fsync", full)
    monkeypatch.setattr(saving.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    monkeypatch.setattr(saving.Path, "home", lambda: tmp_path / "home")
    for folder in "tmp", "home":
        (tmp_path / folder).mkdir()
    options = ["--data", names, *SMALL, "--steps", 2, "--samples", 3]
    code, out, err = call(*options, "--save", tmp_path / "w.json")
    assert code == 1 and len(samples(out)) == 3 and err.count("\n") == 1
    assert "w.json' cannot be written: No space left on device" in err
    assert all(repr(str(tmp_path / folder)) in err for folder in ("", "tmp", "home"))
    assert err.endswith("what was learned is lost\n")
    assert not list(tmp_path.rglob("*.part")) and not list(tmp_path.rglob("*.json"))


def test_with_one_disk_full_the_next_place_is_taken(call, names, tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "_spots", lambda place: iter([place, str(tmp_path / "b.json")]))
    real, calls = os.fsync, []

    def full_at_first(descriptor):
        calls.append(descriptor)
        if len(calls) == 1:
            raise OSError(errno.EFBIG, "File too large")
        real(descriptor)

    monkeypatch.setattr("microgpt.checkpoint.os.fsync", full_at_first)
    options = ["--data", names, *SMALL, "--steps", 2, "--samples", 0]
    code, _, err = call(*options, "--save", tmp_path / "a.json")
    assert code == 1 and "a.json' cannot be written: File too large; so what was" in err
    assert "b.json" in err and load(tmp_path / "b.json")[1].n_embd == 4


@POSIX
def test_the_next_save_removes_what_a_killed_one_left_and_nothing_else(tmp_path):
    left, kept = tmp_path / ".microgpt-0a.part", tmp_path / ".download.part"
    left.write_text("half a mod")
    kept.write_text("not ours")
    code = (
        f"import microgpt.checkpoint as c; s = open({str(tmp_path / '.microgpt-0b.part')!r}, 'x');"
        "c._lock(s); s.write('under way'); s.flush(); print(1, flush=True); input()"
    )
    under_way = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    under_way.stdout.readline()
    config = Config(3, n_embd=2, n_head=1)
    model = init_params(config, random.Random(1)), config, CharTokenizer("ab")
    save(tmp_path / "w.json", *model)
    here = {path.name for path in tmp_path.iterdir()}
    assert here == {"w.json", ".microgpt-0b.part", ".download.part"}
    under_way.kill()
    under_way.communicate()
    save(tmp_path / "w.json", *model)
    assert {path.name for path in tmp_path.iterdir()} == {"w.json", ".download.part"}


def test_a_place_may_be_saved_to_again_and_again(tmp_path):
    config = Config(3, n_embd=2, n_head=1)
    model = init_params(config, random.Random(1)), config, CharTokenizer("ab")
    place = Place(tmp_path / "w.json")
    for _ in range(3):
        save(place, *model)
    assert os.fspath(place) == str(tmp_path / "w.json") and load(place)[1] == config
    (tmp_path / "w.json").write_text(json.dumps({"format": "microgpt weights, version 1"}))
    with pytest.raises(FileExistsError, match="another program has written it"):
        save(place, *model)


def test_what_training_raises_is_said_after_saving(call, names, tmp_path, monkeypatch):
    learner = "microgpt.engines.scalar.ScalarLearner.step"
    for error, code, words in [
        (MemoryError(), 2, "the memory of this machine"),
        (OSError("no such cache"), 2, "no such cache"),
        (RuntimeError("no such device"), 3, "engine 'scalar' stopped: no such device"),
        (RuntimeError(), 3, "engine 'scalar' stopped: RuntimeError()"),
    ]:
        file = tmp_path / f"{len(words)}.json"

        def failing(self, batch, rate, error=error):
            if self.adam.num_steps == 2:
                raise error
            return self.update(batch, rate)

        monkeypatch.setattr(learner, failing)
        got, _, err = call("--data", names, *SMALL, "--steps", 9, "--save", file)
        assert got == code and words in err and err.count("\n") == 1
        assert json.loads(file.read_text())["run"]["index"] == 2


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_output_that_cannot_be_printed_is_said_after_saving(
    call, names, tmp_path, monkeypatch, number
):
    file, show = tmp_path / "w.json", print

    def broken(*words, file=None, **more):
        if file is None and str(words[0]).startswith("step    3"):
            raise OSError(number, os.strerror(number))
        show(*words, file=file, **more)

    monkeypatch.setattr("builtins.print", broken)
    code, out, err = call("--data", names, *SMALL, "--steps", 9, "--save", file)
    assert code == 2 and f"cannot print: {os.strerror(number)}" in err and "step    2" in out
    assert json.loads(file.read_text())["run"]["index"] == 3
