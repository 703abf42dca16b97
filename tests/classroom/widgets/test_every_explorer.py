"""What holds for every explorer, whatever it shows: one list of checks, run over all of them.

A new explorer that `classroom.widgets` hands on is checked without a line here.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from classroom.viz.kit.style import PAGE_WIDTH, PHONE_WIDTH
from tools.contact_sheet import complaints
from tools.explorers import extreme, extremes, names

ALERT = 'role="alert"'


@cache
def states(name):
    """An explorer as it begins, at its smallest and at its largest settings, by title."""
    return dict(extremes(name))


@pytest.fixture(params=names())
def name(request):
    return request.param


@pytest.fixture
def explorer(name):
    """The explorer as it begins: a check that moves it puts it back."""
    return states(name)["default"]


def test_it_is_drawn_at_its_default_smallest_and_largest_settings_on_a_laptop(name):
    assert list(states(name)) == ["default", "smallest", "largest"]
    wrong = [line for title, one in states(name).items() for line in complaints(name, title, one)]
    assert wrong == []
    assert states(name)["default"].error == ""


@pytest.mark.parametrize("title", ["default", "smallest"])
def test_on_a_phone_it_is_as_wide_as_the_page_and_its_words_have_11_pixels(name, title):
    one = states(name)[title]
    one.for_page(PHONE_WIDTH)
    shown = one.picture.on_a_phone()
    one.for_page(PAGE_WIDTH)
    box = re.search(r'viewBox="\S+ \S+ ([\d.]+)', shown.data)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)', shown.data)]
    assert shown.size[0] <= PHONE_WIDTH and min(sizes) * shown.size[0] / float(box[1]) >= 10.9


def test_its_height_never_changes(name):
    room = states(name)["default"].picture.size[1]
    for one in states(name).values():
        shown = one._image if one._view is None else one._view
        kept = int(re.search(r"\d+", shown.layout.min_height or "0px")[0])
        assert one.picture.size[1] <= max(room, kept)


def test_each_control_alone_reaches_both_ends_and_comes_back(explorer):
    if explorer._always_slow:
        pytest.skip("each of its settings trains a model")
    before = explorer.state
    for control_name, control in explorer.controls.items():
        for largest in (False, True):
            explorer.set(**{control_name: extreme(control, largest)})
            assert explorer.error == "" or isinstance(control.value, str)
        explorer.set(**before)
        assert explorer.state == before and explorer.error == ""


def test_where_it_was_left_is_noted_in_words_that_its_controls_take_back(name):
    for one in (states(name)["default"], states(name)["largest"]):
        if one._always_slow or one._view is None:
            pytest.skip("each of its settings trains a model, or there is no view")
        before, noted = one.state, dict(one._view.now)
        one._heard(None, {"set": noted}, None)
        assert list(noted) == list(before) and one.state == before


def test_its_repr_is_one_line_with_state_and_result_and_is_what_a_notebook_stores(name):
    for one in states(name).values():
        told = repr(one)
        assert "\n" not in told and told.startswith(f"{name}(") and len(told) < 1000
        assert told.endswith(f"): {one.error or one.result}") and (one.error or one.result)
        assert any(f"{control}=" in told for control in one.controls)
        data, metadata = one._repr_mimebundle_()
        picture, stored = one.frame()
        assert data["text/plain"] == stored and (one.telling or stored == told)
        assert metadata["image/svg+xml"]["alt"] == picture.alt


def test_an_error_is_told_and_the_next_good_value_clears_it(explorer, monkeypatch):
    picture = explorer.picture

    def refuse(**_):
        raise ValueError("not <this>")

    monkeypatch.setattr(explorer, "draw", refuse)
    explorer.redraw()
    assert explorer.error == "not <this>" and ALERT in explorer._status.value
    assert "not &lt;this&gt;" in explorer._status.value and explorer.picture is picture
    assert repr(explorer).endswith("): not <this>")
    monkeypatch.undo()
    explorer.redraw()
    assert explorer.error == "" and ALERT not in explorer._status.value
    assert explorer.picture.alt == picture.alt


@pytest.mark.parametrize("typed", ["Zoë", "😀", "<b>&", "a" * 10_000])
def test_whatever_is_typed_is_drawn_or_told_in_one_sentence(explorer, typed):
    fields = [key for key, value in explorer.state.items() if isinstance(value, str)]
    before = explorer.state
    for field in fields:
        if hasattr(explorer.controls[field], "_options_values"):
            continue
        explorer.set(**{field: typed})
        told = repr(explorer)
        assert "\n" not in told and len(told) < 1000 and " object at 0x" not in told
        explorer.set(**before)
        assert explorer.error == ""


def test_keyboard_and_screen_reader_reach_every_control_and_every_part(name):
    for one in states(name).values():
        for control in one.controls.values():
            assert control.description and control.tooltip and control.tabbable is not False
        parts = re.findall(r'<g[^>]*data-(?:set|drag)="[^>]*>', one.picture.data)
        assert all(re.search(r'data-label="[^"]+"', part) for part in parts)
        wanted = re.findall(r'data-set="([^"]*)"', one.picture.data)
        moved = {pair.partition("=")[0] for each in wanted for pair in each.split(";") if pair}
        dragged = re.findall(r'data-drag="([^"]*)"', one.picture.data)
        moved |= {axis.split()[0] for each in dragged for axis in each.split("; ")}
        assert moved <= set(one.controls)


def test_nothing_is_drawn_for_a_value_that_is_there(explorer, monkeypatch):
    drawn = []
    monkeypatch.setattr(explorer, "draw", lambda **state: drawn.append(state))
    explorer.set(**explorer.state)
    assert drawn == []
