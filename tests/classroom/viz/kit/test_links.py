"""The machine map's blocks lead to their chapters, in a trusted notebook and in any other."""

import re

import pytest
from support import NOTEBOOKS

from classroom.viz import machine_map
from classroom.viz.maps import BLOCKS


@pytest.fixture(scope="module")
def html():
    return machine_map(5)._repr_mimebundle_()[0]["text/html"]


def test_every_block_is_a_link_that_says_where_it_leads(html):
    links = dict(re.findall(r'<a href="([^"]+)" title="([^"]+)"', html))
    assert set(links) == {path.name for path in NOTEBOOKS[1:]}
    for block in BLOCKS:
        assert f'title="chapter {block.chapter}: {block.title}"' in html


def test_links_lie_inside_the_picture(html):
    sides = re.findall(r"left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%", html)
    assert len(sides) >= len(BLOCKS)
    for left, top, width, height in [map(float, side) for side in sides]:
        assert 0 <= left <= left + width <= 100 and 0 <= top <= top + height <= 100


def test_the_image_in_it_has_its_alt_text_and_its_theme(html):
    assert f'alt="{machine_map(5).alt}"' in html
    assert "max-width:900px" in html
