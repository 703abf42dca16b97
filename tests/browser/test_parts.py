"""Pictures as controls, in a real JupyterLab: clicked, dragged, by keys; dark; the next day."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("jupyterlab", reason="the extra `lab` is not installed")
pytest.importorskip("anywidget", reason="the extra `lab` is not installed")

from browser import hands
from browser.lab import Lab, open_notebook, run_all, temporary_folder
from browser.twins import complaint

from classroom.viz.kit.style import contrast
from classroom.viz.mind import WIDE
from tools.browser import open_page, run_cell

LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
READABLE = 10.9  # pixels of the smallest words on a phone: 11, but for what is rounded
GRAPH = "from microgpt import Value, softmax\na, b = Value(2), Value(3)\nc = a * b\nL = c + a\n"
CELLS = [
    "from classroom.widgets import *",
    "NameJourney(step=0)",
    "TemperatureExplorer()",
    'AttentionExplorer("anna", head=1, position=3)',
    "SoftmaxExplorer()",
    "MindExplorer()",
    "LearningRates().set(rate=0.1)",
    GRAPH + 'BackwardStepper(L, {"a": a, "b": b, "c": c, "L": L})',
    'SoftDictionary("oliv").set(q0=4, q1=3, vowel=4)',
    "LogitLens()",
    "TokenizerExplorer()",
    "NamesExplorer()",
    "CostExplorer().set(n_embd=64)",
    "def L(a, b): return a * b + a\nExpressionExplorer(L, a=(2, -5, 5), b=(3, -5, 5))",
]
FINALE = "from classroom.exercises.assembly.whole_run import WholeRun\n"
FINALE += "Finale(WholeRun({'softmax': softmax}, num_steps=2)).advance(2)"
FIRST = 1
MOST_HIGH = 520
LONGEST = "abcdefghijklmno"
MOST_PARTS = 6
BACK = {  # what a click has changed, for the next one
    "NamesExplorer": "beginning=''",
    "TemperatureExplorer": "beginning=''",
    "MindExplorer": "off='', step=0",
    "TokenizerExplorer": "text='emma'",
}
WRITE = "tests_parts.ipynb"
BARS = r"""__import__('re').findall(r'height="([\d.]+)" id="p-', e.picture.data)"""


@pytest.fixture(scope="module")
def lab(chrome):
    with temporary_folder() as folder, Lab(Path(folder)) as running:
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(
            cells=list(map(new_code_cell, [*CELLS, FINALE])), metadata={"kernelspec": kernel}
        )
        nbformat.write(notebook, Path(folder) / "notebooks" / WRITE)
        yield running


@pytest.fixture(scope="module")
def page(chrome, lab):
    page, requests = open_page(chrome, viewport=LAPTOP, reduced_motion="reduce")
    page.set_default_timeout(60_000)
    open_notebook(page, lab.url, WRITE)
    assert run_all(page) and hands.errors(page) == []
    yield page
    assert requests == []
    page.context.close()


def shown(page, cell):
    """The explorer of a cell, ready to be worked."""
    explorer = hands.Shown(page, next(c for c in hands.outputs(page) if c["index"] == cell))
    explorer.root.locator(".mg-view svg").first.wait_for()
    return explorer


@pytest.fixture(params=range(FIRST, len(CELLS)), ids=lambda cell: CELLS[cell].split("(")[0][-20:])
def explorer(page, request):
    return shown(page, request.param)


def test_every_clickable_part_sets_what_it_says(explorer):
    parts = explorer.root.locator(".mg-view [data-set]")
    count = parts.count()
    assert count == explorer.ask("e.picture.data.count('data-set=')")
    for place in sorted({*range(min(count, MOST_PARTS)), count - 1} - {-1}):
        part = explorer.root.locator(".mg-view [data-set]").nth(place)
        wanted = dict(pair.split("=") for pair in part.get_attribute("data-set").split(";"))
        assert part.get_attribute("role") == "button" and part.get_attribute("aria-label")
        part.click(force=True)
        after = explorer.settled()
        for name, value in wanted.items():
            assert str(after["state"][name]) == value, f"{explorer.name}: {wanted} was clicked"
        assert not complaint(explorer.name, after["state"], after["status"])
        if explorer.name in BACK:
            explorer.ask(f"e.set({BACK[explorer.name]})._held")
            explorer.settled()


def test_the_same_by_keyboard(explorer):
    part = explorer.root.locator(".mg-view [data-set]")
    if not part.count():
        pytest.skip("nothing to press")
    wanted = part.last.get_attribute("data-set").split(";")[0].split("=")
    part.last.focus()
    explorer.page.keyboard.press("Enter")
    assert str(explorer.settled()["state"][wanted[0]]) == wanted[1]


@pytest.mark.parametrize("cell, control", [(3, "position"), (7, "step"), (9, "position")])
def test_arrows_go_from_part_to_part(page, cell, control):
    explorer = shown(page, cell)
    explorer.ask(f"e.set({control}=1)._held")
    explorer.settled()
    explorer.root.locator(f"[data-set='{control}=1']").first.focus()
    for key, value in (("ArrowRight", 2), ("ArrowUp", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        here = f"document.activeElement.dataset.set === '{control}={value}'"
        page.wait_for_function(here)
        assert explorer.settled()["state"][control] == value


def test_a_square_is_pointed_at_dragged_and_walked_from_with_keys(page):
    explorer = shown(page, 5)
    explorer.ask("e.set(name='emma', step=0, off='', square='')._held")
    explorer.settled()
    squares = explorer.root.locator(".mg-view [id$='grid-lm_head']")
    box = squares.bounding_box()
    x, y = box["x"] + box["width"] * 12.5 / 27, box["y"] + box["height"] * 11.5 / 16
    page.mouse.move(x, y)
    status = explorer.root.locator("[role=status]")
    pointed = status.filter(has_text="lm_head[12][11] = 0.0335, from number 11 of the stream")
    pointed.first.wait_for()
    page.mouse.down()
    page.mouse.move(x, y + 60, steps=4)
    page.mouse.up()
    dragged = explorer.settled()
    assert dragged["state"]["square"] == "lm_head[12][11]" and dragged["state"]["move"] < -0.5
    assert "Moved by" in dragged["status"] and not complaint(
        explorer.name, dragged["state"], dragged["status"]
    )
    bars = "[id*='-p-']"  # drawn from what changed alone: the kernel's own drawing
    tall = explorer.root.locator(bars).evaluate_all("all => all.map(b => b.getAttribute('height'))")
    assert tall == explorer.ask(BARS) and explorer.ask("e._view.change[1] == e._view.drawn")
    page.mouse.move(x - 50, y)  # what was moved stays while others are passed
    page.keyboard.press("-")
    lower = explorer.settled()["state"]
    assert lower["move"] < dragged["state"]["move"] and lower["square"] == "lm_head[12][11]"
    page.keyboard.press("ArrowRight")
    after = explorer.settled()["state"]
    assert (after["square"], after["move"]) == ("lm_head[13][11]", 0)


def test_it_plays_by_itself_until_it_is_touched_and_stays_with_what_is_seen(chrome, lab, page):
    later, _ = open_page(chrome, viewport=LAPTOP)
    open_notebook(later, lab.url, WRITE)
    for cell in (0, 5):
        run_cell(later, cell)
    explorer = shown(later, 5)
    explorer.root.locator(".mg-view text", has_text="e at place 1").wait_for()
    assert explorer.ask("e.state['step']") == 0  # the page has all drawings
    explorer.root.locator(".mg-view [id$='grid-attn_wo']").click()
    touched = explorer.settled()["state"]
    assert touched["square"].startswith("attn_wo") and 5 < touched["step"] <= 25
    explorer.root.locator(".mg-view text", has_text="with the 15 others").wait_for()
    later.context.close()


def test_the_squares_are_painted_where_the_drawing_has_them(page):
    explorer = shown(page, 5)
    explorer.ask("e.set(name='emma', step=0, off='', square='')._held")
    explorer.settled()
    painted = """root => {
      const canvas = root.querySelector('.mg-canvas'), svg = root.querySelector('.mg-view svg');
      const [a, b] = [canvas, svg].map(one => one.getBoundingClientRect());
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let seen = 0;
      for (let i = 3; i < data.length; i += 4) seen += data[i] > 0;
      return [Math.abs(a.left - b.left) + Math.abs(a.top - b.top), seen / (data.length / 4)];
    }"""
    page.wait_for_timeout(700)
    away, share = explorer.root.evaluate(painted)
    assert away < 2 and 0.15 < share < 0.45


def test_the_page_makes_a_png_of_the_reader_s_mind_beside_the_notebook(page, lab):
    explorer = shown(page, len(CELLS))
    explorer.root.get_by_role("button", name="save").click()
    saved = "Saved as my_mind.svg and my_mind.png, beside this notebook."
    explorer.root.locator("[role=status]").filter(has_text=saved).wait_for()
    png = (lab.folder / "notebooks" / "my_mind.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and len(png) > 20_000  # all squares are in it
    assert struct.unpack(">2I", png[16:24]) == (2 * WIDE.width, 2 * WIDE.height)


HANDLES = [
    (12, "n_embd", ""),
    (4, "a", ""),
    (4, "a", "[data-by]"),
    (6, "rate", ""),
    (8, "q0", ""),
    (13, "a", ""),
]


@pytest.mark.parametrize(("cell", "name", "kind"), HANDLES)
def test_a_handle_is_dragged_and_moved_with_arrows(page, cell, name, kind):
    explorer = shown(page, cell)
    before = explorer.settled()["state"][name]
    handle = explorer.root.locator(f".mg-view [data-drag^='{name} ']{kind}").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=6)
    page.mouse.up()
    after = explorer.settled()
    assert after["state"][name] < before
    assert not complaint(explorer.name, after["state"], after["status"])
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert explorer.settled()["state"][name] > after["state"][name]


def test_axe_finds_nothing_serious_and_every_control_has_a_name(page, axe):
    assert hands.violations(page, axe, ".jp-Notebook .mg-explorer") == []
    named = """() => [...document.querySelectorAll('.widget-play button, .noUi-handle')]
      .map(part => part.getAttribute('aria-label'))"""
    names = page.evaluate(named)
    assert len(names) > 20 and all(names)
    assert {"play or pause", "back to the start", "again and again", "step"} <= set(names)


FITS = """root => {
  const box = root.querySelector('.mg-box');
  return box.clientWidth < 400 && box.scrollWidth <= box.clientWidth + 1;
}"""
NARROW = """root => {
  const svg = root.querySelector('.mg-view svg');
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const sizes = [...svg.querySelectorAll('text')].map(
    one => parseFloat(getComputedStyle(one).fontSize));
  const said = root.querySelector('.mg-said');
  return {
    least: scale * Math.min(...sizes),
    sign: root.querySelector('.mg-more').checkVisibility(),
    cut: said.scrollHeight - said.clientHeight,
    over: root.scrollWidth - root.clientWidth,
  };
}"""


def test_on_a_phone_words_have_their_size_and_nothing_sticks_out(page):
    page.set_viewport_size(PHONE)
    for cell in range(FIRST, len(CELLS) + 1):
        explorer = shown(page, cell)
        page.wait_for_function(FITS, arg=explorer.root.element_handle())
        narrow = explorer.root.evaluate(NARROW)
        assert narrow["least"] > READABLE and not narrow["sign"], (cell, narrow)
        assert max(narrow["cut"], narrow["over"]) <= 1, (cell, narrow)
    page.set_viewport_size(LAPTOP)


def test_what_stays_the_same_is_not_replaced(page):
    explorer = shown(page, 2)
    bar = explorer.root.locator(".mg-view [id$=grow-a]")
    bar.evaluate("bar => { bar.mark = 1; }")
    explorer.ask("e.set(T=1.5)._held")
    explorer.settled()
    assert bar.evaluate("bar => bar.mark") == 1


def test_on_a_laptop_nothing_is_cut_off_and_the_height_stays(explorer):
    assert explorer.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
    box = explorer.root.locator(".mg-view svg").first.bounding_box()
    right = explorer.root.evaluate(
        "root => root.closest('.jp-OutputArea').getBoundingClientRect().right"
    )
    assert box["x"] + box["width"] <= right
    high = {setting: height_after(explorer, setting) for setting in settings(explorer)}
    assert max(high.values()) <= MOST_HIGH
    assert max(high.values()) - min(high.values()) < 1, high


def settings(explorer) -> list[str]:
    """Ends of each control, short and long names, and what is no name: one change each."""
    found = ["set()"]
    for name, kind in explorer.kinds:
        if kind == "Text":
            # The last is a name: the tests that follow find an explorer that complains of nothing.
            texts = ("", "a", "Zo\u00eb", LONGEST, "m" * 15, "zoe")
            found += [f"set({name}={text!r})" for text in texts]
        elif kind == "Dropdown":
            last = "list(e.controls[{!r}]._options_values)[-1]".format(name)
            found.append(f"set({name}={last})")
        elif kind == "Checkbox":
            found += [f"set({name}={on})" for on in (True, False)]
        elif kind == "FloatLogSlider":
            found += [
                f"set({name}=e.controls[{name!r}].base ** e.controls[{name!r}].{end})"
                for end in ("min", "max")
            ]
        elif kind != "SelectionSlider":
            found += [f"set({name}=e.controls[{name!r}].{end})" for end in ("min", "max")]
    return found


def height_after(explorer, setting: str) -> float:
    """How high the explorer is after a change, with its result."""
    if explorer.ask(f"e.{setting}.error"):
        explorer.root.locator(".mg-alert").wait_for()
    else:
        explorer.settled()
    said = explorer.root.locator(".mg-said")
    assert said.evaluate("said => said.scrollHeight <= said.clientHeight + 1"), setting
    return explorer.root.bounding_box()["height"]


@pytest.mark.parametrize("cell", [2, 8, 9, 10])
def test_in_the_dark_theme_text_is_light_on_the_page_s_ground(page, cell):
    explorer = shown(page, cell)
    with theme(page, explorer, "dark", "rgb(17, 17, 17)"):
        inks, ground = explorer.root.evaluate(INKS)
    assert inks
    for ink in inks:
        assert contrast(as_hex(ink), as_hex(ground)) >= 4.5, ink


@contextmanager
def theme(page, explorer, name: str, ground: str) -> Iterator[None]:
    """JupyterLab in the theme of a system that is dark or light. Each is waited for."""
    light = explorer.root.evaluate(GROUND)
    change_theme(page, explorer, name, ground)
    try:
        yield
    finally:
        change_theme(page, explorer, "light", light)


def change_theme(page, explorer, name: str, ground: str) -> None:
    page.emulate_media(color_scheme=name)
    wanted = [explorer.root.element_handle(), ground]
    page.wait_for_function(f"([root, ground]) => ({GROUND})(root) === ground", arg=wanted)


# The colour of the picture's ground.
GROUND = "root => getComputedStyle(root.querySelector('.mg-view svg > rect')).fill"
# The colours of all words that follow the page's theme, and of the ground.
INKS = """root => {
  const fill = element => getComputedStyle(element).fill;
  const words = [...root.querySelectorAll('.mg-view svg text[fill^="var("]')];
  return [[...new Set(words.map(fill))], fill(root.querySelector('.mg-view svg > rect'))];
}"""


def as_hex(colour: str) -> str:
    """``rgb(17, 17, 17)`` as ``#111111``."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def test_a_reader_who_wants_no_motion_gets_none(page):
    explorer = shown(page, 2)
    page.emulate_media(reduced_motion="reduce")
    bar = explorer.root.locator(".mg-view [id$=grow-a]")
    assert bar.evaluate("bar => getComputedStyle(bar).transitionDuration") == "0s"
    page.emulate_media(reduced_motion="no-preference")
    assert bar.evaluate("bar => getComputedStyle(bar).transitionDuration") != "0s"


def test_the_next_day_the_last_picture_is_there_and_wakes_as_it_was_left(chrome, lab, page):
    explorer = shown(page, 1)
    explorer.ask("e.set(step=e.controls['step'].max - 1)._held")
    words = explorer.settled()["status"]
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)
    page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
    for day in ("tomorrow", "the day after"):
        later, _ = open_page(chrome, viewport=LAPTOP)
        open_notebook(later, lab.url, WRITE)
        sleeping = later.locator(".mg-explorer").first
        sleeping.locator(".mg-asleep").wait_for()
        assert "run its cell to wake it" in sleeping.locator(".mg-asleep").inner_text()
        assert sleeping.locator(".mg-view svg").count() == 1 and words, day
        assert "model not found" not in later.locator(".jp-Notebook").inner_text(), day
        later.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        later.wait_for_timeout(1000)
        if day == "tomorrow":
            later.context.close()
    for _ in range(2):  # woken, it stands where it was left; run once more, as its cell says
        for cell in (0, 1):
            run_cell(later, cell)
        status = later.locator(".mg-explorer [role=status]").first
        status.filter(has_text=words).wait_for()
        words = "Step 1 of 36"
    later.context.close()
