"""Reading documents: the shipped list, and files of every kind."""

from __future__ import annotations

import hashlib

import pytest

from microgpt import asset_path, load_docs
from microgpt.data import printable


def test_the_shipped_names_are_those_of_the_recipe():
    digest = hashlib.sha256(asset_path("names.txt").read_bytes()).hexdigest()
    assert digest == "bd02dfd33179e23ec2dd093cbd4de619834f75d660ef1ae04d3127e7a0110053"
    docs = load_docs()
    assert (len(docs), len(set(docs)), max(map(len, docs))) == (32257, 29693, 15)


@pytest.mark.parametrize(
    "content",
    [
        b"emma\nava\n",
        b"emma\r\nava\r\n",
        b"\xef\xbb\xbfemma\nava",
        b"\n\n  emma \n\t\nava\n\n",
        b"emma\rava",
    ],
    ids=["plain", "CRLF", "byte-order mark", "blank lines", "old Mac"],
)
def test_line_ends_marks_and_blanks_do_not_matter(tmp_path, content):
    file = tmp_path / "names.txt"
    file.write_bytes(content)
    assert load_docs(file) == ["emma", "ava"]


def test_one_line_is_enough(tmp_path):
    file = tmp_path / "one.txt"
    file.write_text("emma")
    assert load_docs(str(file)) == ["emma"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["holds no document"]),
        (b" \n \n", ["holds no document"]),
        (b"ab\xff\xfe", ["UTF-8", "byte 2", "0xff"]),
    ],
)
def test_files_without_documents_are_refused_by_name(tmp_path, content, words):
    file = tmp_path / "bad.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError) as caught:
        load_docs(file)
    assert all(word in str(caught.value) for word in [*words, "bad.txt"])


def test_missing_files_and_folders_are_refused_by_name(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file .*nowhere.txt"):
        load_docs(tmp_path / "nowhere.txt")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        load_docs(tmp_path)
    address = "https://names.example/list.txt"
    with pytest.raises(FileNotFoundError, match=f"a file is wanted.* `curl -o list.txt {address}`"):
        load_docs(address)
    with pytest.raises(FileNotFoundError, match="shipped file 'nothing.txt' is missing"):
        asset_path("nothing.txt")


def test_composed_and_decomposed_letters_are_one_name_and_that_is_said(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("ren\u00e9\nrene\u0301\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="NFC"):
        assert load_docs(file) == ["ren\u00e9"] * 2


@pytest.mark.parametrize("char, code", [("\u200b", "U\\+200B"), ("\u202e", "U\\+202E")])
def test_invisible_characters_are_named_with_line_and_code_point(tmp_path, char, code):
    file = tmp_path / "names.txt"
    file.write_text(f"anna\nbo{char}b\n", encoding="utf-8")
    with pytest.warns(UserWarning, match=f"line 2 .* {code}"):
        assert load_docs(file) == ["anna", f"bo{char}b"]


@pytest.mark.parametrize("char", ["\0", "\x1b", "\x07", "\x85x"])
def test_control_characters_are_refused_with_line_and_code_point(tmp_path, char):
    file = tmp_path / "names.txt"
    file.write_text(f"anna\nbo{char}b\n", encoding="utf-8")
    with pytest.raises(ValueError, match=f"line 2 .*U\\+00{ord(char[0]):02X}"):
        load_docs(file)


def test_what_is_printed_never_steers_the_terminal():
    assert printable("zo\xeb \x1b[2J\u202e\u3000") == "zo\xeb \\x1b[2J\\u202e\u3000"
