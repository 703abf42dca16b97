"""Where everything stands on the map of the machine, wide and on a phone (all chapters)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classroom.viz.scene import places

WIDTH, HEIGHT = 960, 378
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Block:
    """One block of the map: where it stands, what it says, which chapter builds it."""

    chapter: int
    title: str
    note: str
    x: int
    y: int
    width: int
    height: int = 54


BLOCKS = (
    Block(3, "tokenizer", "text to ids", 72, 100, 92),
    Block(5, "embeddings", "token, place", 186, 100, 110),
    Block(5, "rmsnorm", "even size", 318, 100, 82),
    Block(5, "attention", "look back", 446, 100, 90),
    Block(6, "MLP", "think alone", 588, 100, 86),
    Block(6, "lm_head", "scores", 736, 100, 84),
    Block(4, "softmax", "probabilities", 842, 100, 96),
    Block(9, "sample", "roll the die", 842, 18, 96, 46),
    Block(4, "loss", "surprise", 828, 222, 92),
    Block(2, "backward", "all the slopes", 680, 222, 108),
    Block(7, "Adam", "a step each", 544, 222, 96),
    Block(1, "Value", "every number above remembers how it was made", 72, 322, 580, 44),
    Block(11, "efficiency", "the same, faster", 674, 322, 264, 44),
)
"""From left to right along the way of a character, then the training loop, then the floor."""

WEIGHTS = places(
    *(5, 99),
    [(0, 0), (150, 0), (245, 0), (340, 0), (435, 0), (530, 0), (0, 92), (335, 92), (670, 92)],
)
"""The nine matrices; they are drawn half as large."""
BUILT = {5: ("wte", "wpe", "attn"), 6: ("mlp", "lm_head")}
"""Which matrices a chapter builds."""
PHONE, PHONE_LOOP = (358, 760), (204, 252, 140, 330)
PHONE_PLACES = [(46, 76), (46, 140), (46, 204), (46, 278), (46, 352), (46, 450), (46, 514)]
PHONE_PLACES += [(46, 578), (212, 514), (212, 432), (212, 350), (20, 648), (20, 704)]
PHONE_BLOCKS = [
    replace(block, x=x, y=y, width=318 if x == 20 else 120 if x == 46 else 124, height=46)
    for block, (x, y) in zip(BLOCKS, PHONE_PLACES)
]
"""Where everything is on a phone."""
LAYER = (424, 76, 292, 110)
LOOP = (52, 200, 886, 98)
FRAME = (4, 4, 952, 370)
FRAME_CHAPTERS = {0: "the whole machine", 10: "the whole machine"}
