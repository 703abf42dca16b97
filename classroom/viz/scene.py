"""Where everything of the picture of all weights stands, and what is seen of it (00, 06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from classroom.viz.squares import Field, Numbers, Places

TITLES = {
    "wte": "a column a letter",
    "wpe": "a place",
    "attn_wq": "query",
    "attn_wk": "key",
    "attn_wv": "value",
    "attn_wo": "answer",
    "mlp_fc1": "64 detectors look",
    "mlp_fc2": "and speak",
    "lm_head": "a score a letter",
}
Point = tuple[int, int]
Square = tuple[str, int, int]


def places(pitch: int, group: int, corners: Sequence[Point]) -> Places:
    """The nine fields in the order of a token's way; a path's corner for each."""
    sizes = [(27, 16), (16, 16), *[(16, 16)] * 4, (64, 16), (16, 64), (27, 16)]
    return tuple(
        Field(
            f"layer0.{name}" if "_" in name and name != "lm_head" else name,
            *size,
            *corner,
            pitch,
            name not in ("attn_wo", "mlp_fc2"),
            group if name.startswith("attn") else 99,
        )
        for name, size, corner in zip(TITLES, sizes, corners)
    )


@dataclass(frozen=True)
class Layout:
    """Where everything is, in one width of page; a panel is a corner and a width."""

    width: int
    height: int
    fields: Places
    streams: tuple[Point, Point, Point]
    """After the embeddings, after attention, after the MLP."""
    gaps: tuple[tuple[int, int, int], ...]
    """Where the stream runs from matrix to matrix: top, left, right."""
    bars: tuple[int, int, int]
    """Left, foot, height of the tallest."""
    looks: tuple[int, int, int]
    losses: tuple[int, int, int]
    names: tuple[int, int, int]
    long_titles: bool

    def of(self, key: str) -> Field:
        """The field of a matrix."""
        return next(field for field in self.fields if field.key == key)


WIDE = Layout(
    *(900, 406),
    places(
        *(6, 4),
        [(16, 40), (198, 40), (336, 40), (448, 40), (560, 40), (672, 40)]
        + [(16, 180), (16, 292), (432, 292)],
    ),
    ((314, 40), (795, 40), (411, 292)),
    (
        *((40, 178, 198), (40, 294, 336), (40, 438, 448), (40, 550, 560), (40, 662, 672)),
        *((40, 774, 806), (292, 400, 432)),
    ),
    (432, 262, 70),
    (818, 40, 76),
    (622, 180, 262),
    (622, 300, 262),
    True,
)
NARROW = Layout(
    *(352, 768),
    places(
        *(5, 99),
        [(8, 76), (158, 76), (4, 216), (92, 216), (180, 216), (268, 216)]
        + [(16, 326), (16, 420), (8, 640)],
    ),
    ((250, 76), (349, 999), (340, 420)),
    ((76, 143, 158), (76, 238, 262), (420, 336, 350)),
    (8, 612, 56),
    (268, 76, 80),
    (166, 536, 180),
    (166, 664, 180),
    False,
)


@dataclass(frozen=True)
class Scene:
    """What is to be seen of a model at one moment; all but weights and tokens may be left out.

    Attributes
    ----------
    weights, tokens
        The nine matrices; the characters and ``end``.
    light, hue
        How much passes each weight (a matrix that is missing is dark); ``"gradient"`` for slopes.
    reading : pair of int
        The token id that is read, and its position.
    streams, hidden, looks, labels
        The vectors between the matrices; the detectors; each head's shares of what is read.
    text, probs, before, comes, thrown
        After what; how likely each is to come, and without any change; what does; the die's name.
    targets, losses, usual, heading, names, usual_names
        What each letter costs, and names that are written; `usual` is without any change.
    chosen, move, line
        The weight that is pointed at, what was added to it; what is going on, in two short parts.
    off, heads_off, detectors_off, chips
        What is switched off; buttons as pairs of words and the new value of ``off``.
    curve, at, last, floors, curve_title
        Losses of a run, one for each step seen; which is now; its steps in all; what tables reach.
    """

    weights: Numbers
    tokens: Sequence[str]
    light: Numbers = field(default_factory=dict)
    hue: str = ""
    reading: Point | None = None
    streams: Sequence[Sequence[float]] = ()
    hidden: Sequence[float] = ()
    looks: Sequence[Sequence[float]] = ()
    labels: Sequence[str] = ()
    text: str = ""
    probs: Sequence[float] = ()
    before: Sequence[float] = ()
    comes: str = ""
    thrown: str | None = None
    targets: Sequence[str] = ()
    losses: Sequence[float] = ()
    usual: Sequence[float] = ()
    heading: str = "names that it writes"
    names: Sequence[str] = ()
    usual_names: Sequence[str] = ()
    chosen: Square | None = None
    move: float = 0.0
    line: Sequence[str] = ()
    off: Sequence[str] = ()
    heads_off: frozenset[int] = frozenset()
    detectors_off: frozenset[int] = frozenset()
    chips: Sequence[tuple[str, str]] = ()
    curve: Sequence[tuple[int, float]] = ()
    at: int = 0
    last: int = 0
    floors: Sequence[tuple[str, float]] = ()
    curve_title: str = "loss on names held out"
