"""All weights on one screen: state in, picture and words out."""

from __future__ import annotations

import re

import pytest

from classroom.lab.mind import Mind
from classroom.viz.mind import NARROW, WIDE
from classroom.viz.squares import levels, squares
from classroom.widgets import MindExplorer
from classroom.widgets.view import unpainted
from microgpt import load

LETTER = re.compile(r'data-squares="([A-_]*)"')


def shades(explorer: MindExplorer) -> str:
    """The letters that stand for the squares' shades."""
    found = LETTER.search(explorer.picture.data)
    assert found
    return found[1]


def test_at_rest_it_says_what_the_model_expects_and_shows_every_weight():
    explorer = MindExplorer()
    assert repr(explorer).endswith(
        "After emma it expects n 0.22, BOS 0.18, r 0.10; the name's loss is 2.4793."
    )
    assert len(shades(explorer)) == 4192
    assert "Surprise by letter: e 3.10, m 2.61, m 3.70, a 1.25, BOS 1.74." in explorer.picture.alt
    assert explorer.picture.size[0] == 900 and explorer.picture.size[1] <= 420


def test_a_play_goes_forward_letter_by_letter_then_back_then_one_step_of_adam():
    explorer = MindExplorer()
    assert explorer.controls["step"].max == 31
    explorer.set(step=5)
    assert "BOS at place 0: a score for each letter" in explorer.result
    assert "What comes is e: surprise 3.10" in explorer.result
    explorer.set(step=26)
    assert "432 of the 432 weights reached have a slope for 'emma'" in explorer.result
    explorer.set(step=30)
    assert "4 of 27 letters in wte, 8 of 64 detectors" in explorer.result
    assert 'data-hue="gradient"' in explorer.picture.data
    explorer.set(step=31)
    assert "loss of 'emma' 2.4793 → 2.0812" in explorer.result


def test_light_is_on_the_row_of_the_letter_and_dark_elsewhere_in_wte():
    explorer = MindExplorer("emma", step=6)  # the e takes its vectors
    lights = re.search(r'data-lights="([A-_]*)"', explorer.picture.data)[1]
    lit = {index // 16 for index, letter in enumerate(lights[: 27 * 16]) if letter != "P"}
    assert lit == {4} and set(lights[27 * 16 + 256 :]) == {"P"}


def test_a_weight_that_is_pointed_at_and_moved_changes_bars_and_names():
    explorer = MindExplorer("emma", square="lm_head[12][11]")
    assert "from number 11 of the stream to the score of 'm'. Slope +0.6662" in explorer.result
    before = shades(explorer)
    explorer.set(move=-1.0)
    assert "2.4793 → 1.9908 (-0.4885; the slope promised -0.6662)" in explorer.result
    assert "Names: mamama, memama" in explorer.picture.alt
    assert sum(a != b for a, b in zip(before, shades(explorer))) == 1
    explorer.set(square="wte[16][3]")
    assert explorer.state["move"] == 0 and "Slope 0" in explorer.result


def test_a_square_that_is_pointed_at_says_its_product_at_the_letter_of_now():
    explorer = MindExplorer("emma", step=9, square="mlp_fc1[12][5]")
    said = re.findall(r"<tspan[^>]*>([^<]*)", explorer.picture.data)
    assert "\u00a0-0.863 = -0.259" in "".join(re.split("<[^>]*>", explorer.picture.data))
    assert any("15 others in the frame: -1.68, detector 12 sleeps (ReLU)" in one for one in said)
    assert "0.300 × -0.863 = -0.259; with the 15 others" in explorer.picture.alt
    explorer.set(step=0)  # at rest, the last letter's
    assert "0.300 × -0.863" not in explorer.picture.alt and "0.300 × " in explorer.picture.alt


def test_the_page_gets_the_way_forward_at_once_and_only_from_rest():
    pytest.importorskip("anywidget")
    explorer, sent = MindExplorer("ava"), []
    explorer._view.send = lambda message, buffers=None: sent.append(message)
    explorer._view._handle_custom_msg({"film": True}, [])
    assert len(sent[0]["film"]) == 20 and sent[0]["from"] == explorer._view.drawn
    html = explorer._view.html
    for stay in sent[0]["film"]:
        place, drawn = 0, ""
        for keep, gone, come in zip(stay[::3], stay[1::3], stay[2::3]):
            drawn += html[place : place + keep] + come
            place += keep + gone
        html = drawn + html[place:]
    assert html == unpainted(explorer.set(step=20).picture.html())
    explorer._view._handle_custom_msg({"film": True}, [])
    assert len(sent) == 1 or "film" not in sent[-1]


def test_on_a_slide_what_is_small_says_less():
    drawn = MindExplorer(show="training").picture.data
    assert 'data-slide="vulhojtj…"' in drawn and re.search('data-slide="attn_wq"', drawn)
    assert re.search(r'<text data-slide=""[^>]*>BOS</text>', drawn)


def test_parts_that_are_off_are_told_letter_by_letter():
    explorer = MindExplorer("jayden", off="heads")
    assert "BOS 0.34 → 0.42" in explorer.picture.alt
    explorer.set(off="detector 40")
    assert "Off: detector 40. Loss of 'jayden': 1.7776 → 1.7950." in explorer.result
    assert "a 0.55 → 0.62" in explorer.picture.alt
    assert 'data-set="off=detector 40, head 1"' in explorer.picture.data
    explorer.set(square="wte[0][0]")  # its slope would be the whole model's
    assert "Slope" not in explorer.result and "1.7776 → 1.7950." in explorer.result


def test_the_film_turns_letter_soup_into_names_and_can_be_touched():
    explorer = MindExplorer(show="training")
    assert "After 0 of 1,000 names" in explorer.result and "vulhoj" in explorer.result
    explorer.set(step=explorer.controls["step"].max)
    assert "After 1,000 of 1,000 names: loss 2.37 on names held out" in explorer.result
    assert "shaman" in explorer.result
    explorer.set(square="wte[4][0]")
    assert explorer.result.startswith("wte[4][0] = ")
    explorer.set(show="a name")
    assert explorer.state["step"] == 0
    assert (
        MindExplorer().set(show="training", step=30).result
        == MindExplorer(show="training", step=30).result
    )
    assert MindExplorer().set(square="wte[4][0]", move=0.5).state["move"] == 0.5


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"square": "e"}, "no weight is called 'e': try lm_head[12][11]"),
        ({"off": "head 9"}, "there is no head 9"),
        ({"square": "e", "off": "f"}, "try lm_head[12][11]; 'f' is no part"),
        ({"move": 0.5}, "Nothing to be moved by +0.50: point at a square"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_picture_stays(values, words):
    explorer = MindExplorer().set(**values)
    assert words in explorer.result and not explorer.error
    assert len(shades(explorer)) == 4192


def test_the_page_s_width_chooses_the_drawing_and_pointing_keeps_what_was_moved():
    pytest.importorskip("anywidget")
    explorer = MindExplorer("emma", square="wte[4][0]").set(move=0.5)
    explorer._view._handle_custom_msg({"width": 352}, [])
    assert f'viewBox="0 0 {NARROW.width} {NARROW.height}"' in explorer._view.html
    explorer._view._handle_custom_msg({"width": 934}, [])
    assert f'viewBox="0 0 {WIDE.width} {WIDE.height}"' in explorer._view.html
    explorer._view._handle_custom_msg({"set": {"square": "wpe[0][0]"}, "pointed": True}, [])
    assert explorer.state["square"] == "wte[4][0]"
    explorer._view._handle_custom_msg({"set": {"square": "wpe[0][0]"}}, [])
    assert explorer.state["square"] == "wpe[0][0]" and explorer.state["move"] == 0


def test_words_of_the_narrow_drawing_have_11_pixels_and_stay_inside():
    explorer = MindExplorer("abcdefghijklmno", square="mlp_fc1[63][0]")
    sizes = map(float, re.findall(r'font-size="([\d.]+)"', explorer.picture.on_a_phone().data))
    assert min(sizes) >= 10.5
    ends = [f.x + f.size[0] for f in NARROW.fields]
    assert max(ends) <= NARROW.width


def test_on_a_phone_the_first_page_of_the_course_has_its_own_form():
    first, other = MindExplorer(), MindExplorer("jayden")
    assert "<picture>" in first._repr_mimebundle_()[0]["text/html"]
    assert "<picture>" not in other._repr_mimebundle_()[0]["text/html"]


def test_the_view_paints_the_squares_itself():
    explorer = MindExplorer()
    html = unpainted(explorer.picture.html())
    assert "<path stroke=" in explorer.picture.html() and "<path stroke=" not in html
    assert "data-squares" in html
    assert 'id="grid-wte"' in html


def test_the_shipped_model_is_not_changed():
    state_dict = load()[0]
    explorer = MindExplorer("mia", square="wte[0][0]", off="head 0", model=load()).set(move=2.0)
    kept = explorer.mind.weights
    assert kept == {k: [[p.data for p in row] for row in rows] for k, rows in state_dict.items()}


def test_shades_follow_size_and_sign_and_the_unlit_are_grey():
    field = WIDE.fields[:1]
    numbers = {"wte": [[0.0] * 16] * 26 + [[-9.0] * 15 + [0.45]]}
    found = levels(numbers, field, 0.45, 0.8)
    assert found[0] == 0 and found[-2] == -15 and found[-1] == 15
    drawn = squares(field, found, [15] + [0] * 431, "gradient")
    assert drawn.count("<path") == 2 and 'data-hue="gradient"' in drawn


def test_what_a_moved_weight_does_not_change_is_remembered_and_is_the_same():
    state_dict, config, tokenizer = load()
    mind = Mind(state_dict, config, tokenizer)
    for square in ("lm_head[12][11]", "mlp_fc1[3][5]", "attn_wq[2][3]", "wte[0][3]"):
        weights = mind.changed(square, 1.5)
        assert sum(weights[key] is mind.weights[key] for key in weights) == len(weights) - 1
        assert mind.names(weights) == Mind(weights, config, tokenizer).usual_names


def test_a_live_view_paints_the_squares_and_what_is_stored_has_them():
    pytest.importorskip("anywidget")
    explorer = MindExplorer("emma", square="lm_head[12][11]")
    explorer._view._handle_custom_msg({"ready": True}, [])
    explorer.set(move=0.5)
    stored = explorer._repr_mimebundle_()[0]
    assert stored["image/svg+xml"].count("<path stroke=") > 20
    assert len(explorer._view.html) < 50_000 < len(stored["image/svg+xml"])


def test_letter_soup_stays_in_its_column():
    explorer = MindExplorer(show="training")
    sizes = re.findall(r'font-size="([\d.]+)"[^>]*>(\w{12,})</text>', explorer.picture.data)
    assert len(sizes) >= 5 and all(11 <= float(size) <= 14 for size, _ in sizes)
