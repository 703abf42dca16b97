"""What executing a notebook again may change in what is stored, and what is an error instead.

The stored output of a cell whose source is as it was is a claim: on every machine the same comes
out. So a number or a word that comes out differently is an error that names the cell. A drawing
counts as the same when another Graphviz, another matplotlib or other fonts drew it; then, and where
nothing changed, what is stored stays byte for byte.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from os.path import commonprefix

from nbformat import NotebookNode

from tools.normalise import normalise
from tools.stills import PNG, SVG, without_drawings


@dataclass(frozen=True)
class Change:
    """An output that came out differently: its cell's number and first line, the lines that differ.

    It is excused if the cell, or one before it, was edited since the last execution.
    """

    cell: int
    where: str
    old: str
    new: str
    excused: bool

    def __str__(self) -> str:
        after = " (edited, or after an edited cell)" if self.excused else ""
        at = max(0, len(commonprefix([self.old, self.new])) - 60)  # HTML is one long line
        old, new = ("… " * bool(at) + line[at : at + 160] for line in (self.old, self.new))
        return f"cell {self.cell} ({self.where}){after}:\n    stored {old}\n    now    {new}"


def reconcile(
    stored: NotebookNode, fresh: NotebookNode, *, renew: bool = False, pictures: bool = False
) -> list[Change]:
    """Put stored outputs back into an executed notebook wherever they say the same.

    ``stored`` is as read from the file: an edited cell still has the id of its old source. The
    cells of ``fresh``, executed and normalised, are changed in place. With ``renew`` new outputs of
    cells tagged ``nbval-ignore-output`` are taken, too, with ``pictures`` all new pictures. What
    comes back are the outputs that say something else than the stored ones.
    """
    changes, edited = [], False
    known = [(cell.get("id"), cell.get("execution_count")) for cell in stored.cells]
    pairs = zip(known, normalise(stored).cells, fresh.cells)
    for number, ((name, count), old, new) in enumerate(pairs, start=1):
        if new.cell_type != "code":
            continue
        itself = name != new.id or count is None
        edited = edited or itself
        if "nbval-ignore-output" in new.metadata.get("tags", []):
            if not (renew or itself):
                new.outputs = _counted(old.outputs, new.execution_count)
            continue
        pair = first_difference(said(old.outputs), said(new.outputs))
        if pair is None:
            new.outputs = _merged(_counted(old.outputs, new.execution_count), new, pictures)
        elif not itself:
            lines = [line for line in new.source.splitlines() if line.strip()]
            changes.append(Change(number, lines[0].strip(), *pair, excused=edited))
    return changes


def first_difference(before: list[str], after: list[str]) -> tuple[str, str] | None:
    """The first two lines that differ; None if all are the same."""
    pairs = zip_longest(before, after, fillvalue="")
    return next((pair for pair in pairs if pair[0] != pair[1]), None)


def said(outputs: list[NotebookNode]) -> list[str]:
    """The lines of a cell's outputs that are compared: all but pictures and tracebacks."""
    lines = []
    for output in outputs:
        if output.output_type == "stream":
            parts = {output.name: output.text}
        elif output.output_type == "error":
            parts = {"error": f"{output.ename}: {output.evalue}"}
        else:
            parts = {m: t for m, t in sorted(output.data.items()) if not m.startswith("image/")}
            if "text/html" in parts:
                parts["text/html"] = without_drawings(parts["text/html"])
        lines += [
            f"{kind}: {line}" for kind, text in parts.items() for line in str(text).splitlines()
        ]
    return lines


def _counted(outputs: list[NotebookNode], count: int) -> list[NotebookNode]:
    for output in outputs:
        if output.output_type == "execute_result":
            output.execution_count = count
    return outputs


def _merged(old: list[NotebookNode], cell: NotebookNode, pictures: bool) -> list[NotebookNode]:
    """Stored outputs, or the new one where its picture is another; new ones in another order."""
    kinds = [[o.output_type for o in outputs] for outputs in (old, cell.outputs)]
    if kinds[0] != kinds[1]:
        return cell.outputs
    return [
        before if _same_picture(before, after, pictures) else after
        for before, after in zip(old, cell.outputs)
    ]


def _same_picture(old: NotebookNode, new: NotebookNode, pictures: bool) -> bool:
    before, after = old.get("data", {}), new.get("data", {})
    if SVG not in before or SVG not in after:
        return SVG not in before and SVG not in after and before.get(PNG) == after.get(PNG)
    look = str if pictures else drawing_looks
    return look(before[SVG]) == look(after[SVG])


def drawing_looks(svg: str) -> object:
    """What two drawings of one thing by two versions of a program have in common.

    Of a graph or a plot: its texts with size, weight and colour, the colours of its shapes, its
    groups; but not where all this is. Of a drawing of our own, its source.
    """
    graph, plot = 'class="graph"' in svg, 'id="figure_1"' in svg
    if not (graph or plot):
        return svg
    texts = re.findall(r"<text\b([^>]*)>(.*?)</text>", svg, flags=re.DOTALL)
    wanted = ("font-size", "font-weight", "fill", "class", "style")
    placed = re.compile(r'\s+[xy]="[-\d. ]*"')
    words = Counter((_attributes(a, wanted), placed.sub("", text).strip()) for a, text in texts)
    shapes = re.findall(r"<(?:path|polygon|ellipse|polyline|rect|use)\b([^>]*)>", svg)
    colours = {_attributes(head, ("fill", "stroke", "stroke-width", "style")) for head in shapes}
    groups = Counter(re.findall(r'<g\b[^>]*?(?:class|id)="([^"]*)"', svg))
    size = re.search(r'width="[\d.]+" height="[\d.]+"', svg) if plot else None
    return words, colours, groups, size and size[0]


def _attributes(head: str, wanted: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The wanted attributes of an element, in one spelling: ``12.00`` is ``12``."""
    same = {"transparent": "none", "#fffffe": "none", "black": "#000000", "white": "#ffffff"}
    found = dict(re.findall(r'([\w-]+)="([^"]*)"', head))
    tidy = {
        name: re.sub(r"(\.\d*?)0+$", r"\1", found[name]).rstrip(".")
        for name in wanted
        if name in found
    }
    tidy = {name: same.get(text, text).lower() for name, text in tidy.items()}
    if tidy.get("stroke") == "none":
        tidy.pop("stroke-width", None)
    return tuple(sorted(tidy.items()))
