"""`tools/images.py`: an image that shows the same stays byte for byte."""

from __future__ import annotations

import io

import pytest

Image = pytest.importorskip("PIL.Image")
images = pytest.importorskip("tools.images")


def drawn(*shades: int, speck: int = 0, size: int = 40, kind: str = "GIF") -> bytes:
    """Draw grey frames, with one pixel of another shade."""
    frames = [Image.new("RGB", (size, 20), (shade,) * 3) for shade in shades]
    for frame in frames:
        frame.putpixel((3, 3), (speck,) * 3)
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}
    frames[0].save(buffer, kind, **more)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("new", "alike"),
    [
        (drawn(100, 200, speck=90), True),
        (drawn(100, 200, size=44), False),
        (drawn(100, 230), False),
        (drawn(100), False),
    ],
    ids=["a speck", "wider", "another shade", "a frame less"],
)
def test_only_an_image_that_shows_something_else_is_replaced(tmp_path, capsys, new, alike):
    old = drawn(100, 200)
    (tmp_path / "a.gif").write_bytes(old)
    (tmp_path / "other.txt").write_text("text")
    with images.kept_where_alike(tmp_path):
        (tmp_path / "a.gif").write_bytes(new)
        (tmp_path / "new.png").write_bytes(drawn(1, kind="PNG"))
    assert ((tmp_path / "a.gif").read_bytes() == old) == alike
    assert ("a.gif: shows what it showed" in capsys.readouterr().out) == alike
    assert (tmp_path / "new.png").exists()
