"""Names at the ends of lines, in place of a legend."""

import pytest

pytest.importorskip("matplotlib")

from classroom.viz.kit.named import apart, name_ends
from classroom.viz.kit.style import figure


def test_names_never_overlap_and_stay_below_the_limit():
    placed = apart([(2.4, "a", ""), (2.41, "b", ""), (3.7, "c", ""), (3.7, "d", "")], 0.1, 3.7)
    heights = [y for y, _, _ in placed]
    assert all(b - a >= 0.0999 for a, b in zip(heights, heights[1:]))
    assert max(heights) <= 3.7 and [words for _, words, _ in placed] == list("abcd")


@pytest.mark.parametrize("log", [False, True])
def test_a_line_is_named_where_it_ends_on_either_kind_of_axis(log):
    with figure(4, 3) as fig:
        ax = fig.subplots()
        ax.set_yscale("log" if log else "linear")
        ax.set_ylim(1, 1000)
        name_ends(ax, [(900, "high", "#1A1A1A"), (10, "low", "#1A1A1A")], 0.05)
        found = {text.get_text(): text.xy[1] for text in ax.texts}
    assert found == {"high": pytest.approx(900), "low": pytest.approx(10)}
