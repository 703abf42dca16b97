"""Saving and loading: nothing lost, half written or executed; errors that say what."""

from __future__ import annotations

import json
import os
import random
import stat

import pytest

from microgpt import CharTokenizer, Config, Value, checkpoint, flatten, init_params, load, save

TOKENIZER = CharTokenizer('abé"\\')
CONFIG = Config(TOKENIZER.vocab_size, n_embd=4, n_head=2, n_layer=2, block_size=3)


@pytest.fixture
def state_dict():
    return init_params(CONFIG, random.Random(1))


@pytest.fixture
def file(tmp_path, state_dict):
    path = tmp_path / "weights.json"
    save(path, state_dict, CONFIG, TOKENIZER)
    return path


def test_what_is_loaded_is_what_was_saved(file, state_dict):
    loaded, config, tokenizer = load(file)
    assert (config, tokenizer.chars) == (CONFIG, TOKENIZER.chars)
    assert list(loaded) == list(state_dict)
    assert [p.data for p in flatten(loaded)] == [p.data for p in flatten(state_dict)]
    assert all(isinstance(param, Value) for param in flatten(loaded))


def test_the_shipped_weights_are_there():
    state_dict, config, tokenizer = load()
    assert len(flatten(state_dict)) == 4192 and config == Config(27)
    assert tokenizer.BOS == 26


def test_saving_leaves_one_file_with_the_usual_permissions(file):
    assert [path.name for path in file.parent.iterdir()] == ["weights.json"]
    plain = file.parent / "plain"
    plain.write_text("")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_was_saved_can_be_read_whatever_the_umask(tmp_path, state_dict):
    before = os.umask(0o777)  # as in a browser
    try:
        save(tmp_path / "weights.json", state_dict, CONFIG, TOKENIZER)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "weights.json").stat().st_mode) == 0o600


def test_a_save_that_fails_half_way_keeps_the_earlier_file(file, state_dict, monkeypatch):
    before = file.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(file, state_dict, CONFIG, TOKENIZER)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["weights.json"]


def test_a_link_is_followed_and_stays_a_link(tmp_path, state_dict):
    link, target = tmp_path / "link.json", tmp_path / "target.json"
    for _ in range(2):  # a dangling one, a valid one
        if not link.is_symlink():
            try:
                link.symlink_to(target)
            except OSError:
                pytest.skip("no links on this system")
        save(link, state_dict, CONFIG, TOKENIZER)
        assert link.is_symlink() and load(target)[1] == CONFIG


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes of POSIX")
def test_devices_and_pipes_are_refused_and_left_as_they_are(tmp_path, state_dict):
    os.mkfifo(tmp_path / "fifo")
    for place in (tmp_path / "fifo", "/dev/null", "/dev/stdout"):
        with pytest.raises(OSError, match="is a device or a pipe"):
            save(place, state_dict, CONFIG, TOKENIZER)
    assert stat.S_ISFIFO(os.stat(tmp_path / "fifo").st_mode)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b"], ids=["long", "NUL"])
def test_names_that_no_system_takes_are_found_before_anything_is_done(tmp_path, name):
    with pytest.raises(OSError, match="cannot be a file"):
        checkpoint.Place(tmp_path / name)


def test_a_long_name_that_the_system_takes_is_taken(tmp_path, state_dict):
    save(tmp_path / ("a" * 250), state_dict, CONFIG, TOKENIZER)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_permissions_of_a_file_that_was_there_stay(file, state_dict):
    file.chmod(0o640)
    before = stat.S_IMODE(file.stat().st_mode)
    save(file, state_dict, CONFIG, TOKENIZER)
    assert stat.S_IMODE(file.stat().st_mode) == before


def test_places_that_cannot_be_written_are_named(tmp_path, state_dict):
    with pytest.raises(IsADirectoryError, match="is a folder"):
        save(tmp_path, state_dict, CONFIG, TOKENIZER)
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere"):
        save(tmp_path / "nowhere" / "w.json", state_dict, CONFIG, TOKENIZER)


def damaged(**changes):
    """A change of the file's content, as a function on it."""

    def change(content):
        for path, new in changes.items():
            *parents, last = path.split("__")
            place = content
            for parent in parents:
                place = place[parent]
            if new is ...:
                del place[last]
            else:
                place[last] = new
        return content

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: [], ["format"]),
        (lambda content: "text", ["format"]),
        (damaged(format="another model"), ["format"]),
        (damaged(config=...), ["config"]),
        (damaged(chars=7), ["chars"]),
        (damaged(weights=[]), ["weights"]),
        (damaged(config__n_embd=...), ["'n_embd'", "missing"]),
        (damaged(config__dropout=1), ["'dropout'", "unknown"]),
        (damaged(config__n_layer=10**9), ["15 parameter matrices", "1000000000"]),
        (damaged(config__n_embd=10**9, config__n_head=1), ["'wte'", "1000000000"]),
        (damaged(config__n_head=3), ["n_embd 4", "n_head 3"]),
        (damaged(config__n_embd="four"), ["n_embd", "'four'"]),
        (damaged(chars="ab"), ["2 characters", "vocab_size", "not 6"]),
        (damaged(chars="aabcd"), ["'a' more than once"]),
        (damaged(weights__wte=...), ["'wte'", "missing"]),
        (damaged(weights__extra=[]), ["'extra'", "unknown"]),
        (damaged(weights__wpe=[[1.0] * 4] * 2), ["'wpe'", "2 x 4", "3 x 4"]),
        (damaged(weights__wpe=[[1.0] * 4, [1.0] * 3, [1.0] * 4]), ["'wpe'", "3 x 3 or 4"]),
        (damaged(weights__wpe="rows"), ["'wpe'", "rows"]),
        (damaged(weights__wpe=[["a"] * 4] * 3), ["'wpe'", "'a'"]),
        (damaged(weights__wpe=[[True] * 4] * 3), ["'wpe'", "True"]),
        (damaged(weights__wpe=[[float("nan")] * 4] * 3), ["'wpe'", "nan"]),
        (damaged(weights__wpe=[[10**400] * 4] * 3), ["'wpe'", "too large"]),
    ],
)
def test_damaged_and_foreign_files_are_refused_by_name(file, change, words):
    file.write_text(json.dumps(change(json.loads(file.read_text()))))
    with pytest.raises(ValueError) as caught:
        load(file)
    assert all(word in str(caught.value) for word in [*words, "weights.json"]), str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\x80\x04pickle", b"[" * 100_000, b"import os"], ids=range(5)
)
def test_what_is_not_json_is_refused(file, content):
    file.write_bytes(content)
    with pytest.raises(ValueError, match="not a file of saved weights"):
        load(file)


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        load(tmp_path / "nowhere.json")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        load(tmp_path)


def test_what_could_not_be_loaded_again_is_not_saved(file, state_dict):
    before = file.read_bytes()
    with pytest.raises(ValueError, match="is missing"):
        save(file, {k: m for k, m in state_dict.items() if k != "wte"}, CONFIG, TOKENIZER)
    state_dict["wte"][0][0] = Value(float("nan"))
    with pytest.raises(ValueError, match="'wte' holds nan"):
        save(file, state_dict, CONFIG, TOKENIZER)
    assert file.read_bytes() == before and [p.name for p in file.parent.iterdir()] == [file.name]
