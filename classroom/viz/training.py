"""Losses over their floors, the means of windows as a line. Chapter 08."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from classroom.lab.losses import WINDOW, Floors, window_means
from classroom.viz.kit.named import End, name_ends
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, figure, to_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_losses(
    losses: Sequence[float], floor: Floors, *, size: int = WINDOW, held_out: Sequence[tuple[int,
    float]] = (),
) -> Picture:  # fmt: skip
    """Draw the loss of every step as a dot, the window means as a line, the floors behind.

    Its alt text has the first, the lowest and the last window mean and the floors.

    Parameters
    ----------
    losses : sequence of float, shape (steps,)
        Loss of each step's document, in nats a token.
    floor : Floors
        The floors.
    size : int
        Steps in a window.
    held_out : sequence of (step, loss)
        Mean loss of names held out, measured after some steps.
    """
    means = window_means(losses, size)
    with figure(9, 4.2, layout="none") as fig:
        ax = fig.add_axes((0.05, 0.13, 0.8, 0.79))
        ends = axes_of_losses(ax, floor, max(len(losses), 1))
        high = [4.2, min(6.0, max(losses, default=0) + 0.1), *(loss + 0.3 for _, loss in held_out)]
        ax.set_ylim(min([1.6, *(loss - 0.1 for loss in losses)]), max(high))
        gap = (0.0, float("nan"))  # dots without length as one path: 1,000 of them are small
        dots = [each for dot in enumerate(losses, 1) for each in (dot, dot, gap)]
        look: Any = {"lw": 2.2, "solid_capstyle": "round", "color": COLOURS["second"], "alpha": 0.6}
        for line in ax.plot(*zip(*dots), **look):
            line.get_path().should_simplify = False
        if means:
            ax.plot(*zip(*means), "o-", ms=4, color=COLOURS["data"])
            ends.append((means[-1][1], f"mean of {size}", INK["data"]))
        if held_out:
            ax.plot(*zip(*held_out), "s--", ms=5, color=COLOURS["parameter"])
            ends.append((held_out[-1][1], "names held out", INK["parameter"]))
        ax.set_title("a dot: one name", loc="right", color=INK["second"], weight="normal")
        name_ends(ax, ends, 0.065)
        return to_picture(fig, losses_in_words(losses, means, floor, size, held_out))


def axes_of_losses(ax: Axes, floor: Floors, steps: int) -> list[End]:
    """Set up axes for loss by step, with the floors as lines, and return the names of these."""
    ax.set(xlim=(0, steps), xlabel="step", ylabel="loss, nats a token")
    ax.xaxis.set_major_formatter("{x:,.0f}")
    for _, loss in floor.named():
        ax.axhline(loss, color=INK["constant"], lw=1)
    return [(loss, f"{name} {loss:.4f}", INK["constant"]) for name, loss in floor.named()]


def losses_in_words(
    losses: Sequence[float], means: Sequence[tuple[int, float]], floor: Floors, size: int,
    held_out: Sequence[tuple[int, float]], digits: int = 4,
) -> str:  # fmt: skip
    """Say the range of single losses, the window means, the losses held out and the floors."""
    words = f"Loss over {len(losses):,} steps."
    if losses:
        words += f" Single names lie between {min(losses):.2f} and {max(losses):.2f}."
    if means:
        low = min(means, key=lambda mean: mean[1])
        first, last, lowest = (f"{mean:.{digits}f}" for _, mean in (means[0], means[-1], low))
        words += (
            f" The mean of {size} names goes from {first} (to step {means[0][0]}) to {last} (to "
            f"step {means[-1][0]:,}), lowest {lowest} (to step {low[0]:,})."
        )
    if held_out:
        first, last = (f"{held_out[i][1]:.{digits}f}" for i in (0, -1))
        words += f" Held-out names: {first} at first, {last} at last."
    listed = ", ".join(f"{name} {loss:.4f}" for name, loss in floor.named())
    return f"{words} Floors: {listed}."
