"""The palette can be read by all; the same figure gives the same bytes, and leaves nothing."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest
from support import ROOT

from classroom.lab.written import number
from classroom.viz.kit import style
from classroom.viz.kit.picture import visible
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT, TINT, contrast, figure, to_picture


def plot(**options):
    with figure(4, 3) as fig:
        ax = fig.subplots()
        ax.plot([1, 4, 9], label="squares")
        ax.legend()
        return to_picture(fig, "A curve through 1, 4 and 9.", **options)


def test_contrast_of_known_pairs():
    assert contrast("#FFFFFF", "#000000") == 21
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # just too pale
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("name", INK)
def test_text_can_be_read_on_paper_and_on_every_tint(name):
    for background in (PAPER, *TINT.values()):
        assert contrast(INK[name], background) >= 4.5
        assert contrast(TEXT, background) >= 4.5
    assert contrast(PAPER, TEXT) >= 4.5


def test_every_colour_has_its_ink_and_its_tint():
    assert set(COLOURS) == set(INK) == set(TINT)
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_the_four_objects_of_the_course_keep_their_okabe_ito_colours():
    assert (COLOURS["data"], COLOURS["gradient"], COLOURS["parameter"]) == (
        "#0072B2",
        "#D55E00",
        "#009E73",
    )
    grey = COLOURS["constant"]
    assert grey[1:3] == grey[3:5] == grey[5:7]


@pytest.mark.parametrize("options", [{}, {"svg": False}, {"svg": False, "dpi": 100}])
def test_the_same_figure_gives_the_same_bytes(options):
    assert plot(**options).data == plot(**options).data


def test_the_same_figure_gives_the_same_svg_in_another_process():
    code = (
        "from classroom.viz.kit.style import figure, to_picture\n"
        "with figure(4, 3) as fig:\n"
        "    ax = fig.subplots(); ax.plot([1, 4, 9], label='squares'); ax.legend()\n"
        "    print(to_picture(fig, 'A curve through 1, 4 and 9.', svg=True).data)\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert "<svg" in runs[0]


def test_a_plot_is_shown_one_hundred_pixels_an_inch():
    assert plot().size == (400, 300)
    assert plot(dpi=100).size == (400, 300)
    assert plot(svg=False).data != plot(svg=False, dpi=100).data


def test_the_users_own_settings_neither_leak_in_nor_out():
    before = dict(mpl.rcParams)
    with mpl.rc_context({"axes.facecolor": "red", "lines.linewidth": 30}):
        inside = plot()
    assert inside == plot()
    assert dict(mpl.rcParams) == before


def test_no_figure_is_left_open_and_pyplot_is_not_needed():
    code = (
        "import sys\n"
        "from classroom.viz.kit.style import figure, to_picture\n"
        "with figure() as fig:\n"
        "    fig.subplots().plot([1]); to_picture(fig, 'One single point.')\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_importing_the_pictures_does_not_load_matplotlib():
    code = "import sys, classroom.viz; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


@pytest.mark.parametrize(
    "value, text",
    [
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (2.71828, "2.7183"),
        (-1.00004, "-1"),
        (1e-7, "0.0000"),
        (-1e-7, "0.0000"),
        (0, "0"),
        (123_456.75, "123456.75"),
        (1_234_567.0, "1.235e+06"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
        (10**20, "1e+20"),
    ],
)
def test_numbers_have_at_most_four_decimals(value, text):
    assert number(value) == text


def test_lists_of_looks_are_as_long_as_the_colour_cycle():
    assert len(style.CYCLE) == len(style.LINE_STYLES) == len(style.MARKERS)


@pytest.mark.parametrize("word", ["$", "a$b$", "$\\frac{$", "\\", "%", "名", "\x07", "$_$"])
def test_any_word_may_be_a_label(word, recwarn):
    with figure(4, 3) as fig:
        ax = fig.subplots()
        ax.bar([0, 1], [1, 2], label=word)
        ax.set_xticks([0, 1], [word, "b"])
        ax.set_title(word)
        ax.text(0, 1, word)  # a logarithmic axis has no 0
        ax.set_xlabel(word)
        ax.legend()
        ax.set_yscale("log")
        ax.set_ylabel(word)
        for svg in (True, False):
            picture = to_picture(fig, "Two bars, of 1 and of 2, under any words.", svg=svg)
            if svg:
                texts = [
                    "".join(each.itertext())
                    for each in ET.fromstring(picture.data).iter("{http://www.w3.org/2000/svg}text")
                ]
                assert texts.count(visible(word)) == 6
                assert not [text for text in texts if "mathdefault" in text]
    assert [str(warning.message) for warning in recwarn] == []


def test_in_a_home_that_may_not_be_written_a_picture_comes_without_complaints(tmp_path):
    code = "from classroom.viz.kit.style import figure, to_picture\n"
    code += "with figure(1, 1) as fig:\n    fig.subplots().plot([0, 1])\n"
    code += "    print(to_picture(fig, 'A line that rises.'))"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MPL"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "HOME": os.devnull + "/nowhere", "PYTHONPATH": str(ROOT)},
        **{"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120},
    )
    assert (done.stdout, done.stderr) == ("A line that rises.\n", "")


def test_what_matplotlib_says_later_is_heard(caplog):
    with figure(1, 1) as fig:
        fig.subplots()
    logging.getLogger("matplotlib.font_manager").warning("a font is missing")
    assert caplog.messages == ["a font is missing"]
