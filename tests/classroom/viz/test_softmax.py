"""Softmax step by step: the numbers of the package, and a picture that says them all."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest

from classroom.lab.softmax import softmax_steps
from classroom.viz.softmax import softmax_table

SVG = "{http://www.w3.org/2000/svg}"


def test_the_table_writes_the_arithmetic_out():
    picture = softmax_table(softmax_steps([2, 1, 0]))
    texts = [element.text for element in ET.fromstring(picture.data).iter(f"{SVG}text")]
    for words in ("logit", "- max", "exp", "exp / sum", "sum = 1.5032", "0.3679", "0.2447"):
        assert words in texts
    assert "b: logit 1, exp(-1) = 0.3679, / 1.5032 = 0.2447;" in picture.alt


def test_the_bars_are_as_long_as_the_probabilities():
    picture = softmax_table(softmax_steps([math.log(3), 0]))
    widths = [float(r.get("width")) for r in ET.fromstring(picture.data).iter(f"{SVG}rect")][1:]
    assert widths[0] == pytest.approx(3 * widths[1])
