"""What live training shows: losses beside the bigram table's on the same names, samples (08)."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from classroom.lab.losses import WINDOW, Earlier, Floors, Look, window_means
from classroom.viz.kit.cells import drawing, label
from classroom.viz.kit.frames import Frame
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT
from classroom.viz.training import losses_in_words

WIDTH, HEIGHT = 900, 344
MOST_DOTS, LOOKS = 300, 4
"""How many single names are drawn, and how many of the last looks have their names shown."""
RIGHT, WORDS, ROOM = 630, 210, 29
"""Where the names begin, pixels of the longest name of a line, characters of a line of names."""


def draw_live(
    losses: Sequence[float], table: Sequence[float], floor: Floors, looks: Sequence[Look],
    num_steps: int, earlier: Sequence[Earlier] = (), digits: int = 4,
) -> Picture:  # fmt: skip
    """Draw a run beside the bigram table on the same names, and the names it writes.

    `losses` are those of the steps made, `table` the bigram table's for the name of each step,
    `looks` what was seen on the way: step, held-out loss, names. `earlier` runs are drawn pale, and
    the names of the last one are shown; of one without single losses, those held out are the line.
    `num_steps` is the length of the whole run; `digits` are the decimals of what the alt text says
    of it.
    """
    means, beside = window_means(losses), window_means(table[: len(losses)])
    worst = max([4.2, *(mean for _, mean in means), *(loss for _, loss, _ in looks)])
    said = earlier[-1].label if earlier and not losses else "earlier runs" if earlier else ""

    def drawn(width: float) -> list[str]:
        span = (1.8, min(worst, 9.0)) if losses or looks else (2.1, 3.5)
        frame = Frame(98, 36, width, 262, (0, num_steps), span)
        parts = _axes(frame, floor, losses, earlier)
        parts.append(_line(frame, beside, "accent", "table", 2, "6 4"))
        parts.append(_line(frame, means, "third", "means", 3.2))
        parts += [_look_at(frame, step, loss) for step, loss in held]
        if not losses and not looks and earlier:  # where the names beside it were written
            ring = f'r="5" fill="{PAPER}" stroke="{COLOURS["data"]}" stroke-width="2.5"'
            for step, loss, _ in _picked(earlier[-1].looks or [(0, 9.0, [])]):
                x, y = frame.at_x(step), frame.at_y(loss)
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" {ring}/>')
        lines = [*means, *beside, *held, *(p for run in earlier for p in _told(run, num_steps))]
        return [*parts, *_legend(frame, lines, said, bool(losses), bool(looks)), *named]

    held, named = [(step, loss) for step, loss, _ in looks], _names(looks, earlier)
    words = losses_in_words(losses, means, floor, WINDOW, held, digits)
    if beside:
        words += f" The bigram table on the same last {WINDOW} names: {beside[-1][1]:.4f}."
    alt = words + ("" if losses else _of_earlier(earlier))
    rows = [[(0, 0, 358, HEIGHT)], [(RIGHT - 8, 8, 278, HEIGHT)]]
    return drawing(*(WIDTH, HEIGHT, drawn(500), alt), lambda: stacked_windows(drawn(236), rows))


def _axes(
    frame: Frame, floor: Floors, losses: Sequence[float], earlier: Sequence[Earlier]
) -> list[str]:
    """The frame, what guessing costs, single names, the runs before."""
    last = round(frame.x[1])
    ticks = [(part * last / 4, f"{part * last // 4:,}") for part in range(5)]
    parts = [frame.axes("loss, in nats a token", "step", ticks)]
    parts += [frame.level(loss, f"{name} {loss:.2f}") for name, loss in floor.named()]
    parts += _dots(frame, losses)
    for i, run in enumerate(earlier):
        line = _line(frame, _told(run, last), "data", f"earlier-{i}", 2)
        parts.append(f'<g opacity="{0.6 if losses else 1}">{line}</g>')
    return parts


def _look_at(frame: Frame, step: int, loss: float) -> str:
    """A square at the loss of names held out."""
    x, y = frame.at_x(step) - 4, frame.at_y(loss) - 4
    look = f'fill="{COLOURS["parameter"]}"'
    return f'<rect id="held-{step}" x="{x:.1f}" y="{y:.1f}" width="8" height="8" {look}/>'


def _told(run: Earlier, num_steps: int) -> Sequence[tuple[int, float]]:
    """The line of an earlier run, as far as this one goes."""
    line = window_means(run.losses) or [(step, loss) for step, loss, _ in run.looks]
    return [point for point in line if point[0] <= num_steps]


def _of_earlier(earlier: Sequence[Earlier]) -> str:
    """What there is to be seen before anything is trained."""
    seen = [(run.label, *run.looks[0][:2], *run.looks[-1]) for run in earlier if run.looks]
    return "".join(
        f" Beside it, {label}: {high:.2f} at step {first}, {low:.2f} at step {last:,}, "
        f"when it writes {', '.join(names)}."
        for label, first, high, last, low, names in seen[-1:]
    )


def _line(
    frame: Frame, means: Sequence[tuple[int, float]], kind: str, name: str, width: float, dash: str
    = "",
) -> str:  # fmt: skip
    points = [(float(step), mean) for step, mean in means]
    return frame.line(points, COLOURS[kind], name, width, dash) if points else ""


def _dots(frame: Frame, losses: Sequence[float]) -> list[str]:
    """Single names as dots, every so many of a long run."""
    every = max(1, -(-len(losses) // MOST_DOTS))
    return [
        f'<circle cx="{frame.at_x(step):.1f}" cy="{frame.at_y(losses[step - 1]):.1f}" r="1.6" '
        f'fill="{COLOURS["second"]}" opacity="0.55"/>'
        for step in range(1, len(losses) + 1, every)
    ]


def _legend(
    frame: Frame, lines: Sequence[tuple[int, float]], compared: str, begun: bool, looked: bool
) -> list[str]:
    """What the lines are, right above them where they end, each with a piece of it."""
    rows = [
        ("third", "3.2", f"this run, means of {WINDOW} names" if begun else ""),
        ("accent", '2" stroke-dasharray="6 4', "bigram table, the same names" if begun else ""),
        ("parameter", '8" stroke-dasharray="8', "names held out" if looked else ""),
        ("data", "2", compared),
    ]
    rows = [row for row in rows if row[2]]
    right = frame.left + frame.width
    ends = [loss for step, loss in lines if frame.at_x(step) > right - WORDS]
    ends = ends or [loss for _, loss in lines[-1:] if not begun]
    foot = frame.at_y(max(ends)) - 12 if ends else 0  # until they are there: in the corner
    top = max(50, round(foot) - 18 * (len(rows) - 1))
    return [
        f'<g id="said-{kind}">'
        f"{label(right - 20, y, words, 12, 'end', INK[kind], bold=True, halo=True)}"
        f'<path d="M{right - 14},{y - 4}h14" stroke="{COLOURS[kind]}" stroke-width="{look}"/></g>'
        for y, (kind, look, words) in zip(range(top, 300, 18), rows)
    ]


def _names(looks: Sequence[Look], earlier: Sequence[Earlier]) -> list[str]:
    """The names that the model writes, the newest on top; below those of the run before."""
    parts = [label(RIGHT, 26, "names that it writes", 14, "start", bold=True)]
    if not looks and earlier and earlier[-1].looks:
        for i, (step, _, names) in enumerate(_picked(earlier[-1].looks)):
            parts += _look(50 + 62 * i, f"{earlier[-1].label}, after step {step:,}", names, i == 0)
        return parts
    room = 2 if earlier else LOOKS
    y = 50.0
    for step, _, names in reversed(looks[-room:]):
        parts += _look(y, f"after step {step:,}", names, step == looks[-1][0])
        y += 62
    if earlier and earlier[-1].looks:
        step, _, names = earlier[-1].looks[-1]
        parts += _look(216, f"before: {earlier[-1].label}, step {step:,}", names, False)
    return parts


def _picked(looks: Sequence[Look]) -> list[Look]:
    """Some looks from the last one to the first."""
    return [looks[round((len(looks) - 1) * i / (LOOKS - 1))] for i in range(LOOKS - 1, -1, -1)]


def _look(y: float, head: str, names: Sequence[str], newest: bool) -> list[str]:
    """A heading and two lines of names, whole ones: letter soup is long."""
    ink = TEXT if newest else INK["constant"]
    lines = textwrap.wrap(", ".join(names), ROOM, max_lines=2, placeholder=" …")
    parts = [label(RIGHT, y, head, 12, "start", INK["constant"])]
    for i, words in enumerate(lines):
        parts.append(label(RIGHT, y + 19 + 18 * i, words, 14, "start", ink, bold=newest))
    return parts
