"""`tools/reconcile.py`: which pictures are the same, and what of a cell's output is compared."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from classroom.viz.kit import render
from tools.normalise import normalise
from tools.reconcile import PNG, SVG, drawing_looks, reconcile, said

DOT = """digraph {
  node [shape=box, fontname="Helvetica"]
  a [label="input a", color="#0072b2"]; b [label="3.5", fontsize=12]; a -> b [label="slope 2"]
  a -> c [label="hidden", fontcolor=transparent]
  c [shape=none, label=<<TABLE BORDER="4"><TR><TD BGCOLOR="#1a1a1a">c</TD></TR></TABLE>>]
}"""
OTHER_BUILD = (
    ('font-size="12.00"', 'font-size="12"'),
    ('stroke="black"', 'stroke="#000000"'),
    ('fill="none"', 'fill="transparent"'),
    ('svg width="', 'svg width="1'),
    ('x="', 'x="1'),
    (",-", ",-1"),
)


def notebook_of(data):
    outputs = [new_output("display_data", data=data)]
    made = new_notebook(cells=[new_code_cell("draw()", outputs=outputs, execution_count=1)])
    return normalise(made)


@pytest.fixture(scope="module")
def drawing():
    return render.render_svg(DOT)


def test_a_graph_by_another_graphviz_is_no_change(drawing):
    other = drawing
    for old, new in OTHER_BUILD:
        other = other.replace(old, new)
    assert other != drawing
    stored = notebook_of({SVG: drawing, PNG: "c3RpbGw=", "text/plain": "Two boxes."})
    fresh = notebook_of({SVG: other, "text/plain": "Two boxes."})
    assert reconcile(stored, fresh) == []
    assert fresh.cells[0].outputs == stored.cells[0].outputs
    fresh = notebook_of({SVG: other, "text/plain": "Two boxes."})
    assert reconcile(stored, fresh, pictures=True) == []
    assert fresh.cells[0].outputs[0].data[SVG] == other


@pytest.mark.skipif(len(render.renderers()) < 2, reason="needs dot and graphviz-pure")
def test_dot_and_graphviz_pure_draw_the_same_graph():
    drawings = [render.tidy_svg(render._run(each, DOT)) for each in render.renderers()]
    assert len(set(drawings)) > 1
    assert all(drawing_looks(each) == drawing_looks(drawings[0]) for each in drawings)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("slope 2", "slope 3"),
        ("input a", "data a"),
        ("#0072b2", "#d55e00"),
        ('font-size="12.00"', 'font-size="14.00"'),
    ],
)
def test_a_graph_that_says_or_looks_otherwise_is_a_change(drawing, old, new):
    assert old in drawing
    assert drawing_looks(drawing) != drawing_looks(drawing.replace(old, new))


def test_a_drawing_of_our_own_is_the_same_only_to_the_byte():
    svg = '<svg><rect width="40"/></svg>'
    assert drawing_looks(svg) != drawing_looks(svg.replace("40", "41"))


def plot(shift=0.0, colour="#0072B2", title="Loss", width=4.0):
    from classroom.viz.kit.style import figure, to_picture

    with figure(width, 2) as fig:
        ax = fig.subplots()
        ax.plot([0, 1, 2], [shift, 1, 0.5], color=colour)
        ax.set_title(title)
        return to_picture(fig, "A line that rises and falls, from 0 to 0.5.").data


OTHERS = [{"colour": "#D55E00"}, {"width": 4.5}, {"shift": 0.9, "title": "A much longer title"}]


def test_a_plot_is_the_same_where_only_places_differ():
    pytest.importorskip("matplotlib")
    assert plot() != plot(shift=0.002)
    assert drawing_looks(plot()) == drawing_looks(plot(shift=0.002))


@pytest.mark.parametrize("other", OTHERS)
def test_a_plot_in_another_colour_size_or_with_other_words_is_another(other):
    pytest.importorskip("matplotlib")
    assert drawing_looks(plot()) != drawing_looks(plot(**other))


def test_an_image_is_the_same_only_to_the_byte():
    stored = notebook_of({PNG: "c3RpbGw=", "text/plain": "A photograph."})
    fresh = notebook_of({PNG: "bW92ZWQ=", "text/plain": "A photograph."})
    assert reconcile(stored, fresh) == []
    assert fresh.cells[0].outputs[0].data[PNG] == "bW92ZWQ="


IMAGE = '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="b">'


def test_all_is_compared_but_pictures_and_tracebacks():
    error = new_output("error", ename="ValueError", evalue="bad", traceback=["line 3"])
    shown = new_output(
        "display_data", data={"image/png": "x", "text/plain": "alt", "text/html": IMAGE}
    )
    streams = [new_output("stream", name=name, text="a\nb\n") for name in ("stdout", "stderr")]
    assert said([*streams, shown, error]) == [
        *("stdout: a", "stdout: b", "stderr: a", "stderr: b"),
        *('text/html: <img src="data:image" alt="b">', "text/plain: alt", "error: ValueError: bad"),
    ]
