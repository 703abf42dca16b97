"""The ladder of speed-ups, cost against size, and the race. Chapter 11."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from classroom.viz.kit.named import End, beside, name_ends
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, LINE_STYLES, MARKERS, TEXT, figure, to_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rung = tuple[str, float, float | None, float | None]
Curve = tuple[str, str, Sequence[int], Sequence[float], float | None]

NAMES = {"n_embd": "width n_embd", "n_layer": "layers n_layer", "block_size": "length block_size"}


def ladder_picture(rungs: Sequence[Rung]) -> Picture:
    """Dots at how many times as fast each engine is, on a logarithmic axis; ValueError if none.

    `rungs`: (name, times as fast as the first one: median, lower and upper quartile or None). The
    alt text names every rung with its ratio, rounded to one digit that counts.
    """
    if not rungs:
        raise ValueError("there are no engines to draw: give at least one (name, ratio, low, high)")
    with figure(9, 0.9 + 0.32 * len(rungs)) as fig:
        ax = fig.subplots()
        names = [name for name, *_ in rungs]
        ax.plot([ratio for _, ratio, *_ in rungs], names, "o", ms=11, color=COLOURS["data"])
        for row, (_, ratio, low, high) in enumerate(rungs):
            if low is not None and high is not None:
                ax.plot([low, high], [row, row], color=INK["data"], linewidth=3)
            place, words = (max(ratio, high or 0), row), f"{ratio:,.0f}"
            beside(ax, place, words, TEXT, (10, 0), va="center", weight="bold")
        ax.set_xscale("log")
        ax.set_xlim(0.7, 6 * max(ratio for _, ratio, *_ in rungs))
        ax.margins(y=0.12)
        ax.invert_yaxis()
        ax.tick_params(axis="y", labelcolor=TEXT)
        line = " (line: quartiles)" if any(low is not None for _, _, low, _ in rungs) else ""
        ax.set_title(f"times as fast as {names[0]}, per token{line}")
        told = ", ".join(f"{name} {round_off(ratio):,.0f}" for name, ratio, *_ in rungs)
        about = f"The ladder of {len(rungs)} engines, about how many times as fast"
        return to_picture(fig, f"{about}: {told}.")


UNITS = ((31_557_600.0, "years"), (86_400.0, "days"), (3600.0, "h"), (60.0, "min"), (0.0, "s"))


def duration(seconds: float) -> str:
    """A time in the unit that suits it, with two digits that count.

    >>> [duration(x) for x in (0.5, 90, 7200, 86_400 * 30, 3.2e12)]
    ['0.5 s', '1.5 min', '2 h', '30 days', '100,000 years']
    """
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= 1.2 * size)
    return f"{float(f'{seconds / (size or 1):.2g}'):,g} {unit}"


def round_off(number: float) -> float:
    """A number to one digit that counts: 1496 is about 1000, 17 about 20."""
    return float(f"{number:.0e}")


def growth_picture(curves: Sequence[Curve]) -> Picture:
    """Cost against size, both logarithmic: a panel for each size, a line for each engine.

    `curves`: (name, what, sizes, seconds a token, fitted exponent), as `classroom.lab.growth.Curve`
    holds them; no exponent where there is one point only. The alt text names them.
    """
    if not curves:
        raise ValueError("there are no curves to draw: measure at least one engine")
    names = list(dict.fromkeys(name for name, *_ in curves))
    panels = list(dict.fromkeys(what for _, what, *_ in curves))
    panels_of = []
    with figure(min(9, 3 * len(panels) + 1.5), 4.4) as fig:
        axes = fig.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, what in zip(axes, panels):
            shown = [curve for curve in curves if curve[1] == what and curve[2]]
            _size_axis(ax, what, curves)
            ends = [_draw_curve(ax, c, names.index(c[0]), ax is axes[0]) for c in shown]
            panels_of.append((ax, ends))
        axes[0].set_ylabel("time for a token; where a line ends, its exponent")
        for ax, ends in panels_of:  # when all are drawn: they share an axis
            name_ends(ax, ends, 0.062)
        fig.set_layout_engine("constrained")
        return to_picture(fig, _growth_alt(curves, panels))


def _draw_curve(ax: Axes, curve: Curve, place: int, named: bool) -> End:
    """Draw one line; return where it ends, with its exponent, in the first panel with its name."""
    name, _, sizes, seconds, power = curve
    colour = list(COLOURS)[place % len(COLOURS)]
    style: dict[str, Any] = {"color": COLOURS[colour]}
    style |= {"marker": MARKERS[place % len(MARKERS)]}
    style |= {"linestyle": LINE_STYLES[place % len(LINE_STYLES)]}
    ax.plot(sizes, seconds, **style)
    words = f"{power:.1f}" if _known(power) else "" if named else name
    return seconds[-1], f"{name} {words}".strip() if named else words, INK[colour]


def _known(power: float | None) -> bool:
    """Whether there is an exponent: a single point has none."""
    return power is not None and not math.isnan(power)


def _size_axis(ax: Axes, what: str, curves: Sequence[Curve]) -> None:
    """Label a panel's axes: both logarithmic, the sizes themselves as ticks."""
    sizes = sorted({size for _, kind, values, *_ in curves for size in values if kind == what})
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(
        lambda s, _: f"{s * 1e3:g} ms" if s > 9e-4 else f"{s * 1e6:.3g} µs"
    )
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.set_xlim(sizes[0] / 1.3, sizes[-1] * 1.3)
    ax.set_xlabel(NAMES.get(what, what))
    ax.patch.set_visible(False)  # long names reach into the next panel


def _growth_alt(curves: Sequence[Curve], panels: Sequence[str]) -> str:
    """Say the exponents in words, panel by panel."""
    told = []
    for what in panels:
        powers = ", ".join(f"{c[0]} {c[4]:.1f}" for c in curves if c[1] == what and _known(c[4]))
        told.append(f"{NAMES.get(what, what)}: {powers}")
    return "Cost a token against size; fitted exponents. " + "; ".join(told) + "."


def race_picture(race: dict[str, Any]) -> Picture:
    """Loss on names never read, by size, as `stored_race` has it; small marks are the seeds."""
    told = []
    with figure(9, 4.4) as fig:
        ax = fig.subplots()
        lines = ("tables", "constant", 8, "bottom"), ("GPTs", "data", -8, "top")
        for (kind, colour, up, va), marker in zip(lines, MARKERS):
            rows = race[kind]
            means = [sum(row["losses"]) / len(row["losses"]) for row in rows]
            marks: dict[str, Any] = {"color": COLOURS[colour], "marker": marker}
            ax.plot([row["numbers"] for row in rows], means, **marks)
            for row, mean in zip(rows, means):
                first, last = row is rows[0], row is rows[-1]  # the first says whose line it is
                at: dict[str, Any] = {"xytext": (0, up), "textcoords": "offset points"}
                at |= {"color": INK[colour], "ha": "center", "va": va}
                words = row["name"] if first else row["name"].partition(" letter")[0]
                if first and up > 0:
                    at |= {"xytext": (8, 0), "ha": "left"}
                if last and up < 0:  # below that of its neighbour
                    at |= {"xytext": (0, 2 * up)}
                words = f"{kind},\n{words}" if first else words.replace(", ", ",\n")
                ax.annotate(words, (row["numbers"], mean), **at)
                ax.plot([row["numbers"]] * len(row["losses"]), row["losses"], ls="", ms=3, **marks)
            each = (f"{r['name']} ({r['numbers']:,}) {m:.2f}" for r, m in zip(rows, means))
            told.append(f"{kind}: {', '.join(each)}")
        ax.set(xscale="log", ylabel="loss on names never read", xlabel="numbers that it keeps")
        ax.margins(y=0.3)
        ax.xaxis.set_major_formatter("{x:,.0f}")
        return to_picture(fig, f"The race, loss by numbers kept; {'; '.join(told)}.")
