"""Rules about the skeleton that all notebooks share: title, map, box, setup, exercises, recap..."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from classroom.chapters import CHAPTERS
from classroom.exercises.kit import registry
from classroom.exercises.kit.pages import HEADING, ROUGH_HEADING, checked_ids
from tools.hygiene.page import Page, rule, tags, tree_of, without_fences

IS_IT_THE_COURSE = """\
# Run this first: Shift+Enter
try:
    from microgpt_course import nothing_in_the_way
except ImportError:
    raise ImportError(
        "No course here: in its folder run `make lab`, or: pip install '.[lab]'"
    ) from None
nothing_in_the_way()

"""  # what a kernel without the course prints last, and what names a file that hides it


@rule
def title_and_promise(page: Page) -> Iterator[str]:
    """The first cell has the chapter's number and title, and a promise of one sentence."""
    first = page.notebook.cells[0]
    title = f"# {page.chapter} · {CHAPTERS[page.chapter].title}"
    if first.cell_type != "markdown" or first.source.split("\n")[0] != title:
        yield f"cell 1: does not begin with {title!r}"
    if len(re.findall(r"(?m)^# ", without_fences(page.all_markdown()))) != 1:
        yield "there must be one heading of the first level, the title"
    lines = [line for line in first.source.split("\n")[1:] if line.strip()]
    promise = [line for line in lines if "](" not in line and not line.startswith("#")]
    if not promise or len(promise[0].split()) < 5:
        yield "cell 1: no sentence that says what the chapter promises"


@rule
def navigation(page: Page) -> Iterator[str]:
    """The first cell links to the chapters before and after and to the contents."""
    near = {0, page.chapter - 1, page.chapter + 1} - {page.chapter}
    wanted = [each.file for each in CHAPTERS if each.number in near]
    source = page.notebook.cells[0].source
    yield from (f"cell 1: no link to {file}" for file in wanted if f"({file})" not in source)


@rule
def next_at_the_end(page: Page) -> Iterator[str]:
    """The last text links to the next chapter; that of the last chapter to the contents."""
    after = CHAPTERS[(page.chapter + 1) % len(CHAPTERS)].stem
    sources = [cell.source for _, cell in page.markdown][-1:]
    if f"({after}.ipynb" not in "".join(sources):
        yield f"the end has no link to {after}"


@rule
def map_of_the_machine(page: Page) -> Iterator[str]:
    """The map stands near the top, today's block highlighted."""
    cells = page.code if page.chapter == 0 else [(n, c) for n, c in page.code if n <= 6]
    if not any("machine_map(" in cell.source for _, cell in cells):
        yield "no cell near the top shows machine_map(...)"


@rule
def box(page: Page) -> Iterator[str]:
    """The box says what one can do at the end, what one needs, how long it takes, what to skip."""
    known = CHAPTERS[page.chapter]
    time = f"{known.lecture} min lecture / {known.alone} min self-study"
    parts = {
        "By the end you can": r"by the end,? you can",
        "You need": r"you need",
        time: re.escape(f"**Time** {time}"),
        "Short of time": r"short of time",
    }
    if page.chapter == 0:
        parts = {time: parts[time]}
    top = "\n".join(cell.source for number, cell in page.markdown if number <= 6)
    for named, pattern in parts.items():
        if not re.search(pattern, top, re.I):
            yield f"no box near the top with: {named}"


@rule
def one_setup_cell(page: Page) -> Iterator[str]:
    """One cell near the top has all imports (and the first picture); is it the course, it asks."""
    imports = (ast.Import, ast.ImportFrom)
    holding = [
        (number, cell)
        for number, cell in page.code
        if any(isinstance(s, imports) for s in tree_of(cell.source).body)
    ]
    if not holding:
        yield "no setup cell with imports"
        return
    number, setup = holding[0]
    if number > 6:
        yield f"cell {number}: the setup cell must stand near the top"
    before, asked, after = setup.source.partition(IS_IT_THE_COURSE)
    if before or not asked:
        yield f"cell {number}: does not begin with the question: is it the course?"
    *lines, last = tree_of(before + after).body
    if not all(isinstance(s, imports) for s in lines) or not isinstance(last, (*imports, ast.Expr)):
        yield f"cell {number}: the setup cell must hold imports only, and a picture at its end"
    late = [n for n, cell in holding[1:] if not {"whole-script", "late-import"} & {*tags(cell)}]
    yield from (f"cell {n}: imports belong into the setup cell" for n in late)


@rule
def exercises_complete(page: Page) -> Iterator[str]:
    """Each exercise has its stub with a check, expected output, two hints and a solution."""
    for place in page.places:
        if len(place.stub_cells) != 1:
            yield f"{place.id}: {len(place.stub_cells)} cells with its check, not one"
        if not place.expected:
            yield f"{place.id}: the expected output is not told"
        if place.hints < 2:
            yield f"{place.id}: {place.hints} folded hints, not two"
        if not place.solution:
            yield f"{place.id}: no folded solution with Python code"
    least = 1 if page.chapter == 0 else 3
    if len(page.places) < least:
        yield f"{len(page.places)} exercises; at least {least}"
    elif page.places[0].difficulty != 1:
        yield f"{page.places[0].id}: the first exercise must be a warm-up (●○○)"


@rule
def exercises_open(page: Page) -> Iterator[str]:
    """Each stub's stored output ends with the line that it was not attempted."""
    for place in page.places:
        for index in place.stub_cells:
            outputs = page.notebook.cells[index].outputs
            printed = "".join(output.get("text", "?") for output in outputs)
            wanted = f"☐ {place.id} {place.title}: not attempted yet\n"
            if not printed.endswith(wanted) or printed.count("☐") != 1:
                yield f"{place.id}: the stub's stored output is {printed[-60:]!r}"


@rule
def exercise_headings(page: Page) -> Iterator[str]:
    """Headings of exercises have the one form, and rise in number."""
    form = "### Exercise 4.2 · softmax  ●●○ · 10 min"
    for number, cell in page.markdown:
        for heading in ROUGH_HEADING.findall(without_fences(cell.source)):
            if not HEADING.match(heading) and not re.match(r"#+ *Exercises\b", heading):
                yield f"cell {number}: {heading!r} is not of the form {form!r}"
    numbers = [tuple(map(int, place.id.split("."))) for place in page.places]
    if numbers != sorted(set(numbers)) or any(n[0] != page.chapter for n in numbers):
        yield f"exercises out of order or of another chapter: {numbers}"


@rule
def exercises_as_registered(page: Page) -> Iterator[str]:
    """Title, dots and minutes agree with the registry; every check belongs to a heading."""
    for place in page.places:
        try:
            known = registry.find(place.id)
        except KeyError:
            yield f"{place.id}: has no check in the registry"
            continue
        facts = (known.title, known.difficulty, known.minutes, known.extra)
        if (place.title, place.difficulty, place.minutes, place.extra) != facts:
            yield f"{place.id}: the registry has ### {known.heading}"
    headed = {place.id for place in page.places}
    for number, cell in page.code:
        for key in checked_ids(cell.source):
            if key not in headed:
                yield f"cell {number}: checks {key}, which has no heading"


@rule
def closing_parts(page: Page) -> Iterator[str]:
    """Recap in five lines, what we have now, three quiz questions, further reading."""
    if page.chapter == 0:
        return
    recap = page.section(r"\brecap\b|in five lines")
    points = re.findall(r"(?m)^(?:[-*]|\d+\.) ", recap or "")
    if len(points) != 5:
        yield f"no recap of five points under '## Recap' (found {len(points)})"
    if page.section(r"what we have now") is None:
        yield "no section '## What we have now'"
    quiz = page.section(r"\bquiz\b|three questions")
    answers = len(re.findall(r"<details>", quiz or ""))
    if answers != 3:
        yield f"no '## Quiz' with three folded answers (found {answers})"
    if "](http" not in (page.section(r"further reading") or ""):
        yield "no section '## Further reading' with links"


@rule
def enough_sections(page: Page) -> Iterator[str]:
    """The chapter itself has at least three sections under headings."""
    count = len(re.findall(r"(?m)^## ", without_fences(page.all_markdown())))
    if count < 3:
        yield f"{count} sections under ## headings; at least 3"
