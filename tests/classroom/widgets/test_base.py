"""The base explorer: what it shows, what it refuses, how it takes errors and rapid changes."""

from __future__ import annotations

import html
import re

import ipywidgets as ipw
import pytest

from classroom.viz import Picture
from classroom.widgets import Explorer
from classroom.widgets.controls import (
    button,
    checkbox,
    choice,
    float_slider,
    int_slider,
    log_slider,
    play,
    text,
)


def picture_of(words):
    return Picture('<svg width="9" height="9"></svg>', "image/svg+xml", f"The number {words}.")


class Doubler(Explorer):
    """Doubles x; 3 raises, and every call is written down."""

    def __init__(self, **options):
        self.calls = []
        super().__init__(
            x=float_slider("x", 1, 0, 10, tooltip="the number to double"),
            loud=checkbox("loud", tooltip="say it twice"),
            **options,
        )

    def draw(self, x, loud):
        self.calls.append((x, loud, self._busy.value))
        if x == 3:
            raise ValueError("three is\nnot <allowed>")
        return picture_of(2 * x), f"twice {x:g} is\n{2 * x:g}" + ("!" if loud else "")


def status(explorer):
    """Return the role and the words of the status line."""
    found = re.fullmatch(r'<div class="[^"]*" role="(\w+)">(.*)</div>', explorer._status.value)
    return found.group(1), html.unescape(found.group(2))


def test_it_shows_the_first_state_at_once():
    explorer = Doubler()
    assert explorer.picture == picture_of(2.0)
    assert "The number 2.0." in explorer._image.value
    assert status(explorer) == ("status", "twice 1 is 2")
    assert repr(explorer) == "Doubler(x=1, loud=False): twice 1 is 2"


def test_moving_a_slider_in_code_redraws():
    explorer = Doubler()
    explorer.controls["x"].value = 4
    assert explorer.picture == picture_of(8.0)
    assert status(explorer) == ("status", "twice 4 is 8")
    assert repr(explorer) == "Doubler(x=4, loud=False): twice 4 is 8"


def test_set_moves_several_controls_and_draws_once():
    explorer = Doubler()
    assert explorer.set(x=5, loud=True) is explorer
    assert [call[:2] for call in explorer.calls] == [(1, False), (5, True)]
    with pytest.raises(KeyError, match="no control 'y': there are x, loud"):
        explorer.set(y=1)


def test_the_same_value_again_draws_nothing_but_redraw_does():
    explorer = Doubler()
    explorer.set(x=1)
    assert len(explorer.calls) == 1
    explorer.redraw()
    assert len(explorer.calls) == 2


def test_an_error_is_shown_in_one_sentence_and_the_old_picture_turns_pale():
    explorer = Doubler()
    explorer.controls["x"].value = 3
    assert status(explorer) == ("alert", "⚠ three is not <allowed>")
    assert "mg-pale" in explorer._image.value
    assert "The number 2.0." in explorer._image.value
    assert repr(explorer) == "Doubler(x=3, loud=False): three is not <allowed>"
    assert explorer.error and "Traceback" not in explorer._status.value


def test_the_next_good_value_clears_the_error():
    explorer = Doubler().set(x=3)
    explorer.set(x=4)
    assert explorer.error == ""
    assert status(explorer) == ("status", "twice 4 is 8")
    assert "mg-pale" not in explorer._image.value


def test_an_error_in_the_first_drawing_is_shown_too():
    class Broken(Explorer):
        def draw(self):
            raise ZeroDivisionError

    explorer = Broken()
    assert status(explorer) == ("alert", "⚠ this cannot be shown: ZeroDivisionError")
    assert explorer.picture is None
    assert repr(explorer) == "Broken(): this cannot be shown: ZeroDivisionError"
    assert set(explorer._repr_mimebundle_()[0]) == {
        "text/plain",
        "application/vnd.jupyter.widget-view+json",
    }


def test_a_draw_that_returns_something_else_is_told_so():
    class Wrong(Explorer):
        def draw(self):
            return "no picture", "words"

    assert "must return (Picture, str), got str" in Wrong().error
    assert "must define draw" in Explorer().error


def test_stopping_the_kernel_is_not_swallowed():
    class Stopped(Explorer):
        stop = False

        def draw(self, n):
            if self.stop:
                raise KeyboardInterrupt
            return picture_of(n), f"{n}"

    explorer = Stopped(n=int_slider("n", 1, 0, 9, tooltip="a number"))
    explorer.stop = True
    with pytest.raises(KeyboardInterrupt):
        explorer.controls["n"].value = 2
    explorer.stop = False
    explorer.controls["n"].value = 3
    assert explorer.result == "3"
    assert explorer._busy.value == ""


def test_changes_during_a_drawing_become_one_more_with_the_last_values():
    drawn = []

    class Restless(Explorer):
        def draw(self, n):
            drawn.append(n)
            if n == 2:
                for later in (3, 4, 5):
                    self.controls["n"].value = later
            return picture_of(n), f"{n}"

    explorer = Restless(n=int_slider("n", 1, 0, 9, tooltip="a number"))
    explorer.controls["n"].value = 2
    assert drawn == [1, 2, 5]
    assert explorer.result == "5"
    assert "The number 5." in explorer._image.value


def test_the_busy_sign_is_up_while_a_slow_drawing_runs_and_down_after():
    slow = Doubler(slow=True)
    slow.set(x=2)
    slow.set(x=3)
    assert all("working" in sign for _, _, sign in slow.calls)
    assert slow._busy.value == ""
    quick = Doubler()
    quick._slow = False
    quick.set(x=2)
    assert quick.calls[-1][2] == ""


def test_a_drawing_that_took_long_announces_the_next_one(monkeypatch):
    clock = iter([0.0, 0.5, 1.0, 1.001, 2.0, 2.001])
    monkeypatch.setattr("classroom.widgets.base.time.perf_counter", lambda: next(clock))
    explorer = Doubler().set(x=2).set(x=4)
    signs = [bool(sign) for _, _, sign in explorer.calls]
    assert signs == [False, True, False]


@pytest.mark.parametrize(
    "widget, missing",
    [
        (ipw.FloatSlider(tooltip="words"), "description"),
        (ipw.FloatSlider(description="x"), "tooltip"),
        (ipw.Button(description="go"), "tooltip"),
        (ipw.Dropdown(options=[1]), "description"),
    ],
)
def test_a_control_without_words_is_refused(widget, missing):
    with pytest.raises(ValueError, match=f"control 'x' .* has no {missing}"):
        Explorer(x=widget)
    with pytest.raises(ValueError, match=f"has no {missing}"):
        Explorer(extras=[widget])


def test_every_control_of_the_kit_has_words_and_bounds_and_can_be_reached_by_keyboard():
    made = [
        float_slider("x", 0.5, 0, 1, 0.05, tooltip="words"),
        int_slider("n", 5, 1, 9, tooltip="words"),
        choice("kind", 2, [("one", 1), ("two", 2)], tooltip="words"),
        checkbox("show", True, tooltip="words"),
        text("name", "emma", tooltip="words"),
        button("go", tooltip="words"),
    ]
    for widget in made:
        assert widget.description and widget.tooltip == "words"
        assert not widget.disabled
        assert widget.tabbable is not False
    assert (made[0].min, made[0].max, made[0].step, made[0].value) == (0, 1, 0.05, 0.5)
    assert (made[1].min, made[1].max, made[1].value) == (1, 9, 5)
    assert [widget.value for widget in made[2:5]] == [2, True, "emma"]


def test_controls_report_while_they_are_moved_and_that_of_the_rate_when_it_is_let_go():
    made = [
        int_slider("n", 1, 0, 9, tooltip="t"),
        float_slider("x", 1, 0, 9, tooltip="t"),
        text("s", tooltip="t"),
        log_slider("rate", 0.1, -4, 1, tooltip="t"),
    ]
    assert [widget.continuous_update for widget in made] == [True, True, True, False]


def test_the_play_button_moves_its_slider_between_the_same_bounds():
    slider = int_slider("step", 2, 0, 9, tooltip="t")
    made = play(slider, 700, tooltip="by itself")
    assert (made.value, made.min, made.max, made.interval) == (2, 0, 9, 700)
    made.value = 5
    assert slider.value == 5


@pytest.mark.parametrize(
    "step, shown", [(1, ".0f"), (0.5, ".1f"), (0.25, ".2f"), (1e-9, ".0f"), (0.001, ".3f")]
)
def test_a_readout_shows_the_decimals_of_the_step(step, shown):
    assert float_slider("x", 1, 0, 9, step, tooltip="t").readout_format == shown


def test_a_buttons_action_shows_its_error_in_the_widget():
    go = button("go", tooltip="try it")
    explorer = Doubler(extras=[go])

    def fail(clicked):
        raise RuntimeError(f"{clicked.description} went wrong")

    go.on_click(explorer.guarded(fail))
    go.click()
    assert status(explorer) == ("alert", "⚠ go went wrong")
    assert "go" not in explorer.state
    go.on_click(explorer.guarded(lambda _: explorer.set(x=7)))
    go.click()
    assert explorer.result == "twice 7 is 14"


def test_a_buttons_success_clears_the_error_it_showed_before():
    explorer = Doubler()
    outcomes = iter([ValueError("not yet"), None])

    def action():
        outcome = next(outcomes)
        if outcome:
            raise outcome

    run = explorer.guarded(action)
    run()
    assert status(explorer) == ("alert", "⚠ not yet")
    run()
    assert status(explorer) == ("status", "twice 1 is 2")


def test_jupyter_gets_the_whole_repr_and_the_picture_with_its_words():
    explorer = Doubler()
    explorer.show(picture_of(5), "a long result " * 20)
    data, metadata = explorer._repr_mimebundle_()
    assert data["text/plain"] == repr(explorer)
    assert len(data["text/plain"]) > 250
    assert "\n" not in data["text/plain"]
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert data["image/svg+xml"] == explorer.picture.data
    assert metadata["image/svg+xml"]["alt"] == "The number 5."


def test_the_repr_shows_words_quoted_and_numbers_short():
    class Named(Explorer):
        def draw(self, name, x):
            return picture_of(x), name

    explorer = Named(
        name=text("name", "emma", tooltip="a name"),
        x=float_slider("x", 0.1 + 0.2, 0, 1, tooltip="a number"),
    )
    assert repr(explorer) == "Named(name='emma', x=0.3): emma"


class Ends(Explorer):
    """A slider that ends where another one stands."""

    def __init__(self):
        controls = {name: int_slider(name, 3, 0, 9, tooltip=name) for name in ("place", "last")}
        super().__init__(**controls)

    def fit(self, place, last):
        self.controls["place"].max = last

    def draw(self, place, last):
        assert place <= last
        return picture_of(f"{place} of {last}"), f"{place} of {last}"


def test_a_control_follows_another_in_whatever_order_they_are_set():
    explorer = Ends()
    assert explorer.set(place=7, last=9).result == "7 of 9"
    explorer.controls["last"].value = 2
    assert explorer.result == "2 of 2" and explorer.controls["place"].max == 2
    assert explorer.set(last=8, place=6).result == "6 of 8"
