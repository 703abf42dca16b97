"""A computation graph in the DOT language: shapes, colours and the table inside each node (01, 02).

Kinds of node differ in shape as well as in colour: a computed node is a box with the operation's
sign on a dark field, an input a rounded box, a parameter a box with a double border, a constant a
dashed box.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from classroom.lab.nodes import Node
from classroom.lab.written import number
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT, TINT

SIGNS = {"*": "×", "+": "+"}
OUTLINES = {
    "input": f'shape=box style="rounded,filled" color="{COLOURS["data"]}"',
    "parameter": f'shape=box peripheries=2 style=filled color="{COLOURS["parameter"]}"',
    "constant": f'shape=box style="dashed,filled" color="{COLOURS["constant"]}"',
    "operation": "shape=plain",
}
UNSEEN = f"{PAPER}01"
"""The ground's colour, all but transparent: for ``transparent`` Graphviz writes a visible white."""
KIND_INK = {"input": "data", "parameter": "parameter", "constant": "constant"}
FILLS = {kind: TINT[hue] for kind, hue in KIND_INK.items()} | {"operation": PAPER}


def dot_source(
    nodes: Sequence[Node], grads: Mapping[int, str], notes: Mapping[tuple[int, int], str],
    tags: Mapping[int, str], *, bold: Iterable[int] = (), pale: Iterable[int] = (),
    unwritten: Iterable[int] = (), room: Mapping[int, int] | None = None, note_width: int = 0,
) -> str:  # fmt: skip
    """Write a graph in the DOT language; the same graph always gives the same text.

    By a node's index: `grads`, the line about its gradient; `tags`, a word above it; by (index,
    position), `notes`: the text on the edge from that child. Nodes and the edges into them are
    thick if `bold`, dashed if `pale`; edges into the `unwritten` keep room for their notes without
    showing them. With `room`, the letters that a node's gradient line may take, a node keeps its
    size when it becomes bold, so that a walk over the graph does not move it; with `note_width`, in
    pixels, so does a note whose number changes.
    """
    bold, pale, unwritten = set(bold), set(pale), set(unwritten)
    lines = [
        "digraph {",
        f'  graph [rankdir=LR bgcolor="{PAPER}" nodesep=0.25 ranksep=0.45 pad=0.1]',
        f'  node [fontname="Helvetica" fontsize=12 fontcolor="{TEXT}" margin="0.1,0.05"]',
        f'  edge [fontname="Helvetica" fontsize=11 color="{INK["constant"]}" arrowsize=0.7]',
    ]
    for node in nodes:
        is_bold, is_pale = node.index in bold, node.index in pale
        content = _label(node, grads, tags, is_bold, is_pale, room)
        lines.append(f"  n{node.index} [{_outline(node, is_bold, is_pale)} label=<{content}>]")
    for node in nodes:
        for position, child in enumerate(node.children):
            note = notes.get((node.index, position), "")
            look = _edge_look(note, node.index in bold, node.index in unwritten, note_width)
            if room is not None and node.index in bold:
                look += " dir=back"  # the gradient goes from the node to its child
            lines.append(f"  n{child} -> n{node.index} [{look}]")
    return "\n".join([*lines, "}", ""])


def _outline(node: Node, bold: bool, pale: bool) -> str:
    """Return the DOT attributes of a node's shape."""
    look = OUTLINES[node.kind]
    if node.kind == "operation":
        return look
    if pale:
        look = look.replace("filled", "filled,dashed")
    fill = PAPER if pale else FILLS[node.kind]
    return f'{look} fillcolor="{fill}" penwidth={3 if bold else 1.2}'


def _label(
    node: Node, grads: Mapping[int, str], tags: Mapping[int, str], bold: bool, pale: bool,
    room: Mapping[int, int] | None,
) -> str:  # fmt: skip
    """Return the HTML-like label of a node: kind or mark, name, data, gradient."""
    rows = []
    if node.index in tags:
        ink = INK["gradient"] if tags[node.index].startswith("✗") else TEXT
        rows.append((tags[node.index], ink, ""))
    elif not node.children:
        rows.append((node.kind, INK[KIND_INK[node.kind]], "small"))
    if node.name:
        rows.append((node.name, TEXT, "bold"))
    elif node.children:
        rows.append((f"#{node.index}", INK["constant"], ""))
    rows.append((f"data {number(node.data)}", INK["data"], ""))
    if node.index in grads:
        rows.append((grads[node.index], INK["gradient"], ""))
    letters = max(len(text) for text, _, _ in rows)
    if room is not None:
        letters = max(letters, room.get(node.index, 0), len("○ waiting"))
    width = max(48, round(7.4 * letters) + 10)  # room for any font
    table = _table(node, [_cell(width, *row) for row in rows], bold, pale)
    if room is None or node.kind != "operation":
        return table
    return (
        f'<table border="0" cellborder="0" cellspacing="0" cellpadding="{0 if bold else 3}">'
        f"<tr><td>{table}</td></tr></table>"
    )


def _cell(width: int, text: str, ink: str, look: str) -> str:
    """Return a cell of the table: a text in its ink, bold or small if that is its look."""
    words = f"<b>{escape(text)}</b>" if look == "bold" else escape(text)
    size = ' point-size="11"' if look == "small" else ""
    return f'<td width="{width}"><font color="{ink}"{size}>{words}</font></td>'


def _table(node: Node, rows: list[str], bold: bool, pale: bool) -> str:
    """Put a node's rows into a table, an operation's with the sign on its left."""
    chip, frame, padding = "", 'border="0"', 1
    if node.kind == "operation":
        sign = SIGNS.get(node.op, node.op)
        chip = (
            f'<td rowspan="{len(rows)}" width="{10 + 9 * len(sign)}" bgcolor="{TEXT}">'
            f'<font color="{PAPER}" point-size="14"><b>{escape(sign)}</b></font></td>'
        )
        frame = f'border="{4 if bold else 1}"' + (' style="dashed"' if pale else "")
        frame += f' bgcolor="{PAPER}"'
        padding = 3
    body = "</tr><tr>".join([chip + rows[0], *rows[1:]])
    return (
        f'<table {frame} cellborder="0" cellspacing="0" cellpadding="{padding}">'
        f"<tr>{body}</tr></table>"
    )


def _edge_look(note: str, bold: bool, unwritten: bool, width: int) -> str:
    """Return the DOT attributes of an edge."""
    parts = []
    if bold:
        parts.append(f'penwidth=2.5 color="{COLOURS["gradient"]}"')
    if note:
        ink = UNSEEN if unwritten else INK["gradient"]
        cell = f'<td width="{width}">{escape(note)}</td>'
        kept = f'<table border="0" cellborder="0" cellspacing="0"><tr>{cell}</tr></table>'
        parts.append(f'label=<{kept if width else f" {escape(note)} "}> fontcolor="{ink}"')
    return " ".join(parts)
