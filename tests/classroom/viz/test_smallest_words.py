"""No word of a picture is below 11 pixels, on a page of 900 pixels or on a phone."""

import re

import pytest

pytest.importorskip("matplotlib")

from classroom.lab.figures import stored_figures
from classroom.lab.lens import logit_lens
from classroom.lab.tracing import trace
from classroom.viz.cost import cost_picture
from classroom.viz.detectors import mlp_picture
from classroom.viz.efficiency import growth_picture, ladder_picture
from classroom.viz.lens import lens_picture
from classroom.viz.maps import machine_map
from microgpt import load

pytestmark = pytest.mark.any_processor
MODEL = load()
LADDER = [("plain", 1.0, None, None), ("numpy_batched", 15_759.0, 14_000.0, 16_000.0)]
DRAWN = {
    "map": lambda: machine_map(6),
    "detectors": lambda: mlp_picture(trace("emma", *MODEL), 2),
    "lens": lambda: lens_picture(logit_lens("a" * 15, *MODEL), 3),
    "cost": lambda: cost_picture([("plain", 1e9), ("numpy_batched", 2.5)], 1000),
    "ladder": lambda: ladder_picture(LADDER),
    "growth": lambda: growth_picture([tuple(each.values()) for each in stored_figures()["curves"]]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_words_can_be_read(name):
    wide = DRAWN[name]()
    narrow = wide.on_a_phone()
    assert wide.size[0] <= 900 and narrow.size[0] == 358
    for picture in (wide, narrow):
        across = float(re.search(r'viewBox="\S+ \S+ ([\d.]+)', picture.data)[1])
        sizes = re.findall(r'font-size[=:]\s*"?([\d.]+)', picture.data)
        smallest = min(map(float, sizes))
        assert smallest * picture.size[0] / across >= 10.9
