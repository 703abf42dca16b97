"""Tables and pictures of what was measured."""

from __future__ import annotations

import json
import math
import platform
import sys
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from classroom.lab.growth import Curve
from classroom.lab.timing import Speed
from classroom.viz.efficiency import growth_picture, ladder_picture
from microgpt.engines import Engine


@dataclass(frozen=True)
class Row:
    """One rung's line in the table; None where a number was not measured."""

    name: str
    about: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    tokens_per_second: float | None = None
    peak_mb: float | None = None
    difference: float | None = None
    rounds: int | None = None
    note: str = ""

    @classmethod
    def of_speed(cls, engine: Engine, speed: Speed, peak: float | None, difference: float) -> Row:
        """A rung that was measured in turns."""
        measured = asdict(speed) | {"peak_mb": peak, "difference": difference}
        return cls(about=engine.about, **measured)

    @classmethod
    def of_pace(cls, engine: Engine, pace: float, baseline: float) -> Row:
        """A rung that was measured alone, by the wall clock."""
        note = "wall clock, batches of 32"
        return cls(engine.name, engine.about, pace / baseline, None, None, pace, note=note)

    @classmethod
    def missing(cls, engine: Engine) -> Row:
        """A rung that could not run."""
        note = f"needs {engine.missing}: {engine.install}" if engine.missing else "did not start"
        return cls(engine.name, engine.about, note=note)

    def cells(self) -> list[str]:
        """The line's cells as text."""
        spread = "" if self.low is None else f"{amount(self.low)} - {amount(self.high)}"
        difference = "" if self.difference is None else f"{self.difference:.0e}"
        peak = "" if self.peak_mb is None else f"{self.peak_mb:.0f} MB"
        numbers = [amount(self.ratio), spread, amount(self.tokens_per_second), peak, difference]
        return [self.name, self.about, *numbers, self.note]


def say(words: str) -> None:
    """Tell what is going on, on standard error."""
    print(f"bench: {words}", file=sys.stderr, flush=True)


HEAD = ["engine", "what is new", "times plain", "quartiles", "tokens/s", "peak", "loss off by", ""]


def amount(number: float | None) -> str:
    """A number with two or three digits that count; empty for None."""
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def markdown(head: list[str], lines: list[list[str]]) -> str:
    """A Markdown table, its columns aligned."""
    table = [head, *lines]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    text = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths)) for line in table]
    text.insert(1, " | ".join("-" * max(width, 3) for width in widths))
    return "\n".join(f"| {line} |" for line in text) + "\n"


def core_table(
    scalar: Row, sampling: float, same: bool, many: int, few: int, tokens: int
) -> list[tuple[str, str, str]]:
    """What the core promises on every processor, what was measured on this one.

    Ratios differ: the same comparison gave 12 on one processor and 20 on another.
    """
    peak = "not known here" if scalar.peak_mb is None else f"{scalar.peak_mb:.0f} MB"
    return [
        ("training, times the script's speed", "at least 8", amount(scalar.ratio)),
        ("sampling, times the script's speed", "at least 20", amount(sampling)),
        ("the sampled names", "the same", "the same" if same else "DIFFERENT"),
        ("nodes, of the script's", "at most 12 %", f"{100 * few / many:.1f} %"),
        ("nodes a token", "", f"{few / tokens:,.0f} instead of {many / tokens:,.0f}"),
        ("peak memory of training", "at most 60 MB", peak),
    ]


def where() -> str:
    """What the figures were measured on."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()}, {processor()}"


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(filter(None, [*names, platform.processor(), platform.machine()]), "unknown")


def write_ladder(rows: list[Row], core: list[tuple[str, str, str]], folder: Path) -> list[Path]:
    """Print the tables; write them, the numbers and the picture."""
    ladder = markdown(HEAD, [row.cells() for row in rows])
    promises = markdown(["the core", "promised", "measured"], [list(line) for line in core])
    rounds = next(row.rounds for row in rows if row.rounds)
    text = f"Medians of {rounds} rounds on {where()}.\n\n{ladder}\n{promises}"
    measured = [(row.name, row.ratio, row.low, row.high) for row in rows if row.ratio]
    picture = ladder_picture(measured).save(folder / "ladder.svg")
    return [*write_table(folder / "table.md", text, [asdict(row) for row in rows]), picture]


def write_growth(result: dict[str, Any], folder: Path) -> list[Path]:
    """The same for the growth of cost."""
    curves: list[Curve] = result["curves"]
    lines = [
        [
            curve.name,
            curve.what,
            ", ".join(map(str, curve.sizes)),
            ", ".join(f"{1000 * seconds:.3g}" for seconds in curve.seconds),
            f"{curve.power:.2f}",
        ]
        for curve in curves
    ]
    text = markdown(["engine", "grows", "sizes", "milliseconds a token", "exponent"], lines)
    nodes = [
        [what, str(size), f"{count:,.0f}", f"{held / 1024:,.0f} kB", f"{held / count:.0f}"]
        for what, size, count, held in result["nodes"]
    ]
    head = ["scalar grows", "size", "nodes a token", "memory a token", "bytes a node"]
    text += "\n" + markdown(head, nodes)
    kept = {"curves": [asdict(curve) for curve in curves], "nodes": result["nodes"]}
    for curve in kept["curves"]:
        curve["power"] = None if math.isnan(curve["power"]) else curve["power"]
    picture = growth_picture([astuple(curve) for curve in curves]).save(folder / "growth.svg")
    return [*write_table(folder / "growth.md", text, kept), picture]


def write_table(path: Path, text: str, numbers: Any) -> list[Path]:
    """Print a table and write it, and beside it the numbers that it is made of."""
    print(text)
    path.write_text(text, encoding="utf-8")
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps(numbers, indent=1, allow_nan=False), encoding="utf-8")
    return [path, beside]


def store(folder: Path, assets: Path) -> Path:
    """Keep the last ladder and the last curves as an asset: what chapter 11's slider shows."""
    ladder = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    growth = json.loads((folder / "growth.json").read_text(encoding="utf-8"))
    kept = {"where": where(), "ladder": ladder, **growth}
    path = assets / "efficiency.json"
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return path
