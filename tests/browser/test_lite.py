"""The site that runs in the browser: served from a subfolder, every other host out of reach.

It is tried where `make lite` has built it: two chapters cell by cell, all of them where the
variable ``MICROGPT_LITE`` says ``all``; and what a visitor leaves behind and finds again.
Times are printed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from support import NOTEBOOKS, ROOT

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")

from browser import hands

from tools.browser import in_kernel, open_page, run_cell
from tools.lite import visit
from tools.lite.build import OUT

EVERY = [path.name for path in NOTEBOOKS]
SOME = [name for name in EVERY if name[:2] in ("01", "09")]
FIRST, SECOND = EVERY[:2]
CHOSEN = EVERY if os.environ.get("MICROGPT_LITE") == "all" else SOME
SITE_MB, FIRST_VISIT_MB = 59, 45
PHONE = {"width": 390, "height": 844}
# Controls that say how the next run will be: nothing to see before it starts.
SILENT = {"LiveTraining", "Finale"}


@pytest.fixture(scope="module")
def site():
    """The built site."""
    if not (OUT / "index.html").is_file():
        missing = "browser tests: no site in build/lite, which `make lite` builds"
        if os.environ.get("MICROGPT_LITE"):
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    return OUT


@pytest.fixture(scope="class")
def chapter(request, chrome, site):
    """A chapter, opened by a first visitor and run cell by cell.

    Its name, the page, times, bytes sent, requests to other hosts. The browser knows nothing of
    the site before, as a visitor's does not.
    """
    page, requests = open_page(chrome)
    with visit.serve(site) as address:
        times = visit.open_chapter(page, address, request.param)
        sent = visit.Server.sent
        taken = sum(visit.run_cells(page).values())
        yield request.param, page, {**times, "run": taken}, sent, requests
        page.context.close()


class AChapter:
    """What holds of every chapter in the browser's own kernel."""

    def test_it_gives_its_stored_outputs(self, chapter, site, record_property):
        name, page, times, sent, _ = chapter
        record_property(
            "reaction",
            f"{name} in the browser alone: readable {times['readable']:.1f} s, Python "
            f"{times['kernel']:.1f} s, all cells {times['run']:.1f} s; {sent / 1e6:.1f} MB",
        )
        assert visit.differences(site / "files" / name, visit.cells(page)) == []

    def test_a_first_visit_fetches_little_and_nothing_from_elsewhere(self, chapter):
        _, _, _, sent, requests = chapter
        assert sent < FIRST_VISIT_MB * 1e6
        assert requests == []
        assert visit.Server.missing == []

    def test_every_explorer_moves(self, chapter):
        _, page, *_ = chapter
        for cell in hands.outputs(page):
            if any(hands.WIDGET_VIEW in output.get("data", {}) for output in cell["outputs"]):
                explorer = hands.Shown(page, cell)
                explorer.settled()
                explorer.watch()
                if explorer.name in SILENT:
                    start, stop, *_ = explorer.row.locator("button").all()
                    start.click()
                    explorer.reaction()
                    stop.click()
                else:
                    movable = (explorer.control(at) for at in range(len(explorer.kinds)))
                    control = next(c for c in movable if c.is_visible() and hands.options(c) > 1)
                    hands.by_keyboard(page, control)
                    explorer.reaction()


# Two classes, so that two processes can share the chapters.
@pytest.mark.parametrize("chapter", CHOSEN[0::2], indirect=True)
class TestOneHalf(AChapter):
    """Every other chapter."""


@pytest.mark.parametrize("chapter", CHOSEN[1::2], indirect=True)
class TestTheOtherHalf(AChapter):
    """The rest."""


def test_the_site_opens_with_a_page_that_says_what_it_is(chrome, site, axe):
    page, requests = open_page(chrome, viewport=PHONE)
    with visit.serve(site) as address:
        page.goto(address)
        assert page.get_by_role("heading", name="How a GPT works").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.querySelector('figure img').naturalWidth") > 300
        assert hands.violations(page, axe) == []
        links = page.locator("ol a").evaluate_all("all => all.map(one => one.href)")
        assert [link.split("path=")[1] for link in links] == EVERY
        page.get_by_role("link", name="Begin with chapter 0").click()
        page.wait_for_url(f"**/notebooks/index.html?path={FIRST}")
        page.evaluate("name => localStorage.setItem('course-last', name)", SECOND)
        page.goto(address)
        assert page.get_by_role("link", name="Go on with chapter 1").is_visible()
        page.goto(f"{address}?chapter=01")
        page.wait_for_url(f"**/notebooks/index.html?path={SECOND}")
    assert requests == []
    page.context.close()


def test_until_python_is_there_the_first_picture_is_a_film_that_can_be_stopped(chrome, site, axe):
    page, requests = open_page(chrome)
    stop = page.get_by_role("button", name="Stop the film")
    with visit.serve(site) as address:
        page.goto(address)
        shown = "image => image.currentSrc"
        assert page.locator("figure img").evaluate(shown).endswith("/mind.webp")
        assert hands.violations(page, axe) == []
        stop.click()
        assert page.locator("figure img").evaluate(shown).endswith("/mind.svg")
        visit.read_chapter(page, address, FIRST)
        stop.wait_for()
        film = page.get_by_role("img", name="A film")
        assert film.evaluate(shown).endswith("/mind.webp")
        assert hands.violations(page, axe, "#course") == []
        stop.click()
        film.wait_for(state="detached")
        assert page.get_by_role("img", name="All 4,192 weights").first.is_visible()
        page.emulate_media(reduced_motion="reduce")
        page.goto(address)
        assert stop.count() == 0
        assert page.locator("figure img").evaluate(shown).endswith("/mind.svg")
    assert requests == []
    page.context.close()


def test_a_chapter_runs_where_stacks_cannot_be_switched(site):
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node, which stands in for Safari")
    script = Path(__file__).with_name("without_switching.js")
    command = [node, str(script), str(site), "02_backward.ipynb"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    told = json.loads(done.stdout)
    assert told["switches"] is False
    assert len(told["cells"]) > 20
    assert [cell for cell in told["cells"] if cell["status"] != "ok"] == []


def test_the_site_is_small(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < SITE_MB * 1e6


def test_no_file_of_the_site_names_a_folder_of_this_machine(site):
    named = [
        path.name
        for path in site.rglob("*.json")
        if str(ROOT) in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert named == []


@pytest.fixture
def laid(site, tmp_path):
    """A copy of the site that a test may change: another build is laid over it."""
    return shutil.copytree(site, tmp_path / "site", copy_function=os.link)


def lay_newer(site, name):
    """Lay a newer version of a chapter over a site."""
    path, course = site / "files" / name, site / "course.json"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    told = json.loads(course.read_text(encoding="utf-8"))
    told["versions"][name] = notebook["metadata"]["course"]["version"] = "newer"
    notebook["cells"][0]["source"] = "# Renewed\n" + notebook["cells"][0]["source"]
    for place, content in ((path, notebook), (course, told)):
        place.unlink()  # the file is shared with the site that it was copied from
        place.write_text(json.dumps(content), encoding="utf-8")


def answer(page, code: str | None = None) -> str:
    """Answer the chapter's first exercise and run its check; return what the check says.

    Without an answer, the chapter's own solution is given.
    """
    sources = page.evaluate(
        "() => jupyterapp.shell.currentWidget.content.widgets.map("
        "cell => cell.model.sharedModel.getSource())"
    )
    stub = next(index for index, source in enumerate(sources) if 'check("0.1"' in source)
    solution = next(source for source in sources[stub:] if "<summary>Solution" in source)
    own = re.search(r"<summary>Solution.*?```python\n(.*?)```", solution, re.DOTALL)[1]
    check = sources[stub][sources[stub].index("check(") :]
    page.evaluate(
        "([index, source]) => jupyterapp.shell.currentWidget.content.widgets[index]"
        ".model.sharedModel.setSource(source)",
        [stub, f"{code or own}\n{check}"],
    )
    imports = next(
        index for index, source in enumerate(sources) if "nothing_in_the_way()" in source
    )
    for index in (imports, stub):
        run_cell(page, index)
    outputs = visit.cells(page)[stub]["outputs"]
    return "".join(each["text"] for each in outputs if each["output_type"] == "stream")


def saved(page) -> None:
    """Wait until the browser has kept what was changed."""
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")


def solved(page) -> list[str]:
    """The exercises that are solved, as the kernel knows them."""
    code = "from classroom.exercises.kit.logbook import known\n"
    code += "answer = [name for name, status in known().exercises.items() if status == 'right']"
    return in_kernel(page, code)


def test_work_outlives_the_tab_and_travels_as_a_file(chrome, laid, tmp_path, axe):
    page, _ = open_page(chrome, viewport=PHONE, accept_downloads=True)
    with visit.serve(laid) as address:
        visit.open_chapter(page, address, FIRST)
        assert page.locator(".jp-OutputArea picture").count() >= 3  # their form for a phone, too
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0
        endless = answer(page, "def next_letters(name):\n    while True:\n        pass\n")
        assert endless.startswith("✗ 0.1")
        assert "seconds" in endless
        assert answer(page).startswith("✓ 0.1")
        assert len(solved(page)) == 1
        explorer = next(
            cell["index"] for cell in visit.cells(page) if "MindExplorer(" in str(cell["outputs"])
        )
        run_cell(page, explorer)
        page.locator(".mg-view svg").first.wait_for()
        assert page.locator(".mg-view svg").first.bounding_box()["width"] <= PHONE["width"]
        for part in (".mg-explorer", "#course"):
            assert hands.violations(page, axe, part) == []
        foot = page.locator("#course").bounding_box()["y"]
        chapter = page.locator(".jp-NotebookPanel-notebook").bounding_box()
        assert chapter["y"] + chapter["height"] <= foot + 1
        page.evaluate("() => jupyterapp.shell.currentWidget.context.save()")
        saved(page)
        page.locator(".mg-explorer .noUi-handle").first.press("ArrowRight")  # saved without a word
        page.wait_for_function("() => jupyterapp.shell.currentWidget.context.model.dirty")
        saved(page)
        readout = page.locator(".mg-explorer .widget-readout").first.inner_text()
        context = page.context
        page.close()

        again = context.new_page()
        visit.open_chapter(again, address, FIRST)
        shown = [str(cell["outputs"]) for cell in visit.cells(again)]
        assert any("✓" in outputs for outputs in shown)
        assert len(solved(again)) == 1
        asleep = again.locator(".mg-explorer:has(.mg-view svg) .mg-asleep")
        asleep.filter(has_text="run its cell to wake it").wait_for()
        assert again.get_by_text("Loading widget").count() == 0
        assert again.locator(".mg-explorer .widget-readout").first.inner_text() == readout
        again.get_by_role("button", name="My work").click()
        with again.expect_download() as download:
            again.get_by_role("button", name="Save to a file").click()
        download.value.save_as(tmp_path / "progress.json")
        context.close()

        elsewhere, _ = open_page(chrome)
        visit.open_chapter(elsewhere, address, SECOND)
        assert solved(elsewhere) == []
        elsewhere.get_by_role("button", name="My work").click()
        elsewhere.locator("#course-work input[type=file]").set_input_files(
            tmp_path / "progress.json"
        )
        elsewhere.get_by_text("Brought back: 1 exercises.").wait_for()
        assert len(solved(elsewhere)) == 1
        elsewhere.context.close()


def test_a_newer_build_does_not_cost_a_visitors_work(chrome, laid):
    page, _ = open_page(chrome)
    with visit.serve(laid) as address:
        visit.read_chapter(page, address, SECOND)  # looked at, never changed
        visit.read_chapter(page, address, FIRST)
        page.evaluate("() => jupyterapp.shell.currentWidget.context.ready")
        page.evaluate(
            """() => {
              const cell = jupyterapp.shell.currentWidget.content.widgets.at(-1);
              cell.model.sharedModel.setSource('my own words');
            }"""
        )
        saved(page)
        time.sleep(1)  # a file's time has seconds: the newer one must be newer
        lay_newer(laid, FIRST)
        lay_newer(laid, SECOND)

        visit.read_chapter(page, address, SECOND)
        page.get_by_role("heading", name="Renewed").wait_for()
        assert page.get_by_role("button", name="Take the new one").count() == 0

        visit.read_chapter(page, address, FIRST)
        assert page.get_by_role("heading", name="Renewed").count() == 0
        page.get_by_role("button", name="Take the new one").click()
        page.get_by_role("heading", name="Renewed").wait_for()
        kept = page.evaluate(
            """async () => {
              const contents = jupyterapp.serviceManager.contents;
              const names = (await contents.get('')).content.map(file => file.name);
              const older = names.filter(name => name.includes('(older, '));
              const {content} = await contents.get(older[0], {content: true});
              return [older.length, content.cells.at(-1).source];
            }"""
        )
        assert kept == [1, "my own words"]
        page.context.close()
