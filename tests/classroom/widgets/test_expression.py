"""The expression explorer: moved by code, with good and bad values."""

from __future__ import annotations

import re

import pytest

from classroom.viz import draw_graph
from classroom.widgets.expression import ExpressionExplorer
from microgpt import Value


def explorer(**options):
    return ExpressionExplorer(lambda a, b: (a * b + a).log(), a=(2, -5, 5), b=(3, -5, 5), **options)


def test_it_begins_with_the_graph_of_the_given_values():
    shown = explorer()
    a, b = Value(2), Value(3)
    root = (a * b + a).log()
    plain = draw_graph(root, {"a": a, "b": b, "result": root}).data
    slopes = [words for words in _words(shown) if "slope" in words]  # there, but not seen
    grips = {words.replace("input", "\u25c2 input \u25b8") for words in _words(plain)}
    assert len(slopes) == 5 and set(_words(shown)) - set(slopes) == grips
    assert repr(shown) == "ExpressionExplorer(a=2, b=3): result = 2.0794, with 5 nodes"


def _words(shown):
    svg = shown if isinstance(shown, str) else shown.picture.data
    return re.findall(r">([^<>]+)</text>", svg)


@pytest.mark.parametrize("moved", [{"slopes": True}, {"a": 1.5, "b": 4.3}])
def test_nodes_stay_where_they_are(moved):
    drawn = [explorer().picture.data, explorer().set(**moved).picture.data]
    places = [re.findall(r'<text[^>]* x="([-.\d]+)" y="([-.\d]+)"[^>]*>[ab]<', s) for s in drawn]
    assert len(places[0]) == 2 and places[0] == places[1]


def test_an_input_is_dragged_in_the_graph_by_how_far():
    held = re.findall(
        r'<g id="node\d" data-drag="([^"]*)" data-now="(\S+)"', explorer().picture.data
    )
    assert held == [("a x 0 240 -5 5", "2"), ("b x 0 240 -5 5", "3")]
    assert explorer().picture.data.count('data-by=""') == 2


def test_a_slider_moved_draws_the_new_graph():
    shown = explorer()
    shown.controls["b"].value = 4.5
    assert repr(shown) == "ExpressionExplorer(a=2, b=4.5): result = 2.3979, with 5 nodes"
    assert "b = 4.5;" in shown.picture.alt or "b = 4.5." in shown.picture.alt


def test_gradients_and_slopes_on_demand():
    shown = explorer()
    assert "gradient" not in shown.picture.alt
    shown.controls["gradients"].value = True
    assert shown.result.endswith("dresult/da = 0.5, dresult/db = 0.25")
    assert "a = 2 (gradient 0.5)" in shown.picture.alt
    assert "slope" not in shown.picture.alt
    shown.controls["slopes"].value = True
    assert "slopes 3, 2" in shown.picture.alt
    assert repr(shown).startswith("ExpressionExplorer(a=2, b=3, gradients=True, slopes=True): ")


def test_boxes_can_be_ticked_from_the_beginning():
    assert (
        explorer(gradients=True, slopes=True).picture
        == explorer().set(gradients=True, slopes=True).picture
    )


def test_a_value_for_which_the_expression_does_not_exist_is_shown_inside():
    shown = explorer().set(a=-2)
    assert "log(-8) does not exist" in shown._status.value
    assert shown.error in repr(shown)
    assert shown.set(a=2).error == ""


def test_a_def_gives_its_name_to_the_result():
    def L(a):
        return a * a

    assert ExpressionExplorer(L, a=(3, 0, 9)).result == "L = 9, with 2 nodes"


def test_a_result_that_is_no_value_is_told_so():
    assert "gave 5, not a Value" in ExpressionExplorer(lambda a: 5, a=(1, 0, 2)).error
    shown = ExpressionExplorer(lambda a: a.data, a=(1, 0, 2))
    assert "gave 1, not a Value" in shown.error


def test_a_graph_too_large_is_told_so():
    def power(a):
        for _ in range(160):
            a = a * a
        return a

    assert "161 nodes" in ExpressionExplorer(power, a=(1, 0, 2)).error


@pytest.mark.parametrize(
    "inputs, words",
    [
        ({"a": (1, 0, 2)}, "missing a required argument: 'b'"),
        ({"a": (1, 0, 2), "b": (1, 0, 2), "c": (1, 0, 2)}, "'c'"),
        ({"a": 1, "b": (1, 0, 2)}, r"input 'a' must be \(value, low, high\).*got 1"),
        ({"a": (1, 0), "b": (1, 0, 2)}, r"input 'a' must be"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(inputs, words):
    with pytest.raises(TypeError, match=words):
        ExpressionExplorer(lambda a, b: a + b, **inputs)


def test_the_step_of_a_slider_can_be_given():
    shown = ExpressionExplorer(lambda a: a * 2, a=(0, -1, 1, 0.25))
    slider = shown.controls["a"]
    assert (slider.min, slider.max, slider.step) == (-1, 1, 0.25)
    assert slider.continuous_update


def test_tenths_of_a_slider_are_tenths():
    shown = ExpressionExplorer(lambda a: a * 1, a=(0.1 + 0.2, 0, 1))
    assert shown.result.startswith("result = 0.3,")


def test_parts_have_the_names_that_the_expression_gives_them():
    def L(a, b):
        c = a * b
        a = c + a
        return a

    alt = ExpressionExplorer(L, a=(2, -5, 5), b=(3, -5, 5)).picture.alt
    assert "Inputs: a = 2; b = 3. Operation: c = a * b = 6. Result: L = c + a = 8." in alt
