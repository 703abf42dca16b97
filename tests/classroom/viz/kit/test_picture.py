"""`Picture`: the words travel with the image, wrong use gets a clear answer."""

from __future__ import annotations

import base64
import dataclasses
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from classroom.viz import Picture
from classroom.viz.kit.style import figure, to_picture

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect/></svg>'
ALT = 'A rectangle, "wide" & 30 < 40 pixels. It has no colour.'
KIND = "image/svg+xml", ALT
SVG = "{http://www.w3.org/2000/svg}"


def svg():
    return Picture(DRAWING, "image/svg+xml", ALT)


def png(width=None):
    with figure(3, 2) as fig:
        fig.subplots().plot([1, 2])
        plain = to_picture(fig, ALT, dpi=100, svg=False)
    return Picture(plain.data, "image/png", ALT, width=width)


def tags(html):
    found = []
    parser = HTMLParser()
    parser.handle_startendtag = parser.handle_starttag = lambda tag, attrs: found.append(
        (tag, dict(attrs))
    )
    parser.feed(html)
    return found


@pytest.mark.parametrize("picture", [svg(), png()], ids=["svg", "png"])
def test_jupyter_gets_the_image_the_alt_text_and_its_metadata(picture):
    data, metadata = picture._repr_mimebundle_()
    assert data["text/plain"] == ALT
    assert metadata[picture.mime]["alt"] == ALT
    assert set(data) == {picture.mime, "text/html", "text/plain"}


@pytest.mark.parametrize("picture", [svg(), png(150)], ids=["svg", "png"])
def test_the_html_that_jupyter_prefers_is_one_image_with_everything_in_it(picture):
    ((tag, attrs),) = tags(picture._repr_mimebundle_()[0]["text/html"])
    kind, _, content = attrs["src"].partition(";base64,")
    whole = picture.data if isinstance(picture.data, bytes) else picture.data.encode()
    assert (tag, kind, base64.b64decode(content)) == ("img", f"data:{picture.mime}", whole)
    assert attrs["alt"] == ALT
    assert (int(attrs["width"]), int(attrs["height"])) == picture.size


def test_a_drawing_without_a_size_gets_none():
    drawn = Picture('<svg xmlns="http://www.w3.org/2000/svg"></svg>', *KIND)
    ((_, attrs),) = tags(drawn.image())
    assert not {"width", "height"} & set(attrs)


def test_a_png_is_given_to_jupyter_as_base64():
    picture = png()
    assert base64.b64decode(picture._repr_mimebundle_()[0]["image/png"]) == picture.data


def test_a_svg_is_an_image_with_title_description_and_label():
    root = ET.fromstring(svg().data)
    assert root.get("role") == "img"
    assert root.get("aria-label") == ALT
    assert root.find(f"{SVG}title").text == 'A rectangle, "wide" & 30 < 40 pixels.'
    assert root.find(f"{SVG}desc").text == ALT
    assert root.find(f"{SVG}rect") is not None


def test_the_html_of_a_png_carries_the_alt_text_and_the_size():
    ((tag, attrs),) = tags(png(width=150).html())
    assert tag == "img"
    assert attrs["alt"] == ALT
    assert (attrs["width"], attrs["height"]) == ("150", "100")


def test_the_html_of_a_svg_is_the_svg_without_a_prologue():
    picture = Picture('<?xml version="1.0"?>\n' + DRAWING, "image/svg+xml", ALT)
    assert picture.html().startswith("<svg ")
    assert ET.fromstring(picture.html()).get("aria-label") == ALT


def test_the_shown_width_of_a_png_reaches_jupyter():
    assert png(width=150)._repr_mimebundle_()[1]["image/png"]["width"] == 150
    assert "width" not in png()._repr_mimebundle_()[1]["image/png"]
    assert png().size == (300, 200)
    assert png(width=150).size == (150, 100)
    assert svg().size == (30, 20)


@pytest.mark.parametrize("picture, name", [(svg(), "a.svg"), (png(), "a.png")])
def test_save_writes_the_image(picture, name, tmp_path):
    path = picture.save(tmp_path / name)
    data = path.read_bytes()
    assert data == (picture.data if name == "a.png" else picture.data.encode())


def test_save_refuses_an_ending_that_does_not_fit(tmp_path):
    with pytest.raises(ValueError, match=r"'a\.png'.*must end in \.svg"):
        svg().save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"must end in \.png"):
        png().save(str(tmp_path / "a"))
    assert list(tmp_path.iterdir()) == []


def test_save_says_that_the_folder_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="folder .*nowhere.* does not exist"):
        svg().save(tmp_path / "nowhere" / "a.svg")


@pytest.mark.parametrize("alt", ["", "   ", "picture", "a graph"])
def test_an_alt_text_that_says_nothing_is_refused(alt):
    with pytest.raises(ValueError, match="says too little"):
        Picture(DRAWING, "image/svg+xml", alt)


@pytest.mark.parametrize(
    "data, mime, alt, error, words",
    [
        (DRAWING, "image/gif", ALT, ValueError, "image/gif"),
        (DRAWING, "image/png", ALT, TypeError, "must be bytes, got str"),
        (b"GIF89a", "image/png", ALT, ValueError, "no PNG"),
        (DRAWING.encode(), "image/svg+xml", ALT, TypeError, "must be a str, got bytes"),
        ("<p>no</p>", "image/svg+xml", ALT, ValueError, "no <svg> tag"),
        (DRAWING, "image/svg+xml", None, TypeError, "alt must be a str"),
    ],
)
def test_data_that_is_no_such_image_is_refused(data, mime, alt, error, words):
    with pytest.raises(error, match=words):
        Picture(data, mime, alt)


def test_a_picture_cannot_be_changed_and_compares_by_content():
    assert svg() == svg()
    with pytest.raises(dataclasses.FrozenInstanceError):
        svg().alt = "something else entirely"


def test_print_says_what_is_shown_and_repr_has_no_address():
    assert str(svg()) == ALT
    assert repr(svg()) == f"Picture(image/svg+xml: {ALT})"


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x07", "\ufffe", "\ud800", "\u202e", "\x9b"])
def test_characters_that_no_picture_can_show_are_written_as_escapes(char):
    drawn = SQUARE_WITH.format(char)
    picture = Picture(drawn, "image/svg+xml", f"A square that says {char}, and no more.")
    assert char not in picture.data and char not in picture.alt
    shown = ET.fromstring(picture.data).find(".//{*}text").text
    assert shown == f"a{ascii(char)[1:-1]}b"


SQUARE_WITH = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>a{}b</text></svg>'
