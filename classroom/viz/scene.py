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
    *(900, 390),
    places(
        *(6, 4),
        [(16, 24), (198, 24), (336, 24), (448, 24), (560, 24), (672, 24)]
        + [(16, 164), (16, 276), (432, 276)],
    ),
    ((314, 24), (795, 24), (411, 276)),
    (
        *((24, 178, 198), (24, 294, 336), (24, 438, 448), (24, 550, 560), (24, 662, 672)),
        *((24, 774, 806), (276, 400, 432)),
    ),
    (432, 246, 70),
    (818, 24, 76),
    (622, 164, 262),
    (622, 284, 262),
    True,
)
NARROW = Layout(
    *(352, 716),
    places(
        *(5, 99),
        [(8, 24), (158, 24), (4, 164), (92, 164), (180, 164), (268, 164)]
        + [(16, 274), (16, 368), (8, 588)],
    ),
    ((250, 24), (349, 999), (340, 368)),
    ((24, 143, 158), (24, 238, 262), (368, 336, 350)),
    (8, 560, 56),
    (268, 24, 80),
    (166, 484, 180),
    (166, 612, 180),
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
        The vectors between the matrices; the detectors; each head's shares of the positions, and
        what is read there.
    text, probs, before, comes, thrown
        What has been read; the probabilities of what comes next, and those without any change; what
        really comes; the name with what the die falls on.
    targets, losses, usual
        The letters to be guessed, their losses, and those without any change.
    heading, names, usual_names
        Names that it writes, and what it writes without any change.
    chosen, move, hint
        The weight that is pointed at, what was added to it, a line about what can be done.
    off, heads_off, detectors_off, chips
        What is switched off; buttons as pairs of words and the new value of ``off``.
    curve, at, last, floors, curve_title
        Losses of a training run, one for each step seen; which of them is now; how many steps there
        will be; what simple tables reach, by name; and what stands above.
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
    hint: str = ""
    off: Sequence[str] = ()
    heads_off: frozenset[int] = frozenset()
    detectors_off: frozenset[int] = frozenset()
    chips: Sequence[tuple[str, str]] = ()
    curve: Sequence[tuple[int, float]] = ()
    at: int = 0
    last: int = 0
    floors: Sequence[tuple[str, float]] = ()
    curve_title: str = "loss on names held out"
