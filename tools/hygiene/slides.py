"""Rules about slides: each cell's place on them, speaker notes, code that fits."""

from __future__ import annotations

import re

from tools.hygiene.page import Page, tags

SLIDE_TYPES = ("slide", "subslide", "fragment", "-", "skip")
LINE_LENGTH, CELL_LINES = 80, 30


def slide_type_on_each_cell(page: Page) -> list[str]:
    """Each cell says where it stands on the slides."""
    return [
        f"cell {number}: slide type {found!r} is none of {', '.join(SLIDE_TYPES)}"
        for number, cell in page.cells
        for found in [cell.metadata.get("slideshow", {}).get("slide_type")]
        if found not in SLIDE_TYPES
    ]


def speaker_notes(page: Page) -> list[str]:
    """Each slide has speaker notes that begin with its minutes."""
    return [
        f"cell {number}: a slide without notes that begin with minutes, such as '2 min. Ask: ...'"
        for number, cell in page.cells
        if cell.metadata.get("slideshow", {}).get("slide_type") == "slide"
        and not re.match(r"\d+([.,]\d+)? min\b", cell.metadata.get("notes", ""))
    ]


def number_of_slides(page: Page) -> list[str]:
    """A chapter's deck has 15 to 30 slides; that of chapter 00 may be shorter."""
    types = [cell.metadata.get("slideshow", {}).get("slide_type") for _, cell in page.cells]
    count = sum(each in ("slide", "subslide") for each in types)
    least = 6 if page.chapter == 0 else 15
    return [] if least <= count <= 30 else [f"{count} slides; wanted are {least} to 30"]


def code_fits(page: Page) -> list[str]:
    """Code lines of at most 80 characters, cells of at most 30 lines (but the whole script)."""
    complaints = []
    for number, cell in page.code:
        lines = cell.source.split("\n")
        if max(map(len, lines)) > LINE_LENGTH:
            longest = max(lines, key=len)
            complaints.append(f"cell {number}: {len(longest)} characters: {longest.strip()[:50]}")
        if len(lines) > CELL_LINES and "whole-script" not in tags(cell):
            complaints.append(f"cell {number}: {len(lines)} lines of code, allowed {CELL_LINES}")
    return complaints


SLIDE_RULES = (slide_type_on_each_cell, speaker_notes, number_of_slides, code_fits)
