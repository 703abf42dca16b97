"""Every notebook in a real JupyterLab: its explorers and what they need run, each worked by hand.

That all cells run is nbval's to show, and the browser edition's: here it would cost minutes.
One server and one browser for all, one page a notebook. Reaction times are printed at the end.
"""

from __future__ import annotations

import functools
import json
import math
import time
from pathlib import Path

import pytest
from support import NOTEBOOKS, ROOT

pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
pytest.importorskip("jupyterlab", reason="the extra `lab` is not installed")

from browser import hands
from browser.lab import Lab, open_notebook, temporary_folder
from browser.twins import complaint

import classroom.widgets
from classroom.exercises.kit.needed import needed_cells
from classroom.widgets.base import Explorer
from tools.browser import another_page, open_page, run_cell

NAMES = [path.name for path in NOTEBOOKS]
# Controls that say how the next run will be: nothing to see before it starts.
SILENT = {("LiveTraining", "engine"), ("LiveTraining", "learning_rate")}
FIGURES = json.loads((ROOT / "tests" / "data" / "figures.json").read_text(encoding="utf-8"))


@functools.cache
def explorer_names() -> tuple[str, ...]:
    """The names of all explorers of the course."""
    import importlib
    import pkgutil

    for module in pkgutil.iter_modules(classroom.widgets.__path__, "classroom.widgets."):
        importlib.import_module(module.name)
    found, new = set(), {Explorer}
    while new:
        new = {kind for parent in new for kind in parent.__subclasses__()}
        found |= {kind.__name__ for kind in new if kind.__module__.startswith("classroom.widgets.")}
    return tuple(sorted(found))


def read_cells(name: str) -> list[dict]:
    """The cells of a notebook as they are stored."""
    return json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]


def explorers_of(cells: list[dict]) -> list[str]:
    """The explorers that cells show, by the lines that are stored for them."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    lines = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    starts = [line.partition("(")[0] for line in lines if "(" in line]
    return [start for start in starts if start in explorer_names()]


def cells_to_run(name: str) -> list[int]:
    """The cells that show an explorer, and those that they need, by their place in the notebook."""
    cells = read_cells(name)
    code = [index for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    sources = ["".join(cells[index]["source"]) for index in code]
    wanted = {place for place, index in enumerate(code) if explorers_of([cells[index]])}
    for place in sorted(wanted):
        wanted |= set(needed_cells(sources[:place], sources[place]))
    return [code[place] for place in sorted(wanted)]


@pytest.fixture(scope="module")
def lab(chrome):
    """One JupyterLab for all notebooks; after the browser, so that a missing one costs nothing."""
    with temporary_folder() as folder, Lab(Path(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def first_page(chrome, lab):
    """The first page of a reader; JupyterLab, once fetched, is at hand for the next ones."""
    page, _ = open_page(chrome, reduced_motion="reduce")  # nothing plays by itself
    yield page
    page.context.close()


UNSAVED = "() => jupyterapp.shell.currentWidget.context.model.dirty"


@pytest.fixture(scope="module", params=NAMES)
def opened(request, first_page, lab):
    """A page with a notebook whose explorers run; what it asked other hosts for."""
    page, requests = another_page(first_page.context)
    page.set_default_timeout(60_000)
    open_notebook(page, lab.url, request.param)
    page.wait_for_timeout(300)
    assert not page.evaluate(UNSAVED), "opened only, it counts as changed"
    for index in cells_to_run(request.param):
        run_cell(page, index)
    yield request.param, page, requests
    # No kernel and no dialog about unsaved changes is left to the next notebook.
    page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
    page.close()


@pytest.fixture
def explorers(opened):
    """The explorers on the page."""
    _, page, *_ = opened
    cells = [
        cell
        for cell in hands.outputs(page)
        if any(hands.WIDGET_VIEW in output.get("data", {}) for output in cell["outputs"])
    ]
    return page, cells


def test_every_explorer_is_shown_and_no_cell_failed(opened, explorers):
    name, *_ = opened
    page, cells = explorers
    assert hands.errors(page) == []
    assert [hands.Shown(page, cell).name for cell in cells] == explorers_of(read_cells(name))
    for cell in cells:
        shown = hands.Shown(page, cell).settled()
        assert shown["width"] > 200, f"{name}: the picture is {shown['width']} pixels wide"
        assert shown["alt"] and shown["status"] and not shown["alert"]


@pytest.mark.parametrize("hand", ["keyboard", "mouse"])
def test_every_control_moves_picture_and_words(explorers, hand, record_property):
    page, cells = explorers
    for cell in cells:
        explorer = hands.Shown(page, cell)
        for position, (name, _) in enumerate(explorer.kinds):
            control = explorer.control(position)
            if control.is_visible() and hands.options(control) > 1:
                move(explorer, name, position, hand, record_property)


def move(explorer: hands.Shown, name: str, position: int, hand: str, record_property) -> None:
    """Move one control; what is shown must change, and to what is right."""
    control, page = explorer.control(position), explorer.page
    control.scroll_into_view_if_needed()
    before = explorer.settled()
    explorer.watch()
    (hands.by_keyboard if hand == "keyboard" else hands.by_mouse)(page, control)
    place = f"{explorer.name}.{name}"
    if (explorer.name, name) in SILENT:
        wait_for(lambda: explorer.ask(f"e.state[{name!r}]") != before["state"][name], place)
    else:
        try:
            milliseconds = explorer.reaction()
        except Exception:
            pytest.fail(f"{place}, moved by {hand}: nothing that is shown changed", pytrace=False)
        record_property("reaction", f"{place} by {hand}: {milliseconds:.0f} ms")
    after = explorer.settled()
    changed = [key for key, value in after["state"].items() if value != before["state"][key]]
    assert name in changed, f"{place}, moved by {hand}: its value is still {before['state'][name]}"
    fitted = {("AttentionExplorer", "name"), ("NameJourney", "dice")}  # another name: others fit it
    fitted |= {("LogitLens", "name"), ("MindExplorer", "show"), ("MindExplorer", "square")}
    if (explorer.name, name) not in fitted:
        assert changed == [name], f"{place}, moved by {hand}, changed {changed}"
    if before["alt"] != after["alt"]:
        assert before["picture"] != after["picture"], f"{place}: the picture is the same as before"
    assert after["repr"].endswith(f": {after['status']}")
    agrees_with_readout(explorer, position, name, after["state"][name])
    assert not complaint(explorer.name, after["state"], after["status"])


def agrees_with_readout(explorer: hands.Shown, position: int, name: str, value: object) -> None:
    """The control's own readout must be the value that was drawn."""
    kind = explorer.kinds[position][1]
    if kind == "Dropdown":
        value = explorer.ask(f"c[{name!r}].index")
    digits = 0.05 if kind == "FloatLogSlider" else 1e-9  # a logarithmic slider shows two digits

    def agree() -> bool:
        shown = hands.readout(explorer.control(position))
        if isinstance(shown, float):
            return math.isclose(shown, value, rel_tol=digits, abs_tol=1e-9)
        return shown == value

    wait_for(agree, f"the readout of {explorer.name}.{name} to be {value}", 5)


def wait_for(condition, what: str, seconds: float = 30) -> None:
    """Wait until a condition holds; fail if it never does."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"waited {seconds} seconds for {what}", pytrace=False)
        time.sleep(0.05)


REACHED = """root => {
  const wanted = [...root.querySelectorAll(
    '.noUi-handle, select, input:not([type=hidden]), button')]
    .filter(e => !e.disabled && e.checkVisibility());
  const active = document.activeElement;
  return [wanted.length, wanted.indexOf(active)];
}"""


def test_tab_reaches_every_control(explorers):
    page, cells = explorers
    for cell in cells:
        explorer = hands.Shown(page, cell)
        wanted, _ = explorer.root.evaluate(REACHED)
        reached: set[int] = set()
        for _ in range(2 * wanted + 10):
            page.keyboard.press("Tab")
            _, place = explorer.root.evaluate(REACHED)
            reached |= {place} - {-1}
            if len(reached) == wanted:
                break
        seen = [explorer.control(n).is_visible() for n in range(len(explorer.kinds))]
        assert wanted >= sum(seen) - 1
        assert sorted(reached) == list(range(wanted)), f"{explorer.name}: Tab misses some controls"


def test_every_button_acts(explorers):
    page, cells = explorers
    for cell in cells:
        explorer = hands.Shown(page, cell)
        if explorer.row.locator("button").count():
            BUTTONS[explorer.name](page, explorer)


def press(page, button, hand: str) -> None:
    """Press a button with the keyboard or the mouse."""
    if hand == "mouse":
        button.click()
    else:
        button.focus()
        page.keyboard.press("Enter")


def play(page, explorer) -> None:
    """Play walks by itself, the buttons beside it a step; stop goes back to the beginning."""
    start, stop, _, back, on = explorer.row.locator("button").all()
    for hand in ("keyboard", "mouse"):
        press(page, stop, hand)
        wait_for(lambda: explorer.ask("e.state['step']") == 0, "the beginning of the walk")
        press(page, start, hand)
        wait_for(lambda: explorer.look()["status"].startswith("Step 2 of"), "step 2 of the walk")
        press(page, stop, hand)
        wait_for(lambda: explorer.ask("e.state['step']") == 0, "the beginning of the walk")
        for button, step in ((on, 1), (on, 2), (back, 1), (back, 0)):
            press(page, button, hand)
            wait_for(lambda step=step: explorer.ask("e.state['step']") == step, f"step {step}")
    wait_for(lambda: explorer.look()["status"].startswith("Step 0 of"), "the beginning")
    explorer.control(0).locator(".noUi-handle").focus()
    for step in range(1, explorer.ask("c['step'].max") + 1):
        page.keyboard.press("ArrowRight")
        wait_for(lambda step=step: explorer.ask("e.state['step']") == step, f"step {step}")
        here = explorer.settled()
        assert not complaint(explorer.name, here["state"], here["status"])


def travel(page, explorer) -> None:
    """The token goes on by itself; stop takes it back to the beginning."""
    start, stop, *_ = explorer.row.locator("button").all()
    for hand in ("keyboard", "mouse"):
        press(page, stop, hand)
        wait_for(lambda: explorer.look()["status"].startswith("Step 1 of"), "the beginning")
        press(page, start, hand)
        wait_for(lambda: explorer.ask("e.state['step']") >= 2, "the third station")  # or later
        press(page, stop, hand)
    wait_for(lambda: explorer.look()["status"].startswith("Step 1 of"), "the beginning")
    here = explorer.settled()
    assert not complaint(explorer.name, here["state"], here["status"])


def play_and_reset(page, explorer) -> None:
    """Play goes through the name, stop goes back; reset puts everything as it was trained."""
    explorer.ask("e.set(show='a name', step=0, name='emma', square='', off='')._held")
    start, stop, *_, again = explorer.row.locator("button").all()
    begun = "Forward, BOS"
    for hand in ("keyboard", "mouse"):
        press(page, start, hand)
        wait_for(lambda: explorer.look()["status"].startswith(begun), "the first step")
        press(page, stop, hand)
        wait_for(lambda: explorer.ask("e.state['step']") == 0, "rest")
        explorer.ask("e.set(square='wte[4][0]', move=0.5, off='head 1')._held")
        press(page, again, hand)
        wait_for(lambda: not explorer.ask("e.state['off']"), "the return of the head")
        assert explorer.settled()["state"]["move"] == 0


def forget(page, explorer) -> None:
    """A run that is dropped is not kept; forgetting leaves the present run alone."""
    assert explorer.ask("len(e.curves)") > 2
    press(page, explorer.row.locator("button").last, "keyboard")
    wait_for(lambda: explorer.ask("len(e.curves)") == 1, "the earlier runs to be forgotten")
    one = explorer.settled()
    assert not complaint(explorer.name, one["state"], one["status"])
    hands.by_keyboard(page, explorer.control(0))
    wait_for(lambda: explorer.look()["busy"], "the sign that a run is under way")
    hands.by_keyboard(page, explorer.control(0))  # drops it and begins another
    two = explorer.settled()
    assert not complaint(explorer.name, two["state"], two["status"])
    press(page, explorer.row.locator("button").last, "mouse")
    wait_for(lambda: explorer.ask("len(e.curves)") == 1, "the earlier runs to be forgotten")


def live(page, explorer) -> None:
    """Training starts, goes on, stops and keeps what it learned, begins again."""
    start, stop, again = explorer.row.locator("button").all()
    chosen = "e.set(engine='scalar', num_steps=1000, learning_rate=0.01).repr"
    explorer.ask(chosen.replace(".repr", ".result"))
    losses = FIGURES["names"]["losses"]
    for hand in ("keyboard", "mouse"):
        press(page, start, hand)
        wait_for(lambda: explorer.ask("len(e.losses)") > 10, "the first steps")
        seen = hands.as_number(explorer.root.inner_text(), "of 1,000 · loss")
        wait_for(
            lambda seen=seen: hands.as_number(explorer.root.inner_text(), "of 1,000 · loss") > seen,
            "the progress line to go on",
        )
        press(page, stop, hand)
        wait_for(lambda: "stopped: everything learned" in explorer.root.inner_text(), "the stop")
        made = explorer.ask("e.losses")
        assert explorer.ask("len(e.losses)") == len(made) < 1000
        last = made[-50:]
        status = explorer.settled()["status"]
        assert f"{len(made):,} of 1,000 steps made" in status
        assert f"losses {sum(last) / len(last):.4f}" in status
        assert all(math.isclose(a, b, abs_tol=1e-9) for a, b in zip(made, losses))
        press(page, again, hand)
        wait_for(lambda: "0 of 1,000 steps made" in explorer.look()["status"], "the beginning")


BUTTONS = {"BackwardStepper": play, "MindExplorer": play_and_reset, "LearningRates": forget}
BUTTONS["LiveTraining"], BUTTONS["NameJourney"] = live, travel


def start_and_stop(page, explorer) -> None:
    """The reader's parts train after start, and rest after stop."""
    start, stop, save = explorer.row.locator("button").all()
    press(page, start, "keyboard")
    wait_for(lambda: explorer.ask("e.run.index") > 0, "the first step with the reader's parts", 60)
    press(page, stop, "mouse")
    press(page, save, "keyboard")
    wait_for(lambda: "Saved as my_mind.svg" in explorer.look()["status"], "the kept picture")


BUTTONS["Finale"] = start_and_stop


def test_no_request_left_the_machine(opened):
    name, _, requests = opened
    assert requests == [], f"{name} asked other hosts"


def test_a_request_that_leaves_the_machine_is_seen(chrome):
    page, requests = open_page(chrome)
    page.set_content("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    assert requests == []
    page.evaluate("fetch('http://example.com/picture.png').catch(() => null)")
    page.evaluate("() => { try { new WebSocket('ws://example.com/live') } catch {} }")
    page.wait_for_timeout(100)
    assert requests == ["http://example.com/picture.png", "ws://example.com/live"]
    page.context.close()


def test_every_explorer_of_the_course_is_in_a_notebook():
    shown = {name for notebook in NAMES for name in explorers_of(read_cells(notebook))}
    assert shown == set(explorer_names())
