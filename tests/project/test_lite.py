"""The site that runs in the browser: pinned parts, the lock file, what is changed in its pages."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import marshal
import tarfile
import threading
import zipfile
from types import SimpleNamespace

import pytest
import yaml
from nbformat import from_dict
from support import NOTEBOOKS, ROOT

from tools.lite import build, lockfile, pages, parts, pins, slim

FILES = {"one.whl": b"first", "two.wasm": b"second"}


@pytest.fixture
def pinned(monkeypatch, tmp_path):
    """Two pinned files instead of Pyodide's, a cache, and no way out."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    monkeypatch.setattr(parts, "pyodide_files", lambda: digests)

    def no_index(*_, **__):
        raise parts.Unavailable("no network")

    monkeypatch.setattr(parts, "_pip_download", no_index)
    return tmp_path / "cache"


def lay(folder, files=FILES):
    """Write files into a new folder."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def packed(tmp_path, kind):
    """A release as a folder, a zip archive or a tar archive."""
    folder = lay(tmp_path / "release")
    if kind == "folder":
        return folder
    place = tmp_path / f"release.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(place, "w") as archive:
            for name in FILES:
                archive.write(folder / name, f"deep/inside/{name}")
    else:
        with tarfile.open(place, "w:bz2") as archive:
            archive.add(folder, "pyodide")
    return place


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.bz2"])
def test_parts_are_taken_from_what_is_named_and_kept(pinned, tmp_path, kind):
    got = parts.fetch_pyodide(pinned, packed(tmp_path, kind), "file:///nowhere/")
    assert {path.name: path.read_bytes() for path in got} == FILES
    assert parts.fetch_pyodide(pinned, None, "file:///nowhere/") == got  # from the cache alone


def test_parts_come_from_a_release_on_the_network(pinned, tmp_path):
    folder = lay(tmp_path / "0.0")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        got = parts.fetch_pyodide(pinned, None, address)
        server.shutdown()
    assert {path.name: path.read_bytes() for path in got} == FILES


def test_other_bytes_are_refused_wherever_they_come_from(pinned, tmp_path):
    wrong = lay(tmp_path / "wrong", FILES | {"two.wasm": b"something else"})
    with pytest.raises(parts.Unavailable, match=r"1 files .* two\.wasm among them"):
        parts.fetch_pyodide(pinned, wrong, "file:///nowhere/")
    assert not (pinned / "two.wasm").exists()


def test_a_damaged_file_in_the_cache_is_fetched_again(pinned, tmp_path):
    release = lay(tmp_path / "release")
    parts.fetch_pyodide(pinned, release, "file:///nowhere/")
    (pinned / "one.whl").write_bytes(b"damaged")
    parts.fetch_pyodide(pinned, release, "file:///nowhere/")
    assert (pinned / "one.whl").read_bytes() == FILES["one.whl"]


def test_pins_hold_all_that_is_wanted_each_with_a_digest():
    held = pins.read_pins()
    names = pins.closure(held["packages"], pins.WANTED)
    assert sorted(held["packages"]) == names
    assert set(held["core"]) == set(pins.CORE)
    digests = [*held["core"].values(), *(each["sha256"] for each in held["packages"].values())]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in digests)


def test_wheels_from_the_index_are_pinned_with_a_digest():
    lines = parts.WHEELS.read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        requirement, digest = line.split(" --hash=sha256:")
        name, _, version = requirement.partition("==")
        assert version and name in {*lockfile.ADDED, "sphinx-ext-vizjs"}
        assert len(bytes.fromhex(digest)) == 32


@pytest.fixture
def lock(tmp_path):
    """A lock file with every wheel that is added, all of them empty."""
    wheels = [tmp_path / f"{name.replace('-', '_')}-1-py3-none-any.whl" for name in lockfile.ADDED]
    course = tmp_path / "microgpt_course-1-0abc-py3-none-any.whl"
    for path in (*wheels, course):
        path.write_bytes(path.name.encode())
    return lockfile.site_lock(wheels, course)


def test_the_lock_file_lists_all_that_is_loaded_and_nothing_twice(lock):
    listed = pins.closure(lock["packages"], lockfile.AT_START)
    assert {"matplotlib", "ipywidgets", "anywidget", lockfile.COURSE} <= set(listed)
    assert not lockfile.LEFT_OUT & set(lock["packages"])
    course = lock["packages"][lockfile.COURSE]
    assert course["imports"] == ["microgpt", "classroom", "microgpt_course"]
    name = "microgpt_course-1-0abc-py3-none-any.whl"
    assert course["sha256"] == hashlib.sha256(name.encode()).hexdigest()


def test_fonts_get_the_version_that_matplotlib_looks_for(tmp_path):
    wheel = tmp_path / "matplotlib-3-cp312-cp312-wasm32.whl"
    own, other = {"fname": "fonts/ttf/a.ttf"}, {"fname": "/usr/share/fonts/b.ttf"}
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("matplotlib/font_manager.py", "class F:\n    __version__ = 330\n")
        archive.writestr(
            slim.FONTS, json.dumps({"_version": 390, "afmlist": [], "ttflist": [own, other]})
        )
    with zipfile.ZipFile(slim.slim(wheel, tmp_path)) as archive:
        assert json.loads(archive.read(slim.FONTS)) == {
            "_version": 330,
            "afmlist": [],
            "ttflist": [own],
        }


def test_a_wheel_loses_what_no_page_uses_and_its_name_tells_its_content(tmp_path):
    for text in ("a = 1\n", "a = 2\n"):
        files = {"one/a.py": text, "one/a.pyi": "a: int", "one-1.data/data/share/x.js": "page"}
        with zipfile.ZipFile(tmp_path / "one-1-py3-none-any.whl", "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        slim.slim(tmp_path / "one-1-py3-none-any.whl", tmp_path)
    made = sorted(path for path in tmp_path.iterdir() if "-1-0" in path.name)
    assert len(made) == 2
    for path in made:
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["one/a.py"]


def test_what_a_start_imports_is_compiled_by_a_python_of_the_sites_version(monkeypatch, tmp_path):
    source = tmp_path / "library.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("json/decoder.py", "def f():\n    return 1 / 0\n")
        archive.writestr("traitlets/config/loader.py", "a = 1\n")
        archive.writestr("never.py", "a = 1\n")
    assert pins.read_pins()["info"]["python"].startswith("3.12.")
    monkeypatch.setattr(slim.sys, "version_info", (3, 12, 1))
    slim.rewrite(source, tmp_path / "site.zip", slim.PACKAGES)
    cached, alone = "json/__pycache__/decoder.cpython-312.pyc", "traitlets/config/loader.pyc"
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.namelist() == [cached, "json/decoder.py", "never.py", alone]
        code = marshal.loads(archive.read(cached)[16:])
    assert code.co_filename == f"{slim.PACKAGES}/json/decoder.py"
    slim.rewrite(source, tmp_path / "site.zip", slim.LIBRARY)
    assert "json/decoder.pyc" in zipfile.ZipFile(tmp_path / "site.zip").namelist()
    monkeypatch.setattr(slim.sys, "version_info", (3, 11, 7))
    slim.rewrite(source, tmp_path / "site.zip", slim.PACKAGES)
    names = zipfile.ZipFile(tmp_path / "site.zip").namelist()
    assert names == ["json/decoder.py", "never.py", "traitlets/config/loader.py"]


def test_another_jupyterlite_is_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<head></head>", encoding="utf-8")
    with pytest.raises(RuntimeError, match="0 times, not once"):
        pages.patch(page, {"<title>": "<h1>"})
    pages.patch(page, {"<head>": "<head><title>"})
    assert page.read_text(encoding="utf-8") == "<head><title></head>"


def test_texts_of_notebooks_become_strings():
    data = {"text/plain": ["a\n", "b"], "application/json": ["kept"], "image/svg+xml": "<svg/>"}
    cells = [
        {"source": ["x\n", "y"], "outputs": [{"text": ["1\n", "2"]}, {"data": data}]},
        {"source": "whole"},
    ]
    code, text = pages.joined({"cells": cells})["cells"]
    assert code["source"] == "x\ny"
    assert code["outputs"][0]["text"] == "1\n2"
    assert code["outputs"][1]["data"] == {**data, "text/plain": "a\nb"}
    assert text["source"] == "whole"


def test_of_a_stored_picture_the_page_gets_what_it_shows():
    html = '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="words">'
    data = {"text/html": [html], "image/png": "abc", "text/plain": "alt"}
    only = {"image/png": "abc", "text/plain": "alt"}
    pages.joined({"cells": [{"source": "x", "outputs": [{"data": d} for d in (data, only)]}]})
    assert data == {"text/html": html, "text/plain": "alt"}
    assert only == {"image/png": "abc", "text/plain": "alt"}


def test_a_site_is_built_again_only_if_something_changed(monkeypatch, tmp_path, capsys):
    built = []

    def pretend(out, named):
        built.append(named)
        out.mkdir(exist_ok=True)
        (out / "index.html").write_text("course")

    monkeypatch.setattr(build, "build", pretend)
    out = tmp_path / "lite"
    for digest in ("a", "a", "b"):
        monkeypatch.setattr(build, "inputs_digest", lambda digest=digest: digest)
        assert build.main(["--out", str(out)]) == 0
    assert len(built) == 2
    build.main(["--out", str(out), "--again"])
    assert len(built) == 3
    assert capsys.readouterr().out.count("to try it") == 4


def test_what_cannot_be_had_is_said_in_one_line(monkeypatch, tmp_path, capsys):
    def fail(out, named):
        raise parts.Unavailable("3 files of Pyodide are not to be had")

    monkeypatch.setattr(build, "build", fail)
    assert build.main(["--out", str(tmp_path / "lite")]) == 1
    assert capsys.readouterr().err == "lite: not built: 3 files of Pyodide are not to be had\n"


def test_every_notebook_is_in_the_content_and_tells_its_version(tmp_path):
    versions = build.fill_content(tmp_path / "content")
    assert list(versions) == [path.name for path in NOTEBOOKS]
    for name, version in versions.items():
        notebook = json.loads((tmp_path / "content" / name).read_text(encoding="utf-8"))
        assert notebook["metadata"]["course"] == {"version": version}
        assert notebook["metadata"]["kernelspec"]["name"] == "python"


@pytest.mark.parametrize(
    ("lite", "address"),
    [
        ("lite/", "../lite/notebooks/index.html?path=05_attention.ipynb"),
        ("../../lite/", "../../../lite/notebooks/index.html?path=05_attention.ipynb"),
        ("https://a.org/b", "https://a.org/b/notebooks/index.html?path=05_attention.ipynb"),
    ],
)
def test_a_page_of_the_book_opens_its_chapter_where_it_runs(lite, address):
    pytest.importorskip("mdit_py_plugins", reason="the extra `book` is not installed")
    from tools import book

    notebook = SimpleNamespace(cells=[SimpleNamespace(source="# Title")])
    book.with_button(notebook, "05_attention.ipynb", lite)
    assert f'href="{address}"' in notebook.cells[0].source


def test_without_a_site_the_book_has_no_button():
    pytest.importorskip("mdit_py_plugins", reason="the extra `book` is not installed")
    from tools import book

    notebook = SimpleNamespace(cells=[SimpleNamespace(source="# Title")])
    book.with_button(notebook, "05_attention.ipynb", "")
    assert notebook.cells[0].source == "# Title"


def test_the_workflow_uses_the_commands_of_the_course():
    text = (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["build"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[:2] == ["make lite", "make book BOOK_ARGS=--lite=lite/"]
    assert "mv build/lite build/site/lite" in commands[2]


def test_outputs_are_compared_as_nbval_does_measurements_aside():
    pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
    from tools.lite.visit import compared

    stream = {"output_type": "stream", "name": "stdout"}
    shown = {"output_type": "display_data", "metadata": {}}
    image = "<img src='data:image/svg+xml;base64,PHN2Zy8+'"
    outputs = [
        {**stream, "text": "580 nodes, 400 bytes each\n"},
        {**stream, "text": "and more\n"},
        {**shown, "data": {"image/png": "abc", "text/plain": "A picture."}},
        {**shown, "data": {"text/html": f"{image} alt='A dot.'>"}},
    ]
    assert compared(from_dict(outputs)) == [
        "stdout: 580 nodes, some bytes each",
        "stdout: and more",
        "text/plain: A picture.",
        "text/html: <img src='data:image' alt='A dot.'>",
    ]
