"""Rules about code cells and what they put out."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from classroom.exercises.kit.pages import parse
from tools.hygiene.page import IMAGES, Page, tags
from tools.normalise import WIDGET_VIEW, as_text, normalise

LIMIT_BYTES = 1_000_000
MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])/(?:home|root|Users|tmp|work|private|var|opt|usr|mnt|content)/\w"
    r"|\b[A-Z]:\\\\?\w|ipykernel_\d|site-packages"
)
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
_ITEM = r"(?:'[^']*'|\"[^\"]*\"|-?\d[\w.]*|\([^()]*\))"
PRINTED_SET = re.compile(rf"(?<![\w$\\{{]){{{_ITEM}(?:, {_ITEM})*}}(?!}})|(?<!\w)(?:frozen)?set\(")
DECIMALS = re.compile(r"(?<![\w.])-?\d+\.\d{5,}(?![\de])")


def executed_in_order(page: Page) -> list[str]:
    """Each code cell was executed, from top to bottom in one go."""
    counts = [cell.execution_count for _, cell in page.code]
    if counts == list(range(1, len(counts) + 1)):
        return []
    missing = [f"cell {n}: not executed" for n, c in page.code if c.execution_count is None]
    return missing or [f"not executed in order: {counts}"]


def no_error_output(page: Page) -> list[str]:
    """No cell failed, unless its tag says that it is to fail."""
    return [
        f"cell {number}: ends with {output.ename}"
        for number, cell, output in page.outputs()
        if output.output_type == "error" and "raises-exception" not in tags(cell)
    ]


def no_stderr(page: Page) -> list[str]:
    """No cell wrote a warning or another text to stderr."""
    return [
        f"cell {number}: writes to stderr: {output.text.strip()[:80]!r}"
        for number, _, output in page.outputs()
        if output.output_type == "stream" and output.name == "stderr"
    ]


def no_machine_path(page: Page) -> list[str]:
    """No text names a folder of the author's machine."""
    texts = [(n, cell.source) for n, cell in page.cells]
    texts += [(number, text) for number, _, text in page.texts()]
    found = [(number, MACHINE_PATH.search(text)) for number, text in texts]
    return [f"cell {number}: machine path {m[0]!r}" for number, m in found if m]


def no_address(page: Page) -> list[str]:
    """No text holds a memory address, which differs in every run."""
    found = [(number, ADDRESS.search(text)) for number, _, text in page.texts()]
    return [f"cell {number}: memory address {m[0]!r}" for number, m in found if m]


def no_trailing_semicolon(page: Page) -> list[str]:
    """No line ends with ``;``: nbval does not take it for silence."""
    complaints = []
    for number, cell in page.code:
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
        except (tokenize.TokenError, SyntaxError):
            continue
        ends = (tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER)
        for token, following in zip(tokens, tokens[1:]):
            if token.string == ";" and following.type in ends:
                complaints.append(f"cell {number}: line {token.start[0]} ends with ;")
    return complaints


def no_raw_set(page: Page) -> list[str]:
    """No set is printed or shown: its order differs from run to run."""
    complaints = []
    for number, _, text in page.texts():
        match = PRINTED_SET.search(text)
        if match:
            complaints.append(f"cell {number}: shows a set: {match[0][:60]}")
    for number, cell in page.code:
        if any(_is_set(node) for node in _shown(cell.source)):
            complaints.append(f"cell {number}: prints or shows a set; use sorted(...)")
    return complaints


def _shown(source: str) -> list[ast.expr]:
    """Expressions that a cell prints, and the one it ends with."""
    try:
        tree = parse(source)
    except SyntaxError:
        return []
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


def images_have_alt(page: Page) -> list[str]:
    """Each image that a cell shows has its alt text: as plain text, in metadata or in HTML."""
    complaints = []
    for number, _, output in page.outputs():
        data = output.get("data", {})
        for mime in set(IMAGES) & set(data):
            plain = data.get("text/plain", "")
            if len(plain) < 40 or plain.startswith("<"):
                complaints.append(f"cell {number}: {mime} without alt text, only {plain[:40]!r}")
            elif mime != "image/svg+xml" and not output.metadata.get(mime, {}).get("alt"):
                complaints.append(f"cell {number}: {mime} without alt in its metadata")
        for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
            if not re.search(r"\balt=(\"[^\"]{10,}\"|'[^']{10,}')", tag):
                complaints.append(f"cell {number}: <img> without alt: {tag[:60]}")
    return complaints


def drawings_have_stills(page: Page) -> list[str]:
    """A drawing is stored once, in HTML with its words, and beside it a PNG for what takes none."""
    run = f"run: make notebooks NB={page.path.name[:2]}"
    complaints = []
    for number, _, output in page.outputs():
        data = output.get("data", {})
        if "image/svg+xml" in data:
            complaints.append(f"cell {number}: an SVG that is not in HTML alone; {run}")
        if "data:image/svg" in data.get("text/html", "") and "image/png" not in data:
            complaints.append(f"cell {number}: a drawing without a PNG; {run}")
        if set(IMAGES) & set(data) and "<img" not in data.get("text/html", ""):
            complaints.append(f"cell {number}: a picture whose words no export shows; {run}")
    return complaints


def no_widget_state(page: Page) -> list[str]:
    """No state of widgets is stored: its ids are random."""
    complaints = ["metadata hold widget state"] if "widgets" in page.notebook.metadata else []
    return complaints + [
        f"cell {number}: stores a view of a widget"
        for number, _, output in page.outputs()
        if WIDGET_VIEW in output.get("data", {})
    ]


def small_enough(page: Page) -> list[str]:
    """The file stays under 1 MB."""
    size = len(as_text(page.notebook).encode())
    return [f"{size:,} bytes, allowed are {LIMIT_BYTES:,}"] if size >= LIMIT_BYTES else []


def in_normal_form(page: Page) -> list[str]:
    """The notebook is stored as ``make notebooks`` writes it."""
    if as_text(page.notebook) == as_text(normalise(page.notebook)):
        return []
    wanted = normalise(page.notebook)
    wrong = [n for n, (a, b) in enumerate(zip(page.notebook.cells, wanted.cells), 1) if a != b]
    where = f"cells {wrong[:5]}" if wrong else "metadata"
    return [f"not in normal form ({where}); run: make notebooks NB={page.path.name[:2]}"]


def at_most_four_decimals(page: Page) -> list[str]:
    """No number is printed with five decimals or more, unless the tag ``many-decimals`` is set."""
    return [
        f"cell {number}: prints {match[0]} (at most 4 decimals)"
        for number, cell, text in page.texts()
        if "many-decimals" not in tags(cell)
        for match in [DECIMALS.search(re.sub(r"<[^>]*>", " ", text))]
        if match
    ]


def something_is_compared(page: Page) -> list[str]:
    """There are outputs that nbval compares; with cleared ones it passes and compares nothing."""
    compared = {
        number
        for number, cell, text in page.texts()
        if text.strip() and not {"nbval-ignore-output", "nbval-skip"} & set(tags(cell))
    }
    least = 3 if page.chapter == 0 else 8
    if len(compared) >= least:
        return []
    return [f"only {len(compared)} cells have outputs that nbval compares; at least {least}"]


def marks_as_tags(page: Page) -> list[str]:
    """Exceptions for nbval are tags, where they are counted, not comments."""
    return [
        f"cell {number}: marked in a comment; use a tag"
        for number, cell in page.code
        if re.search(r"(?m)^\s*#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source)
    ]


OUTPUT_RULES = (
    executed_in_order,
    no_error_output,
    no_stderr,
    no_machine_path,
    no_address,
    no_trailing_semicolon,
    no_raw_set,
    images_have_alt,
    drawings_have_stills,
    no_widget_state,
    small_enough,
    in_normal_form,
    at_most_four_decimals,
    something_is_compared,
    marks_as_tags,
)
