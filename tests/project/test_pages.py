"""README and CONTRIBUTING: their commands exist, their links lead somewhere, nothing is missing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from support import NOTEBOOKS, ROOT

from classroom.chapters import table

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("assets/*.md")])
PAGES += sorted(ROOT.glob("docs/*.md"))


def make_targets() -> set[str]:
    """Collect the targets that the Makefile declares."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))


def commands(text: str) -> set[str]:
    """Collect the targets that a page tells its reader to make."""
    code = re.findall(
        r"^(?: {4}|\$ )?(?:`+)?make ([a-z]+)|`make ([a-z]+)", text, flags=re.MULTILINE
    )
    return {first or second for first, second in code}


def anchors(page: Path) -> set[str]:
    """Collect the anchors that a Markdown page's headings get."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> list[str]:
    """List the relative links and pictures of a page that lead nowhere."""
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)", page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    assert dead_links(path) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_exist(path):
    assert commands(path.read_text(encoding="utf-8")) - make_targets() == set()


def test_a_dead_link_and_a_dead_anchor_are_found(tmp_path):
    page = tmp_path / "a.md"
    page.write_text("# One two\n[a](b.md) [c](#one-two) [d](#three) [e](https://x.org)\n", "utf-8")
    assert dead_links(page) == ["b.md", "#three"]


def test_an_unknown_command_is_found():
    assert commands("Run `make lab`.\n\n```\nmake tea\n```\n    make soup X=1\nYou make them.") == {
        *("lab", "tea", "soup")
    }


def test_the_readme_gives_the_two_commands_and_the_other_ways():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"lab", "test"} <= commands(text)
    assert "conda env create -f environment.yml" in text
    assert "python3 -m microgpt" in text
    assert "--data" in text


def test_the_two_maps_are_the_list_of_chapters():
    assert f"| --- |\n{table()}\n\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    start = nbformat.read(NOTEBOOKS[0], as_version=4)
    assert [cell for cell in start.cells if f"| :--- |\n{table('')}\n\n" in cell.source]


def test_the_makefile_explains_each_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE).group(1)
    assert set(phony.split()) == make_targets()


def test_the_numbers_on_the_front_page_are_the_reference_runs():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    figures = json.loads((ROOT / "tests" / "data" / "figures.json").read_text(encoding="utf-8"))
    for run in (figures["names"], figures["makemore"]):
        assert f"{run['num_docs']:,}" in text
        assert ", ".join(f"`{name}`" for name in run["samples"][:3]) in text
        assert f"{run['num_params']:,} parameters" in text
        assert f"{len(run['losses']):,} losses" in text
        assert f"{len(run['samples'])} names" in text


def test_the_names_at_the_top_are_the_reference_runs_and_in_no_list():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```\n(.*?)\n```", text, flags=re.DOTALL).group(1).split()
    figures = json.loads((ROOT / "tests" / "data" / "figures.json").read_text(encoding="utf-8"))
    listed = set((ROOT / "assets" / "names.txt").read_text(encoding="utf-8").split())
    assert len(shown) == 8 and set(shown) <= set(figures["names"]["samples"])
    assert not set(shown) & listed


def test_the_words_of_the_film_on_the_front_page_are_those_of_the_run():
    film = json.loads((ROOT / "assets" / "film.json").read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.search(r"ripen from (\w+) to ([\w, ]+)\.", text)
    assert told[1] in film["names"][0] and set(told[2].split(", ")) <= set(film["names"][-1])
    for name in re.findall(r"assets/images/\w+\.webp", text):
        assert 10_000 < (ROOT / name).stat().st_size < 600_000


def test_the_numbers_about_the_names_are_right():
    text = (ROOT / "assets" / "README.md").read_text(encoding="utf-8")
    names = (ROOT / "assets" / "names.txt").read_text(encoding="utf-8").splitlines()
    assert f"{len(names):,} first names" in text
    assert f"{len(set(names)):,} of them different" in text
    assert f"the longest has {max(map(len, names))} letters" in text


def test_the_programs_behind_the_commands_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    programs = [f"{name.replace('.', '/')}.py" for name in re.findall(r"tools(?:\.\w+)+", makefile)]
    assert len(programs) > 5
    assert [name for name in programs if not (ROOT / name).is_file()] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_lists_the_commands():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    listed = re.findall(r"^  ([a-z]+) ", done.stdout, flags=re.MULTILINE)
    assert set(listed) == make_targets()
