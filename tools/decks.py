"""Decks as data: `docs/decks/NN_name.md` says which cells make a slide, and its sentence.

How a deck is written stands in `docs/decks/README.md`. Nothing is lost silently: what a changed
notebook, or a changed deck, leaves without its other half comes out as a list of complaints.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any
from zlib import crc32

import microgpt
from classroom import viz
from classroom.lab import runs
from classroom.viz.kit.picture import PNG, SVG
from tools import ROOT

FOLDER = ROOT / "docs" / "decks"
SHOWN = re.compile(r"([+?] )?(code|output|bars|spread|cells|names|picture|part|text|quiz|at): (.+)")
MINUTES = re.compile(r"(\d+(?:\.5)?) min( extra)?\. (?=\S)")
IMAGES = (SVG, PNG)
KNOWN = {"math": math, "microgpt": microgpt, "runs": runs, "viz": viz}
MOST = {"title": 95, "say": 150, "lines": 15, "text": 260, "slides": 32}
"""Characters of a title, of the sentence at the foot and of a text; lines of code; slides."""


@dataclass
class Part:
    """Something that a slide shows: its kind, the words that find it, and what was found."""

    kind: str
    words: str
    tap: str = ""
    cell: int | None = None
    text: str = ""
    cover: str = ""
    crop: str = ""
    seen: str = ""
    made: Any = None
    states: tuple[tuple[str, str], ...] = ()


@dataclass
class Slide:
    """One slide: what the last row reads, and what the lecturer does."""

    title: str
    note: str = ""
    say: str = ""
    parts: list[Part] = field(default_factory=list)
    section: str = ""
    prose: list[int] = field(default_factory=list)

    @property
    def minutes(self) -> tuple[float, bool]:
        """Its minutes, and whether the lecture's plan leaves it out."""
        found = MINUTES.match(self.note)
        return (float(found[1]), bool(found[2])) if found else (0, False)


def parse(text: str, cells: list[Any]) -> tuple[list[Slide], list[str]]:
    """The slides in the text of a deck for these cells, and what is wrong with them."""
    slides, found = [_slide(each) for each in re.split(r"(?m)^# ", text)[1:]], []
    for slide in slides:
        wrong = [problem for part in slide.parts for problem in _find(part, cells)]
        wrong += _shape(slide, opening=slide is slides[0])
        found += [f"{slide.title!r}: {each}" for each in wrong]
    _place(slides, cells)
    return slides, found + _missing(slides, cells)


def _slide(text: str) -> Slide:
    title, *lines = text.strip().splitlines()
    slide = Slide(title)
    for line in lines:
        if shown := SHOWN.match(line):
            slide.parts.append(Part(shown[2], shown[3], (shown[1] or "").strip()))
        elif line.startswith("state: "):
            words, _, settings = line[7:].partition(" | ")
            slide.parts[-1].states += ((words, settings),)
        elif line.startswith(("cover: ", "crop: ", "seen: ")):
            setattr(slide.parts[-1], *line.split(": ", 1))
        elif line.startswith("= "):
            slide.say = line[2:]
        else:
            slide.note += f"{line}\n"
    return slide


def _find(part: Part, cells: list[Any]) -> list[str]:
    """Find a part's cell and its text; what is wrong, if it cannot be shown."""
    if part.kind == "text" or part.words.startswith("= "):
        part.made = part.words if part.kind == "text" else eval(part.words[2:], dict(KNOWN))
        rows = part.made.items() if isinstance(part.made, dict) else ()
        part.text = "\n".join(f"{a}: {b}" for a, b in rows) or getattr(part.made, "alt", part.words)
        return []
    words, _, lines = part.words.partition(" | ")
    kind = {"part": "markdown", "quiz": "markdown", "at": ""}.get(part.kind, "code")
    where = [n for n, c in enumerate(cells) if all(w in c.source for w in words.split(" & "))]
    where = [n for n in where if kind in cells[n].cell_type]
    if len(where) != 1:
        return [f"{words!r} is in {len(where)} {kind} cells, wanted is one".replace("  ", " ")]
    part.cell = where[0]
    part.text = _text(part.kind, words, cells[part.cell])
    if lines:
        part.text = _between(part.text, *lines.split(" ... "))
    if part.cover and part.kind != "picture" and not re.search(part.cover, part.text, re.M):
        return [f"{part.cover!r} covers nothing of {part.words!r}"]
    if part.kind == "picture" and part.text and part.seen != (mark := _mark(part, cells)):
        return [f"{words!r} is another drawing: if its cover and crop still fit, 'seen: {mark}'"]
    return [] if part.text or part.kind == "at" else [f"no {part.kind} {part.words!r}"]


def _mark(part: Part, cells: list[Any]) -> str:
    """A mark of the drawing that a cover or a crop in percent was made for: of size and words."""
    boxes = re.search(r"\d \d", part.crop + part.cover) and part.cell is not None
    svg = pictures(cells[part.cell])[0].data.get(SVG, "") if boxes else ""
    drawn = re.sub(r"\.\d+", "", " ".join(re.findall(r"<svg [^>]*>|<text [^>]*>[^<]*", svg)))
    return f"{crc32(drawn.encode()):08x}" if svg else ""


def _text(kind: str, words: str, cell: Any) -> str:
    """What a cell has to show of a kind; empty if it has nothing."""
    if kind == "picture":
        return next((o.data.get("text/plain", "a picture") for o in pictures(cell)), "")
    if kind in ("output", "bars", "spread", "cells", "names"):
        told = [o for o in cell.outputs if kind in ("bars", "spread") or o not in pictures(cell)]
        plain = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in told]
        return "\n".join(text.strip("\n") for text in plain)
    if kind == "part":
        return next(block for block in re.split(r"\n\n+", cell.source) if words in block)
    return str(cell.source)


def pictures(cell: Any) -> list[Any]:
    """The outputs of a cell that are pictures."""
    outputs = cell.get("outputs", [])
    return [each for each in outputs if any(mime in each.get("data", {}) for mime in IMAGES)]


def _between(text: str, first: str, last: str = "") -> str:
    """The lines from one that holds the first words to the next that holds the last ones."""
    lines = text.splitlines()
    begin = next((n for n, line in enumerate(lines) if first in line), len(lines))
    end = next((n for n in range(begin, len(lines)) if (last or first) in lines[n]), -1)
    return dedent("\n".join(lines[begin : end + 1]))


def _shape(slide: Slide, opening: bool) -> list[str]:
    """What is wrong with a slide's own form."""
    code = [part for part in slide.parts if part.kind in ("code", "output")]
    text = "".join(part.text for part in slide.parts if part.kind in ("text", "part"))
    waits = slide.say or opening or any(p.tap or p.states or p.kind == "quiz" for p in slide.parts)
    seen = [part for part in slide.parts if part.text and part.kind != "at" and part.tap != "+"]
    first = [part.kind for part in seen if not part.tap]
    quiz = "quiz" in first
    problems = {
        "no minutes, such as '2 min. Ask: ...'": not MINUTES.match(slide.note),
        "nothing to look at before the first tap": not seen,
        "it asks, and nothing waits for a tap": slide.title.endswith("?") and not waits,
        "its output stands there before it is asked for": "output" in first and not quiz,
        "two pictures": sum(part.kind == "picture" for part in slide.parts) > 1 and not quiz,
        "a title of one word or two": len(slide.title.split()) < 3,
        "too long a title": len(slide.title) > MOST["title"],
        "too long a sentence at the foot": len(slide.say) > MOST["say"],
        "too much text": len(text) > MOST["text"] and not re.match(r"1\. |- |\|", text),
        "too many lines": sum(part.text.count("\n") + 1 for part in code) > MOST["lines"],
    }
    return [words for words, wrong in problems.items() if wrong]


def _place(slides: list[Slide], cells: list[Any]) -> None:
    """Give each slide its section, and to its notes the text around what it shows.

    What follows a slide's last cell is told with it, up to the heading that opens the next one.
    """
    ends, here, opened = [0], "", True
    for slide in slides:
        ends.append(max((p.cell for p in slide.parts if p.cell is not None), default=ends[-1]))
    del ends[0]
    for n, cell in enumerate(cells):
        text = cell.source if cell.cell_type == "markdown" else ""
        told = text and not re.match(r">|### Exercise|\*\*Do you|Expected", text)
        section = re.search(r"(?m)^##? (\d+\.\d+|.+)", text)
        here = section[1] if section else here
        opened = bool(told and re.search(r"(?m)^#{1,3} ", text)) or (opened and n - 1 not in ends)
        for slide in (slide for slide, end in zip(slides, ends) if end == n):
            slide.section = here
        to = bisect_left(ends, n) - (not opened and n not in ends)
        if told and slides:
            slides[max(0, min(to, len(slides) - 1))].prose.append(n)


def _missing(slides: list[Slide], cells: list[Any]) -> list[str]:
    """Pictures and sections of the notebook without a slide, slides in another order."""
    found = [[p.cell for p in slide.parts if p.cell is not None] for slide in slides]
    used = {n for each in found for n in each}
    order = [max(each) for each in found if each]
    lost = [cell for n, cell in enumerate(cells) if pictures(cell) and n not in used]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    sections = set(re.findall(r"(?m)^## (\d+\.\d+)", text)) - {each.section for each in slides}
    return (
        [f"{c.source.splitlines()[-1]!r} is on no slide" for c in lost]
        + [f"section {each} has no slide" for each in sorted(sections)]
        + ["slides in another order than the cells"] * (order != sorted(order))
        + ["too many slides"] * (len(slides) > MOST["slides"])
    )
