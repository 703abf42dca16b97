"""Rules about code cells and what they put out."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tools.hygiene.page import IMAGES, Page, rule, tags, tree_of
from tools.normalise import as_text, normalise

MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])/(?:home|root|Users|tmp|work|private|var|opt|usr|mnt|content)/\w"
    r"|\b[A-Z]:\\\\?\w|ipykernel_\d|site-packages"
)
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
_ITEM = r"(?:'[^']*'|\"[^\"]*\"|-?\d[\w.]*|\([^()]*\))"
PRINTED_SET = re.compile(rf"(?<![\w$\\{{]){{{_ITEM}(?:, {_ITEM})*}}(?!}})|(?<!\w)(?:frozen)?set\(")
DECIMALS = re.compile(r"(?<![\w.])-?\d+\.\d{5,}(?![\de])")


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
    texts = [(n, cell.source) for n, cell in page.cells]
    for number, text in [*texts, *((number, text) for number, _, text in page.texts())]:
        if found := MACHINE_PATH.search(text):
            yield f"cell {number}: machine path {found[0]!r}"


@rule
def no_address(page: Page) -> Iterator[str]:
    """No text holds a memory address, which differs in every run."""
    for number, _, text in page.texts():
        if found := ADDRESS.search(text):
            yield f"cell {number}: memory address {found[0]!r}"


@rule
def no_trailing_semicolon(page: Page) -> Iterator[str]:
    """No line ends with ``;``: nbval does not take it for silence."""
    for number, cell in page.code:
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
        except (tokenize.TokenError, SyntaxError):
            continue
        ends = (tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER)
        for token, following in zip(tokens, tokens[1:]):
            if token.string == ";" and following.type in ends:
                yield f"cell {number}: line {token.start[0]} ends with ;"


@rule
def no_raw_set(page: Page) -> Iterator[str]:
    """No set is printed or shown: its order differs from run to run."""
    for number, _, text in page.texts():
        if match := PRINTED_SET.search(text):
            yield f"cell {number}: shows a set: {match[0][:60]}"
    for number, cell in page.code:
        if any(_is_set(node) for node in _shown(cell.source)):
            yield f"cell {number}: prints or shows a set; use sorted(...)"


def _shown(source: str) -> list[ast.expr]:
    """Expressions that a cell prints, and the one it ends with."""
    tree = tree_of(source)
    shown = [
        argument
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "display")
        for argument in node.args
    ]
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        shown.append(tree.body[-1].value)
    parts = [
        node.value for s in shown for node in ast.walk(s) if isinstance(node, ast.FormattedValue)
    ]
    return shown + parts


def _is_set(node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return isinstance(node, (ast.Set, ast.SetComp)) or (
        called and node.func.id in ("set", "frozenset")
    )


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
        for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
            if not re.search(r"\balt=(\"[^\"]{10,}\"|'[^']{10,}')", tag):
                yield f"cell {number}: <img> without alt: {tag[:60]}"


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
    for number, cell in page.code:
        if re.search(r"(?m)^\s*#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source):
            yield f"cell {number}: marked in a comment; use a tag"
