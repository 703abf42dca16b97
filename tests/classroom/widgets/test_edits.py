"""What turns a drawing into the next, and how the page keeps up with the kernel by it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.viz import Picture
from classroom.widgets import Explorer, MindExplorer
from classroom.widgets.controls import choice
from classroom.widgets.edits import edits

MOST_BYTES_OF_A_DRAG = 6_000
PIECES = st.lists(st.sampled_from(["<g>", "</g>", '<rect y="1"/>', '<rect y="27"/>', "<b>é"]))


def edited(drawing, changes):
    """As ``page/edits.js`` does it."""
    parts, place = [], 0
    for stay, go, come in zip(changes[0::3], changes[1::3], changes[2::3]):
        parts += [drawing[place : place + stay], come]
        place += stay + go
    return "".join(parts) + drawing[place:]


class Page:
    """What a page knows of an explorer's drawing: what it got at first, and what came since."""

    def __init__(self, explorer, monkeypatch):
        self.explorer, self.sizes, self.lost = explorer, [], 0
        monkeypatch.setattr(explorer._view, "_send", self.hear)
        self.state = explorer._view.get_state(["html", "drawn", "change"])
        explorer._heard(None, {"ready": True}, None)

    def hear(self, message, buffers=None):
        self.sizes.append(len(json.dumps(message)))
        self.state |= message.get("state", {})
        if "change" in message.get("state", {}):
            before, after, *changes = self.state["change"]
            if before != self.state["drawn"]:
                self.lost += 1
                return self.explorer._heard(None, {"lost": True}, None)
            html = edited(self.state["html"], changes)
            self.state |= {"html": html, "drawn": after}


@given(PIECES, PIECES)
def test_edits_turn_one_drawing_into_the_other(old, new):
    old, new = "<svg>" + 200 * "<i>" + "".join(old), "<svg>" + 200 * "<i>" + "".join(new)
    changes = edits(old, new)
    assert changes is None or edited(old, changes) == new


def test_a_few_numbers_are_a_few_characters_and_another_drawing_is_sent_whole():
    bars = "".join(f'<rect y="{y}" height="{90 - y}"/>' for y in range(10, 80))
    assert edits(bars, bars) == []
    assert len(edits(bars, bars.replace('"42" ', '"43" '))) == 3
    assert edits(bars, "<text>all else</text>" * 90) is None


def test_places_are_those_of_javascript_or_the_whole_is_sent():
    assert edits("<a>" + "é•" * 30, "<b>" + "é•" * 30) == [1, 1, "b"]
    assert edits("<a>" + "👩" * 30, "<b>" + "👩" * 30) is None


def test_the_page_keeps_up_with_a_drag_by_small_messages(monkeypatch):
    pytest.importorskip("anywidget")
    explorer = MindExplorer("emma", square="lm_head[12][11]").set(move=-0.05)
    page = Page(explorer, monkeypatch)
    for move in (-0.1, -0.5, -1.0, -2.5, 1.5):
        page.sizes.clear()
        before = page.state["html"]
        explorer._heard(None, {"set": {"move": move}, "pointed": False}, None)
        assert before != page.state["html"] == explorer._view.html
        assert sum(page.sizes) < MOST_BYTES_OF_A_DRAG
    assert len(page.state["html"]) > 40_000 and page.lost == 0


def test_the_page_keeps_up_with_everything_else(monkeypatch):
    pytest.importorskip("anywidget")
    explorer = MindExplorer("emma")
    page = Page(explorer, monkeypatch)
    changes = [{"step": step} for step in (1, 5, 6, 26, 31)]
    changes += [{"off": "head 1"}, {"off": "f"}, {"name": "9"}, {"name": "zoe", "off": ""}]
    changes += [{"show": "training", "step": 30}, {"square": "wte[4][0]"}, {"move": 0.5}]
    for change in changes:
        explorer.set(**change)
        assert page.state["html"] == explorer._view.html, change
    explorer._heard(None, {"width": 352}, None)
    assert page.state["html"] == explorer._view.html and page.lost == 0


def test_a_page_that_has_another_drawing_asks_for_the_whole(monkeypatch):
    pytest.importorskip("anywidget")
    explorer = MindExplorer("emma", square="lm_head[12][11]")
    page = Page(explorer, monkeypatch)
    page.state |= {"html": "", "drawn": page.state["drawn"] - 1}
    explorer.set(move=0.5)
    assert page.lost == 1 and page.state["html"] == explorer._view.html
    explorer.set(move=0.55)
    assert page.lost == 1 and page.state["html"] == explorer._view.html


def test_the_noise_of_a_slider_on_the_page_draws_nothing_anew():
    explorer = MindExplorer("emma", square="lm_head[12][11]").set(move=-0.2)
    shown = explorer.picture
    explorer.controls["move"].value = -0.20000000000000018
    assert explorer.picture is shown and explorer.state["move"] == -0.2


class Two(Explorer):
    """Two drawings."""

    def __init__(self):
        super().__init__(way=choice("way", "a", ["a", "b", "c"], tooltip="which"))

    def draw(self, way):
        return Picture(f"<svg width='9' height='9'>{way in 'ab'}</svg>", "image/svg+xml", "."), way


def test_a_drawing_that_stays_is_not_counted(monkeypatch):
    pytest.importorskip("anywidget")
    explorer = Two()
    page = Page(explorer, monkeypatch)
    explorer.set(way="b").set(way="c").set(way="a")
    assert page.state["html"] == explorer._view.html and page.lost == 0
