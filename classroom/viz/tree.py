"""The tree of names that begin alike, drawn from left to right (chapter 09)."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from classroom.lab.tree import Branch
from classroom.lab.written import number
from classroom.viz.kit.cells import drawing, label
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT

WIDTH, LEFT, TOP, LINE, WIDEST, LAST = 960, 20, 40, 25, 250, 124
"""Pixels: the drawing, its margins, a leaf's height, the longest step, room for the last words."""
RIVER = 40  # pixels: how wide a way is that all names go


def tree_picture(root: Branch, known: Collection[str], smallest: float = 0.02) -> Picture:
    """Draw a tree of names from left to right; a thick line is a way that many names go.

    Parameters
    ----------
    root : Branch
        From `name_tree`.
    known : collection of str
        The data: a finished name in it gets a filled disc.
    smallest : float
        The share that the tree was grown with, for the caption.
    """
    leaves = list(root.leaves())
    rows = {id(leaf): place for place, leaf in enumerate(leaves)}
    levels = max(len(leaf.text) + leaf.ended for leaf in leaves) - len(root.text)
    words = f"ways that at least {100 * smallest:g} in 100 names go; "
    words += "● finished and in the data, ○ finished and new"
    height = TOP + LINE * len(leaves) + 8

    def drawn(width: int) -> list[str]:
        parts = [label(LEFT, 22, words, 14, "start")]
        step = min(WIDEST, (width - LEFT - LAST) // max(levels, 1))
        _draw(root, 0, max(step, 84), rows, parts, known)
        return parts

    across = max(LEFT + 84 * levels + LAST, 358)
    cut = [(LEFT - 2, 0, 9, 30), [(0, TOP - 6, across, height - TOP + 6)]]
    return drawing(
        *(WIDTH, height, drawn(WIDTH), _in_words(root, leaves, known)),
        lambda: stacked_windows(drawn(across), cut),
    )


def _draw(
    branch: Branch, depth: int, step: int, rows: dict[int, int], parts: list[str],
    known: Collection[str],
) -> float:  # fmt: skip
    """Add a branch and what grows from it to the parts; return its height on the page."""
    heights = [_draw(child, depth + 1, step, rows, parts, known) for child in branch.children]
    x = LEFT + depth * step
    y = sum(heights) / len(heights) if heights else TOP + LINE * (rows[id(branch)] + 0.5)
    begin = x + (56 if depth else 10 + 14 * len(_root_words(branch)))
    for child, height in zip(branch.children, heights):
        end, wide = x + step - 10, 1 + RIVER * child.prob
        bend = (begin + end) / 2
        way = f"M{begin},{y:.1f} C{bend},{y:.1f} {bend},{height:.1f} {end},{height:.1f}"
        look = f'fill="none" stroke="{COLOURS["second"]}" stroke-width="{wide:.1f}"'
        parts.append(f'<path d="{way}" {look}/>')
    parts += _words(branch, depth, x, y, known)
    return y


def _root_words(branch: Branch) -> str:
    """The beginning, as far as there is room for it."""
    text = branch.text or "BOS"
    return text if len(text) <= 7 else "…" + text[-6:]


def _words(branch: Branch, depth: int, x: float, y: float, known: Collection[str]) -> list[str]:
    """What stands at a branch: its last character, or the finished name with its disc."""
    if not depth:
        return [label(x, y + 6, _root_words(branch), 20, "start", bold=True)]
    words, parts, size = branch.text[-1:] or "BOS", [], 18
    percent = f"{100 * branch.prob:.0f}%" + ("" if branch.ended or branch.children else " …")
    if branch.ended:
        fill = INK["data"] if branch.text in known else PAPER
        disc = f'<circle cx="{x + 2}" cy="{y:.1f}" r="5.5" fill="{fill}" stroke="{INK["data"]}"/>'
        parts, words, size, x = [disc], branch.text, 16, x + 13
    small = f'<tspan dx="7" font-size="13" font-weight="normal">{percent}</tspan>'
    text = f'<text x="{x}" y="{y + 6:.1f}" font-size="{size}" font-weight="bold" fill="{TEXT}">'
    return [*parts, f"{text}{escape(words)}{small}</text>"]


def _in_words(root: Branch, leaves: list[Branch], known: Collection[str]) -> str:
    """Say the first characters, the finished names and what the tree leaves out."""
    first = ", ".join(f"{c.text[-1:] or 'BOS'} {c.prob:.4f}" for c in root.children if not c.ended)
    done = sorted((leaf for leaf in leaves if leaf.ended), key=lambda b: (-b.prob, b.text))
    names = ", ".join(
        f"{b.text}{'*' if b.text in known else ''} {number(round(b.prob, 4))}" for b in done
    )
    rest = 1 - sum(leaf.prob for leaf in leaves)
    return (
        f"Tree of what may follow {root.text!r}: first {first}. Finished names (* in the data): "
        f"{names or 'none'}. {len(leaves)} ways are drawn; rarer ones, together {rest:.4f}, "
        "are not."
    )
