"""Rules about code cells and what they put out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

from tools.hygiene.page import IMAGES, Page, images_without_alt, rule, tags
from tools.normalise import as_text, normalise

MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])/(?:home|root|Users|tmp|work|private|var|opt|usr|mnt|content)/\w"
    r"|\b[A-Z]:\\\\?\w|ipykernel_\d|site-packages"
)
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
_ITEM = r"(?:'[^']*'|\"[^\"]*\"|-?\d[\w.]*|\w*\([^()]*\))"
PRINTED_SET = re.compile(rf"(?<![\w$\\{{]){{{_ITEM}(?:, {_ITEM})*}}(?!}})|(?<!\w)(?:frozen)?set\(")
DECIMALS = re.compile(r"(?<![\w.])-?\d+\.\d{5,}(?![\de])")
SEMICOLON = re.compile(r"(?m)^[^#\n]*;[ \t]*(#.*)?$")
MARKED = re.compile(r"(?m)^\s*#\s*(NBVAL_|PYTEST_VALIDATE)")


def told(
    texts: Iterable[tuple[int, NotebookNode, str]], pattern: re.Pattern[str], words: str
) -> Iterator[str]:
    """A complaint for each text in which a pattern is found."""
    for number, _, text in texts:
        if found := pattern.search(text):
            yield f"cell {number}: {words} {found[0][:60]!r}"


@rule
def executed(page: Page) -> Iterator[str]:
    """Each code cell was executed; the form of a notebook counts them from top to bottom."""
    yield from (f"cell {n}: not executed" for n, c in page.code if c.execution_count is None)


@rule
def no_error_output(page: Page) -> Iterator[str]:
    """No cell failed, unless its tag says that it is to fail."""
    for number, cell, output in page.outputs():
        if output.output_type == "error" and "raises-exception" not in tags(cell):
            yield f"cell {number}: ends with {output.ename}"


@rule
def no_stderr(page: Page) -> Iterator[str]:
    """No cell wrote a warning or another text to stderr."""
    for number, _, output in page.outputs():
        if output.output_type == "stream" and output.name == "stderr":
            yield f"cell {number}: writes to stderr: {output.text.strip()[:80]!r}"


@rule
def no_machine_path(page: Page) -> Iterator[str]:
    """No text names a folder of the author's machine."""
    yield from told(page.sources(), MACHINE_PATH, "machine path")
    yield from told(page.texts(), MACHINE_PATH, "machine path")


@rule
def no_address(page: Page) -> Iterator[str]:
    """No text holds a memory address, which differs in every run."""
    yield from told(page.texts(), ADDRESS, "memory address")


@rule
def no_trailing_semicolon(page: Page) -> Iterator[str]:
    """No line ends with ``;``: nbval does not take it for silence."""
    yield from told(page.sources("code"), SEMICOLON, "a line that ends with ;")


@rule
def no_raw_set(page: Page) -> Iterator[str]:
    """No set is printed or shown: its order differs from run to run."""
    yield from told(page.texts(), PRINTED_SET, "a set (use sorted(...)):")


@rule
def images_have_alt(page: Page) -> Iterator[str]:
    """Each image that a cell shows has its alt text: as plain text, in metadata or in HTML."""
    for number, _, output in page.outputs():
        data = output.get("data", {})
        for mime in set(IMAGES) & set(data):
            plain = data.get("text/plain", "")
            if len(plain) < 40 or plain.startswith("<"):
                yield f"cell {number}: {mime} without alt text, only {plain[:40]!r}"
            elif mime != "image/svg+xml" and not output.metadata.get(mime, {}).get("alt"):
                yield f"cell {number}: {mime} without alt in its metadata"
        for tag in images_without_alt(data.get("text/html", "")):
            yield f"cell {number}: {tag[:60]} without alt text"


@rule
def drawings_have_stills(page: Page) -> Iterator[str]:
    """A drawing is stored once, in HTML with its words, and beside it a PNG for what takes none."""
    run = f"run: make notebooks NB={page.path.name[:2]}"
    for number, _, output in page.outputs():
        data = output.get("data", {})
        if "image/svg+xml" in data:
            yield f"cell {number}: an SVG that is not in HTML alone; {run}"
        if "data:image/svg" in data.get("text/html", "") and "image/png" not in data:
            yield f"cell {number}: a drawing without a PNG; {run}"
        if set(IMAGES) & set(data) and "<img" not in data.get("text/html", ""):
            yield f"cell {number}: a picture whose words no export shows; {run}"


@rule
def in_normal_form(page: Page) -> Iterator[str]:
    """The notebook is stored as ``make notebooks`` writes it: cells counted, no widget's state."""
    wanted = normalise(page.notebook)
    if as_text(page.notebook) != as_text(wanted):
        wrong = [n for n, (a, b) in enumerate(zip(page.notebook.cells, wanted.cells), 1) if a != b]
        where = f"cells {wrong[:5]}" if wrong else "metadata"
        yield f"not in normal form ({where}); run: make notebooks NB={page.path.name[:2]}"


@rule
def at_most_four_decimals(page: Page) -> Iterator[str]:
    """No number is printed with five decimals or more, unless the tag ``many-decimals`` is set."""
    for number, cell, text in page.texts():
        match = DECIMALS.search(re.sub(r"<[^>]*>", " ", text))
        if match and "many-decimals" not in tags(cell):
            yield f"cell {number}: prints {match[0]} (at most 4 decimals)"


@rule
def something_is_compared(page: Page) -> Iterator[str]:
    """There are outputs that nbval compares; with cleared ones it passes and compares nothing."""
    compared = {
        number
        for number, cell, text in page.texts()
        if text.strip() and not {"nbval-ignore-output", "nbval-skip"} & set(tags(cell))
    }
    least = 3 if page.chapter == 0 else 8
    if len(compared) < least:
        yield f"only {len(compared)} cells have outputs that nbval compares; at least {least}"


@rule
def marks_as_tags(page: Page) -> Iterator[str]:
    """Exceptions for nbval are tags, where they are counted, not comments."""
    yield from told(page.sources("code"), MARKED, "marked in a comment, not by a tag:")
