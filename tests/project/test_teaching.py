"""The lecturer's kit: its clocks add up; what it names, types and counts is in the notebooks."""

from __future__ import annotations

import doctest
import json
import re
from dataclasses import dataclass
from functools import cache

import nbformat
import pytest
from support import NOTEBOOKS, ROOT

import classroom
from classroom.chapters import CHAPTERS
from classroom.exercises import evaluate
from classroom.exercises.kit import registry
from classroom.overview import __main__ as overview_command
from classroom.overview import told
from classroom.overview.findings import FEWEST
from classroom.overview.students import STUCK_MINUTES, STUCK_TRIES
from tools import decks

pytestmark = pytest.mark.figures

PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
WITHOUT_SLIDES = {"Break", "Questions", "Recap, quiz, questions", "*end*"}
WITHOUT_SLIDES |= {"The room is the model", "Everybody installs", "Lab: a list of your own"}
CLOSING = ("Recap", "Quiz", "What we have now", "Further reading", "Exercises")
CLOCK = re.compile(r"^(\d+):(\d\d)\s·\s(\d+)$")  # the spaces do not break


@dataclass(frozen=True)
class Notebook:
    """What a plan may refer to: sections with the minutes of their slides, exercises, all text."""

    sections: dict[str, float]
    exercises: dict[str, int]
    text: str


@cache
def notebook(number: int) -> Notebook:
    path = NOTEBOOKS[number]
    sections, exercises, texts, here = {}, {}, [], ""
    deck = (decks.FOLDER / f"{path.stem}.md").read_text(encoding="utf-8")
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        texts += [source, json.dumps(cell.get("outputs", ""))]
        prose = source if cell["cell_type"] == "markdown" else ""
        for heading in re.findall(r"^##? (.+)$", prose, flags=re.MULTILINE)[:1]:
            numbered = re.match(rf"{number}\.\d+", heading)
            here = numbered.group() if numbered else heading
        if not re.match(r"\d+ · ", here):
            sections.setdefault(here, 0)
        for exercise, minutes in re.findall(r"^### Exercise (\S+) .*· (\d+) min", source, re.M):
            exercises[exercise] = int(minutes)
    slides, _ = decks.parse(deck, nbformat.read(path, as_version=4).cells)
    for slide in slides:
        minutes, extra = slide.minutes
        section = slide.section if slide.section in sections else next(iter(sections))
        sections[section] += 0 if extra else minutes
    return Notebook(sections, exercises, "\n".join([*texts, deck]))


def part(number: int) -> str:
    """Return what the page says about a chapter."""
    chapters = re.split(r"^(?=### \d+ · |## )", PAGE, flags=re.MULTILINE)
    (found,) = [text for text in chapters if text.startswith(f"### {number} · ")]
    return found


def table(text: str, first: str) -> list[list[str]]:
    """Return the rows below the head that begins with `first`, the head among them."""
    lines = text[text.index(f"| {first} |") :].split("\n\n")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return rows[:1] + rows[2:]


def minutes_in(cell: str) -> int:
    return int(CLOCK.match(cell).group(3)) if cell != "–" else 0


@pytest.fixture(params=range(len(CHAPTERS)), ids="{:02d}".format)
def chapter(request):
    return request.param


def test_every_chapter_has_its_plan_and_its_link(chapter):
    known = CHAPTERS[chapter]
    assert part(chapter).startswith(f"### {chapter} · {known.title}\n")
    assert f"(../notebooks/{known.file})" in part(chapter)


def test_the_clocks_add_up(chapter):
    head, *rows = table(part(chapter), "what")
    lecture = CHAPTERS[chapter].lecture
    wanted = [f"{n} min" for n in dict.fromkeys((lecture, 45, 90))]
    assert head[1:-1] == wanted
    for column, title in enumerate(wanted, start=1):
        now = 0
        for row in rows[:-1]:
            if row[column] != "–":
                hours, minutes, takes = map(int, CLOCK.match(row[column]).groups())
                assert 60 * hours + minutes == now, f"{title}: {row[0]} begins at {now}"
                now += takes
        assert rows[-1][0] == "*end*"
        assert rows[-1][column] == f"{now // 60}:{now % 60:02d}"
        assert f"{now} min" == title


def test_the_rows_are_the_notebooks_sections_and_exercises(chapter):
    book = notebook(chapter)
    rows = [row[0] for row in table(part(chapter), "what")[1:]]
    sections = [row for row in rows if not row.startswith("Exercise") or row == "Exercises"]
    named = [row for row in sections if row not in WITHOUT_SLIDES]
    assert named == [name for name in book.sections if name not in CLOSING]


def test_the_lecture_gives_each_section_the_minutes_of_its_slides(chapter):
    book = notebook(chapter)
    for row in table(part(chapter), "what")[1:-1]:
        if row[0] in book.sections:
            asked = book.sections[row[0]]
            assert minutes_in(row[1]) == asked, f"{row[0]}: the slides take {asked}"


def test_exercises_in_a_plan_exist_and_have_their_minutes(chapter):
    book, planned = notebook(chapter), []
    for row in table(part(chapter), "what")[1:-1]:
        exercises = re.findall(r"\d+\.\d+", row[0]) if row[0].startswith("Exercise") else []
        planned += exercises
        for cell in row[1:-1]:
            if exercises and cell != "–":
                assert minutes_in(cell) == sum(book.exercises[name] for name in exercises), row
    assert len(planned) == len(set(planned))


def test_every_number_of_a_chapter_is_in_its_notebook(chapter):
    book = notebook(chapter)
    prose = re.sub(r"```.*?```", "", part(chapter), flags=re.DOTALL)
    prose = prose.split(told.HEAD)[0]  # what follows is made from the exercises
    numbers = set(re.findall(r"(?<![\d.:])\d+\.\d+", prose))
    known = {*book.sections, *book.exercises}
    known |= set(re.findall(r"\d+\.\d+", book.text))
    assert numbers - known == set()


def test_there_are_questions_to_ask(chapter):
    head, *rows = table(part(chapter), "ask")
    assert len(rows) >= 2 and all(len(row) == len(head) == 3 and all(row) for row in rows)


def test_the_wrong_answers_are_those_that_the_checks_know(chapter):
    assert told.renewed(PAGE) == PAGE, "python -m classroom.overview.told --write"
    assert len(table(part(chapter), "exercise")) == 1 + len(list(told.page_rows(chapter)))


@pytest.mark.parametrize("key", ["2.1", "7.1", "9.2"])
def test_what_the_table_tells_is_what_the_check_says(key):
    """The rows of some exercises, made into answers: the check says the row's third column."""
    found = registry.find(key)
    for row in [row for row in told.page_rows(found.chapter) if row.startswith(f"| {key} ")]:
        _, _, seen, sentence, _ = map(str.strip, row.split("|"))
        if found.asked:
            answer = float(seen.strip("`").split(" = ")[1])
        else:
            old = re.search(r"in place of `(.*)`", seen)[1]
            new = re.match(r"`(.*?)`", seen)[1]
            answer = found.solution.slip(f"{old} -> {new}")
        assert evaluate(key, answer).cause == sentence


def test_what_is_typed_live_works(chapter):
    (typed,) = re.findall(r"```pycon\n(.*?)```", part(chapter), flags=re.DOTALL)
    example = doctest.DocTestParser().get_doctest(typed, {}, f"chapter {chapter}", None, 0)
    assert len(example.examples) >= 3
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


def test_the_day_adds_up():
    rows = table(PAGE, "clock")[1:]
    now = None
    for clock, what, minutes in rows:
        hours, past = map(int, clock.split(":"))
        assert now in (None, 60 * hours + past), what
        now = 60 * hours + past + int(minutes or 0)
        if number := re.fullmatch(r"chapter (\d+)", what):
            assert int(minutes) == CHAPTERS[int(number.group(1))].lecture, what
    lectures = [int(row[2]) for row in rows if re.fullmatch(r"chapter \d+", row[1])]
    assert f"{sum(lectures)} minutes of them" in PAGE
    assert len(lectures) == 10


def test_the_lab_of_ninety_minutes_adds_up():
    *rows, end = table(PAGE, "in the lab")[1:]
    now = 0
    for clock, minutes, what, seen in rows:
        assert clock == f"{now // 60}:{now % 60:02d}" and what and seen
        now += int(minutes)
    assert now == 90 and end[0] == "*end 1:30*"


def test_what_the_page_says_of_the_overview_is_there(tmp_path, monkeypatch, capsys):
    (section,) = re.findall(r"^## A lab with the class in view$.*?(?=^## )", PAGE, re.M | re.S)
    monkeypatch.chdir(tmp_path)
    for name in set(re.findall(r"`(\w+)\(", section)) - {"overview"}:
        assert callable(getattr(classroom, name)), name
    for line in re.findall(r"python -m classroom\.overview (.*?)`", section):
        options = overview_command._parser().parse_args(line.split())
        assert options.sources and options.watch in (0, 10)
    privacy = section.split("### Privacy")[1]
    assert re.findall(r"^(\d)\. ", privacy, re.M) == list("12345")
    words = {3: "three", 5: "five", 10: "ten"}
    for number, said in ((STUCK_TRIES, "tries"), (STUCK_MINUTES, "minutes"), (FEWEST, "who")):
        assert re.search(rf"{words[number]}\s+{said}", section)


def test_the_six_weeks_leave_no_exercise_out():
    rows = table(PAGE, "week")[1:]
    sessions, total, given = [], 0, set()
    for _, first, second, homework, minutes in rows[:-1]:
        pair = [int(name.split(" · ")[0]) for name in (first, second)]
        sessions += pair
        exercises = homework.split(", ")
        known = {**notebook(pair[0]).exercises, **notebook(pair[1]).exercises}
        assert int(minutes) == sum(known[name] for name in exercises)
        total, given = total + int(minutes), given | set(exercises)
    assert sessions == list(range(len(CHAPTERS)))
    assert rows[-1][-1] == str(total)
    in_class = set()
    for number in sessions:
        in_class |= {
            name
            for row in table(part(number), "what")[1:-1]
            for name in re.findall(r"\d+\.\d+", row[0] if row[-2] != "–" else "")
            if row[0].startswith("Exercise")
        }
    on_slides = {"3.1", "4.1", "4.3", "7.2"}
    assert not given & (in_class | on_slides)
    exercises = {name for number in sessions for name in notebook(number).exercises}
    assert exercises == given | in_class | on_slides


def test_one_session_a_week_is_long_enough_for_two_lectures():
    pairs = [a.lecture + b.lecture for a, b in zip(CHAPTERS[::2], CHAPTERS[1::2])]
    assert max(pairs) <= 90
    said = ", ".join(map(str, pairs[:-1])) + f" and {pairs[-1]} minutes"
    assert said in " ".join(PAGE.split())


def test_the_evenings_add_up():
    rows = table(PAGE, "evening")[1:]
    chapters, total = [], 0
    for _, names, minutes, _ in rows[:-1]:
        numbers = list(map(int, names.split(", ")))
        assert int(minutes) == sum(CHAPTERS[number].alone for number in numbers)
        chapters, total = chapters + numbers, total + int(minutes)
    assert chapters == list(range(len(CHAPTERS)))
    assert rows[-1][2] == str(total)
    assert f"{total} minutes by the chapters' own count" in PAGE
    assert f"{total // 60} hours and {total % 60} minutes" in PAGE


def test_the_memory_of_a_student_adds_up():
    rows = {row[0]: int(row[1]) for row in table(PAGE, "what | MB at its highest")[1:]}
    server, most = (
        rows["the student's JupyterLab server"],
        max(value for name, value in rows.items() if name.startswith("the most")),
    )
    assert rows["one chapter open: server and kernel"] == server + most
    assert rows["three chapters open"] == server + 3 * most
    limit = int(re.search(r"limit: (\d+)G", PAGE).group(1))
    assert rows["three chapters open"] < 1000 * limit


def test_the_wheels_hold_what_builds_the_course():
    (line,) = re.findall(r"^python3 -m pip download .*$", PAGE, flags=re.MULTILINE)
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (needed,) = re.findall(r'^requires = \["([^"]+)"\]$', pyproject, flags=re.MULTILINE)
    assert f'"{needed}"' in line and '".[lab]"' in line and "editables" in line


def test_the_readme_leads_to_the_kit():
    assert "(docs/teaching.md)" in README


def test_in_the_book_links_lead_to_its_own_pages():
    book = pytest.importorskip(
        "tools.book", reason="make test EXTRAS=lab,test,book", exc_type=ImportError
    )
    text = book.teaching_page(PAGE)
    links = re.findall(r"\]\(([^)\s]+)", text)
    assert "../" not in "".join(links)
    assert all((ROOT / link).is_file() for link in links if not link.startswith("#"))
    assert len([link for link in links if link.startswith("notebooks/")]) >= len(CHAPTERS)
    assert book.teaching_page("See [the front page](../README.md#start).") == "See the front page."
    assert book.teaching_page("See [decks](decks/README.md).") == "See decks."
