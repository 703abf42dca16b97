"""Rules about the text: its length, its words, its links, its pictures, its lines of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from tools.hygiene.page import (
    DETAILS,
    Page,
    images_without_alt,
    rule,
    tags,
    without_code,
    without_fences,
)
from tools.hygiene.skeleton import IS_IT_THE_COURSE

BANNED = (
    r"simply",
    r"obviously",
    r"just",
    r"as you can see",
    r"it is important to note",
    r"in this section,? we",
    r"🎉",
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)|<a\b[^>]*href=\"([^\"]+)\"")
IMAGE = re.compile(r"!\[([^\]]*)\]\(<?([^)\s>]+)>?[^)]*\)")
LINE_LENGTH, CELL_LINES = 80, 30
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


@rule
def no_banned_words(page: Page) -> Iterator[str]:
    """The text does without words that belittle or only announce."""
    for number, cell in page.markdown:
        prose = without_code(cell.source)
        for word in BANNED:
            if match := re.search(rf"(?<!\w){word}(?!\w)", prose, re.IGNORECASE):
                yield f"cell {number}: the word {match[0]!r}"


def word_count(page: Page) -> int:
    """Words of the main text, without code, link targets, mathematics and what is folded."""
    return len(re.findall(r"[A-Za-z][\w'-]*", without_code(DETAILS.sub("", page.all_markdown()))))


@rule
def right_length(page: Page) -> Iterator[str]:
    """Cells, and words of the main text, within what the anatomy of a chapter asks."""
    cells, words = len(page.notebook.cells), word_count(page)
    least_cells, least_words = (15, 400) if page.chapter == 0 else (40, 1_000)
    most_cells, most_words = 70, 2_200
    if not least_cells <= cells <= most_cells:
        yield f"{cells} cells; wanted are {least_cells} to {most_cells}"
    if not least_words <= words <= most_words:
        yield f"{words} words; wanted are {least_words} to {most_words}"


@rule
def links_resolve(page: Page) -> Iterator[str]:
    """Each relative link leads to a file that exists, each anchor to a heading."""
    for number, cell in page.markdown:
        text = re.sub(r"`[^`\n]*`", " ", without_fences(cell.source))
        targets = [match[1] or match[2] for match in LINK.finditer(text)]
        targets += [match[2] for match in IMAGE.finditer(text)]
        for target in targets:
            if problem := _problem(page, target):
                yield f"cell {number}: link {target}: {problem}"


def _problem(page: Page, target: str) -> str:
    if re.match(r"[a-z][a-z+.-]*:", target):
        return "" if target.startswith(("https:", "mailto:", "attachment:")) else "not https"
    name, _, anchor = target.partition("#")
    file = page.path.parent / unquote(name) if name else page.path
    if name and not file.exists():
        return "no such file"
    if not anchor or (name and file.suffix != ".ipynb"):
        return ""
    other = Page.read(file) if name else page
    return "" if unquote(anchor) in anchors(other) else "no such heading"


def anchors(page: Page) -> set[str]:
    """Anchors that Jupyter gives the headings of a notebook, and those set by hand."""
    text = page.all_markdown()
    headings = {re.sub(r"[`*_]", "", h).replace(" ", "-") for h in HEADING.findall(text)}
    return headings | set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", text))


@rule
def markdown_images_have_alt(page: Page) -> Iterator[str]:
    """Pictures in the text have an alt text, in Markdown and in HTML."""
    for number, cell in page.markdown:
        for alt, target in IMAGE.findall(cell.source):
            if len(alt.strip()) < 20:
                yield f"cell {number}: image {target} with alt text {alt!r}"
        for tag in images_without_alt(cell.source):
            yield f"cell {number}: {tag[:60]} without alt text"


@rule
def code_fits(page: Page) -> Iterator[str]:
    """Code lines of at most 80 characters, cells of at most 30 lines (but the whole script).

    The question with which each chapter begins, the same everywhere, is not counted.
    """
    for number, cell in page.code:
        lines = cell.source.removeprefix(IS_IT_THE_COURSE).split("\n")
        if max(map(len, lines)) > LINE_LENGTH:
            longest = max(lines, key=len)
            yield f"cell {number}: {len(longest)} characters: {longest.strip()[:50]}"
        if len(lines) > CELL_LINES and "whole-script" not in tags(cell):
            yield f"cell {number}: {len(lines)} lines of code, allowed {CELL_LINES}"
