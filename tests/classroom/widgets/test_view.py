"""The view behind the explorers: what it is sent, what it asks for, and how one does without it."""

from __future__ import annotations

import re

import ipywidgets as ipw
import pytest

from classroom.viz import Picture
from classroom.viz.kit.links import ON_A_PHONE
from classroom.widgets import Explorer, view
from classroom.widgets.controls import checkbox, choice, float_slider, int_slider, log_slider, text
from classroom.widgets.view import PAGE, as_value, nudged
from classroom.widgets.words import letters_only
from microgpt import CharTokenizer


class Sum(Explorer):
    """Three controls and a picture that says their values."""

    def __init__(self):
        self.calls = 0
        super().__init__(
            x=float_slider("x", 1, 0, 10, tooltip="a number"),
            n=int_slider("n", 2, 0, 5, tooltip="a whole number"),
            way=choice("way", "up", ["up", "down"], tooltip="a way"),
        )

    def draw(self, x, n, way):
        self.calls += 1
        svg = '<svg width="9" height="9"><g data-set="n=3"></g></svg>'
        return Picture(svg, "image/svg+xml", f"The sum {x + n:g} {way}."), f"{x + n:g} {way}"


@pytest.fixture
def explorer():
    pytest.importorskip("anywidget")
    return Sum()


def said(explorer, message):
    """What happens when the page sends a message."""
    before = explorer.calls
    explorer._view._handle_custom_msg(message, [])
    return explorer.result, explorer.calls - before


def test_the_view_shows_the_picture_and_the_html_beside_it_only_until_it_works(explorer):
    assert "The sum 3 up." in explorer._view.html and "The sum 3 up." in explorer._image.value
    said(explorer, {"ready": True})
    explorer.set(x=4)
    assert "The sum 6 up." in explorer._view.html and explorer._image.value == ""


def test_a_part_that_is_clicked_moves_several_controls_and_draws_once(explorer):
    assert said(explorer, {"set": {"n": "3", "x": "2.5", "way": "down"}}) == ("5.5 down", 1)
    assert explorer.state == {"x": 2.5, "n": 3, "way": "down"}


def test_a_part_that_is_dragged_stops_at_the_ends_and_on_the_steps_of_the_slider(explorer):
    assert said(explorer, {"set": {"x": 3.14159}})[0] == "5.1 up"
    assert said(explorer, {"set": {"x": 99, "n": -4}})[0] == "10 up"


def test_keys_go_by_the_slider_s_steps(explorer):
    assert said(explorer, {"nudge": {"x": 1}})[0] == "3.1 up"
    assert said(explorer, {"nudge": {"n": -10}})[0] == "1.1 up"
    assert said(explorer, {"nudge": {"way": 1}})[0] == "1.1 down"


def test_a_locked_control_cannot_be_moved_by_the_picture(explorer):
    explorer.controls["n"].disabled = True
    assert said(explorer, {"set": {"n": "3"}}) == ("3 up", 0)


def test_what_the_page_gets_wrong_is_said_inside(explorer):
    said(explorer, {"set": {"way": "sideways"}})
    assert explorer.error == "'way' has no option 'sideways'"


def test_values_of_every_kind_of_control():
    assert as_value(checkbox("c", tooltip="t"), "True") is True
    assert as_value(text("t", tooltip="t"), "emma") == "emma"
    menu = choice("k", 0, [("all", 0), ("three", 3)], tooltip="t")
    assert as_value(menu, "3") == 3
    rate = log_slider("rate", 0.01, -4, 1, tooltip="t")
    assert as_value(rate, 0.0999) == pytest.approx(0.1)
    assert nudged(rate, 10) == pytest.approx(0.1)
    assert nudged(rate, 1000) == pytest.approx(10)
    assert nudged(checkbox("c", tooltip="t"), 1) is True


def test_without_anywidget_it_is_as_plain_as_before(monkeypatch):
    monkeypatch.setattr("classroom.widgets.stage.new_view", lambda: None)
    explorer = Sum()
    assert "The sum 3 up." in explorer._image.value
    explorer.set(x=4)
    assert "The sum 6 up." in explorer._image.value
    assert all(isinstance(child, (ipw.HTML, ipw.Box)) for child in explorer.children)


def test_a_missing_anywidget_gives_no_view(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert view.view_class.__wrapped__() is None


def test_the_page_holds_its_library_with_its_licence_and_asks_no_other_host():
    pytest.importorskip("anywidget")
    page = view.view_class()._esm
    assert "Zero-Clause BSD" in str(page) and "Idiomorph" in str(page)
    assert re.findall(r"\b(?:import|fetch|XMLHttpRequest)\b\s*\(", str(page)) == []
    assert "prefers-reduced-motion: reduce" in view.style_sheet()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("EMMA", "This model knows small letters only: try emma"),
        ("zoé", "This model knows the letters a to z, not 'é': try zo"),
        ("123", "This model knows the letters a to z, not '1': try ava"),
        ("abcd", "At most 3 letters fit here, and this has 4: try abc"),
        ("ab", ""),
        ("", ""),
    ],
)
def test_a_text_that_cannot_be_read_is_answered_with_one_that_can(typed, words):
    judge = letters_only(
        CharTokenizer("abcdefghijklmnopqrstuvwxyz"),
        3 if len(typed) == 4 and typed.islower() else 15,
        "ava",
    )
    assert judge(typed) == words


def test_what_the_map_hides_on_a_phone_is_no_part_of_an_explorer():
    hidden = re.findall(r"\.(mg-[a-z]+)", ON_A_PHONE)
    page = "".join(path.read_text("utf-8") for path in PAGE.iterdir())
    assert hidden and not [name for name in hidden if re.search(rf"\b{name}\b", page)]
