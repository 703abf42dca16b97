"""The tree of names that begin alike: which way the next characters go, and how often (09)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import escape

from classroom.viz.cells import drawing, label
from classroom.viz.picture import Picture
from classroom.viz.style import COLOURS, INK, PAPER, TEXT, number
from microgpt.inference import Weights, plain_weights
from microgpt.model import Config, StateDict
from microgpt.sampling import next_token_probs
from microgpt.tokenizer import CharTokenizer

WIDTH, STEP, LEFT, TOP, LINE = 960, 136, 20, 40, 25
"""Pixels: the drawing, a character's step to the right, where it begins, a leaf's height."""
DEPTH = 6
"""Characters that are drawn; the picture has room for no more."""


@dataclass
class Branch:
    """A beginning, and the ways on from it.

    Attributes
    ----------
    text : str
        All characters so far.
    prob : float
        Probability of coming here, from the root.
    ended : bool
        Whether the document ends here: the mark was drawn.
    children : list of Branch
        Ways on that are probable enough, the most probable first.
    """

    text: str
    prob: float
    ended: bool = False
    children: list[Branch] = field(default_factory=list)

    def leaves(self) -> Iterator[Branch]:
        """The ends of all ways from here, from top to bottom."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def name_tree(
    state_dict: StateDict | Weights,
    config: Config,
    tokenizer: CharTokenizer,
    prefix: str = "",
    temperature: float = 1.0,
    smallest: float = 0.02,
) -> Branch:
    """Follow all ways from a beginning on which at least a share of the names goes.

    Parameters
    ----------
    state_dict, config, tokenizer, prefix, temperature
        As for `microgpt.next_token_probs`.
    smallest : float
        The share below which a way is not followed, from 0.01 to 1.

    Returns
    -------
    Branch
        The root, with probability 1. No way is longer than `DEPTH` characters.

    Raises
    ------
    ValueError
        As `microgpt.next_token_probs`, or if `smallest` would make a tree too large to draw.
    """
    if not 0.01 <= smallest <= 1:
        raise ValueError(f"the smallest share must be from 0.01 to 1, not {smallest}")
    weights = plain_weights(state_dict)

    def grow(text: str, prob: float) -> Branch:
        branch = Branch(text, prob)
        if len(text) - len(prefix) == DEPTH or len(text) == config.block_size:
            return branch
        given = text[: config.block_size - 1]
        probs = next_token_probs(weights, config, tokenizer, given, temperature)
        for token_id in sorted(range(len(probs)), key=lambda i: (-probs[i], i)):
            share = prob * probs[token_id]
            if share < smallest:
                break
            if token_id == tokenizer.BOS:
                branch.children.append(Branch(text, share, ended=True))
            else:
                branch.children.append(grow(text + tokenizer.chars[token_id], share))
        return branch

    next_token_probs(weights, config, tokenizer, prefix, temperature)  # its complaints
    return grow(prefix, 1.0)


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
    parts: list[str] = []
    _draw(root, 0, rows, parts, known)
    words = f"ways that at least {100 * smallest:g} in 100 names go; "
    words += "● finished and in the data, ○ finished and new"
    parts.append(label(LEFT, 22, words, 14, "start"))
    return drawing(WIDTH, TOP + LINE * len(leaves) + 8, parts, _in_words(root, leaves, known))


def _draw(
    branch: Branch, depth: int, rows: dict[int, int], parts: list[str], known: Collection[str]
) -> float:
    """Add a branch and what grows from it to the parts; return its height on the page."""
    heights = [_draw(child, depth + 1, rows, parts, known) for child in branch.children]
    x = LEFT + depth * STEP
    y = sum(heights) / len(heights) if heights else TOP + LINE * (rows[id(branch)] + 0.5)
    begin = x + (56 if depth else 10 + 14 * len(_root_words(branch)))
    for child, height in zip(branch.children, heights):
        end, wide = x + STEP - 10, 1 + 16 * child.prob
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
    percent = f" {100 * branch.prob:.0f}%" + ("" if branch.ended or branch.children else " …")
    if branch.ended:
        fill = INK["data"] if branch.text in known else PAPER
        disc = f'<circle cx="{x + 2}" cy="{y:.1f}" r="5.5" fill="{fill}" stroke="{INK["data"]}"/>'
        parts, words, size, x = [disc], branch.text, 16, x + 13
    small = f'<tspan font-size="13" font-weight="normal">{percent}</tspan>'
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
