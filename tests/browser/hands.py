"""Working an explorer in the browser as a reader would, and reading what it shows."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Locator, Page

from tools.browser import in_kernel

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SETTLE_SECONDS = 30
PICTURE = ".mg-view svg, .mg-view img, .mg-fallback svg, .mg-fallback img"
# In the browser: what an explorer shows. `picture` is whole, so that any change is one.
SHOWN = """root => {
  const words = root.querySelector('[role=status], [role=alert]');
  const picture = root.querySelector(PICTURE);
  return {
    status: words ? words.textContent : '',
    alert: Boolean(root.querySelector('.mg-alert')),
    busy: Boolean(root.querySelector('em[aria-live]')),
    picture: picture ? picture.outerHTML : '',
    alt: picture ? picture.getAttribute('alt') || picture.getAttribute('aria-label') || '' : '',
    width: picture ? picture.getBoundingClientRect().width : 0,
  };
}"""
SHOWN = SHOWN.replace("PICTURE", repr(PICTURE))
# Notes when the status or the picture first differs from now.
WATCH = """root => {
  const look = () => {
    const words = root.querySelector('[role=status], [role=alert]');
    const picture = root.querySelector(PICTURE);
    return (words ? words.textContent : '') + (picture ? picture.outerHTML : '');
  };
  const before = look(), start = performance.now();
  window.reaction = null;
  const observer = new MutationObserver(() => {
    if (window.reaction === null && look() !== before) {
      window.reaction = performance.now() - start;
      observer.disconnect();
    }
  });
  observer.observe(root, {subtree: true, childList: true, characterData: true, attributes: true});
}"""
WATCH = WATCH.replace("PICTURE", repr(PICTURE))
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map((cell, index) => {
  const outputs = cell.model.type === 'code' ? cell.model.outputs.toJSON() : [];
  return {index, count: cell.model.executionCount, outputs};
}).filter(cell => cell.outputs.length)"""


def outputs(page: Page) -> list[dict[str, Any]]:
    """Index, execution count and outputs of every cell that has some."""
    return page.evaluate(CELLS)


def errors(page: Page) -> list[str]:
    """The errors in the notebook's outputs."""
    return [
        f"cell {cell['index']}: {output['ename']}: {output['evalue']}"
        for cell in outputs(page)
        for output in cell["outputs"]
        if output["output_type"] == "error"
    ]


class Shown:
    """An explorer on the page: cell, place in the document, twin in the kernel."""

    def __init__(self, page: Page, cell: dict[str, Any]) -> None:
        self.page, self.cell = page, cell
        views = [output.get("data", {}).get(WIDGET_VIEW) for output in cell["outputs"]]
        self.model: str = next(view["model_id"] for view in views if view)
        page.evaluate(
            """async index => {
              const notebook = jupyterapp.shell.currentWidget.content;
              notebook.activeCellIndex = index;
              await notebook.scrollToItem(index, 'start');
              await jupyterapp.commands.execute('notebook:enter-command-mode');
              notebook.activeCell.node.focus();
            }""",
            cell["index"],
        )
        active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
        found = active.locator(".jp-OutputArea-output .widget-vbox").first
        found.locator("[role=status]").wait_for()
        # A mark of its own: the active cell may become another one.
        found.evaluate("(root, mark) => { root.dataset.explorer = mark; }", cell["index"])
        self.root = page.locator(f"[data-explorer='{cell['index']}']")
        self.name: str = self.ask("type(e).__name__")
        self.row = self.root.locator("> .widget-hbox").first
        self.kinds: list[list[str]] = self.ask("[[n, type(w).__name__] for n, w in c.items()]")

    def ask(self, expression: str) -> Any:
        """The value of an expression in the kernel; `e` is the explorer, `c` its controls."""
        # By its model: a kernel inside the browser numbers what it ran in its own way.
        found = f"__import__('ipywidgets').widgets.widget._instances[{self.model!r}]"
        place = f"(lambda e: (lambda c: {expression})(e.controls))({found})"
        return in_kernel(self.page, f"answer = {place}")

    def look(self) -> dict[str, Any]:
        """What the browser shows."""
        return self.root.evaluate(SHOWN)

    def control(self, position: int) -> Locator:
        """The widget of one control; buttons come after the controls, a play control before."""
        return self.row.locator("> *:not(.mg-play)").nth(position)

    def watch(self) -> None:
        """Start the clock of the next reaction."""
        self.root.evaluate(WATCH)

    def reaction(self, seconds: float = SETTLE_SECONDS) -> float:
        """Milliseconds until what is shown changed."""
        self.page.wait_for_function("() => window.reaction !== null", timeout=1000 * seconds)
        return self.page.evaluate("() => window.reaction")

    def settled(self) -> dict[str, Any]:
        """What is shown when browser and kernel agree, with `state`; fails if they never do."""
        until = time.monotonic() + SETTLE_SECONDS
        told = "dict(state=e.state, result=e.error or e.result, alt=e.picture.alt, repr=repr(e), "
        told += "drawn=e._shown == e.state and not e._drawing)"
        before = None
        while True:
            shown, kernel = self.look(), self.ask(told)
            same = shown["status"] == kernel["result"] and shown["alt"] == kernel["alt"]
            if same and kernel["drawn"] and not shown["busy"] and kernel == before:
                return shown | {"state": kernel["state"], "repr": kernel["repr"]}
            if time.monotonic() > until:
                raise AssertionError(f"the browser shows {shown}, the kernel has {kernel}")
            before = kernel
            time.sleep(0.05)


def readout(control: Locator) -> Any:
    """What a control itself shows as its value."""
    kind = control.get_attribute("class") or ""
    if "widget-slider" in kind:
        words = control.locator(".widget-readout").inner_text()
        return float(words.replace(",", "").replace("\N{MINUS SIGN}", "-"))
    if "widget-dropdown" in kind:
        return control.locator("select").evaluate("menu => menu.selectedIndex")
    if "widget-checkbox" in kind:
        return control.locator("input").is_checked()
    return control.locator("input").input_value()


def by_keyboard(page: Page, control: Locator) -> None:
    """Change a control's value with keys alone."""
    kind = control.get_attribute("class") or ""
    if "widget-slider" in kind:
        handle = control.locator(".noUi-handle")
        now, most = (float(handle.get_attribute(f"aria-value{x}") or 0) for x in ("now", "max"))
        handle.focus()
        page.keyboard.press("ArrowRight" if now < most else "ArrowLeft")
    elif "widget-dropdown" in kind:
        menu = control.locator("select")
        menu.focus()
        last = menu.evaluate("menu => menu.selectedIndex === menu.options.length - 1")
        # On a closed menu JupyterLab takes the arrows for itself: the space bar opens it.
        for key in ("Space", "ArrowUp" if last else "ArrowDown", "Enter"):
            page.keyboard.press(key)
    elif "widget-checkbox" in kind:
        control.locator("input").focus()
        page.keyboard.press("Space")
    else:
        control.locator("input").focus()
        page.keyboard.press("End")
        page.keyboard.type("e")


def by_mouse(page: Page, control: Locator) -> None:
    """Change a control's value with the mouse; letters of a text are marked and overwritten."""
    kind = control.get_attribute("class") or ""
    if "widget-slider" in kind:
        _drag(page, control)
    elif "widget-dropdown" in kind:
        menu = control.locator("select")
        menu.hover()
        # The list that opens belongs to the system, not to the page: choose as a click in it does.
        now, count = menu.evaluate("menu => [menu.selectedIndex, menu.options.length]")
        menu.select_option(index=now - 1 if now else count - 1)
    elif "widget-checkbox" in kind:
        control.locator("input").click()
    else:
        control.locator("input").dblclick()
        page.keyboard.type("ben")


def _drag(page: Page, control: Locator) -> None:
    box = control.locator(".noUi-handle").bounding_box()
    track = control.locator(".noUi-base").bounding_box()
    assert box and track
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    way = 1 if x < track["x"] + track["width"] / 2 else -1
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + way * track["width"] * 0.3, y, steps=3)
    page.mouse.up()


def options(control: Locator) -> int:
    """How many values a menu offers; 2 for anything else."""
    if "widget-dropdown" in (control.get_attribute("class") or ""):
        return control.locator("option").count()
    return 2


def as_number(text: str, words: str) -> float:
    """The number that stands in front of some words."""
    found = re.search(r"([\d,.]+) " + re.escape(words), text)
    assert found, f"no number before {words!r} in {text!r}"
    return float(found[1].replace(",", ""))


def violations(page: Page, axe: str, part: str = "html", rules: list[str] | None = None) -> list:
    """What axe-core finds serious or critical in a part of a page: rule, how often, first place."""
    page.evaluate(axe)
    options = {"resultTypes": ["violations"], "preload": False}
    options |= {"runOnly": rules} if rules else {}
    asked = "([part, options]) => axe.run(part, options)"
    found = page.evaluate(asked, [part, options])["violations"]
    return [
        f"{v['id']} ({v['impact']}), {len(v['nodes'])} times: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
