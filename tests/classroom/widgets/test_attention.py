import pytest

from classroom.widgets.attention import AttentionExplorer


@pytest.fixture(scope="module")
def explorer():
    return AttentionExplorer("ava", head=1, position=2)


def test_it_says_whom_the_position_looks_at(explorer):
    explorer.set(name="ava", head=1, position=2)
    assert "position 2 (v) of 'ava' looks most at position 1 (a): 0.95" in repr(explorer)
    explorer.controls["position"].value = 3
    assert "position 3 (a)" in explorer.result
    explorer.controls["head"].value = 2
    assert "head 2" in explorer.picture.alt


def test_two_equal_letters_are_two_positions(explorer):
    explorer.set(name="anna", head=1, position=2)
    first = explorer.picture.alt
    explorer.set(position=3)
    assert "(n)" in explorer.result and explorer.picture.alt != first


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Emma", "This model knows small letters only: try emma"),
        ("😀", "the letters a to z, not '😀': try anna"),
        ("נועה", "not 'נ': try anna"),
        ("a" * 16, "At most 15 letters fit here"),
        ("a" * 10_000, "At most 15 letters fit here, and this has 10000"),
    ],
)
def test_what_cannot_be_read_is_told_inside_and_the_next_name_clears_it(explorer, name, said):
    explorer.set(name="ava")
    explorer.set(name=name)
    assert said in explorer.error and 'role="alert"' in explorer._status.value
    explorer.set(name="jo")
    assert explorer.error == "" and "'jo'" in explorer.result


def test_an_empty_name_is_the_mark_alone(explorer):
    explorer.set(name="", position=5)
    assert explorer.error == "" and "BOS is alone" in explorer.result


def test_the_slider_ends_where_the_name_ends(explorer):
    explorer.set(name="jo", position=9)
    assert "position 2 (o)" in explorer.result and explorer.controls["position"].max == 2
    explorer.set(name="olivia", position=6)
    assert "position 6 (a)" in explorer.result
    explorer.controls["name"].value = "jo"
    assert "position 2 (o)" in explorer.result and explorer.error == ""


def test_every_choice_can_be_drawn(explorer):
    for name in ("", "anna", "a" * 15):
        for head in range(4):
            for position in range(16):
                explorer.set(name=name, head=head, position=position)
                assert explorer.error == "" and explorer.picture.size == (900, 400)


def test_letters_are_controls_and_the_triangle_is_one_click_away(explorer):
    explorer.set(name="anna", position=4)
    assert 'data-set="position=2"' in explorer.picture.data
    explorer._heard(None, {"set": {"position": "2"}}, None)
    assert explorer.result.startswith("position 2 (n)")
    words = explorer.picture.alt
    explorer.set(numbers=True)
    assert explorer.picture.alt == words and explorer.picture.size == (900, 399)
