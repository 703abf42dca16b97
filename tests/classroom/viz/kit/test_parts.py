"""Parts of pictures that are controls."""

from classroom.viz.kit.cells import label
from classroom.viz.kit.parts import Axis, at, drags, sets


def test_what_is_said_and_set_is_safe_in_svg():
    made = sets("<rect/>", 'ask "v" & <look>', "letter-2", position=2, head=0)
    assert made == (
        '<g id="letter-2" data-set="position=2;head=0" '
        'data-label="ask &quot;v&quot; &amp; &lt;look&gt;"><rect/></g>'
    )


def test_a_handle_says_its_axes_and_where_it_is():
    axes = [Axis("a", "x", (10, 200), (-3, 3)), Axis("rate", "y", (90, 0), (-4, 1), log=True)]
    made = drags("<circle/>", "the point", axes, 1.5)
    assert 'data-drag="a x 10 200 -3 3; rate y 90 0 -4 1 log" data-now="1.5"' in made


def test_labels_and_groups_are_placed_by_a_transform_so_that_they_can_glide():
    assert 'id="w" transform="translate(10.5 20)"' in label(10.5, 20, "a < b", name="w")
    assert "a &lt; b" in label(0, 0, "a < b")
    assert at(1, 2, "<g/>") == '<g transform="translate(1 2)"><g/></g>'
