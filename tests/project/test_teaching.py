"""The lecturer's kit: its clocks add up; what it names, types and counts is in the notebooks."""

from __future__ import annotations

import doctest
import json
import re
from dataclasses import dataclass
from functools import cache

import pytest
from support import ROOT

PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LECTURE = {
    int(number): (int(lecture), int(alone))
    for number, lecture, alone in re.findall(
        r"^\| (\d\d) \| .*\| (\d+) / (\d+) \|$", README, flags=re.MULTILINE
    )
}
WITHOUT_SLIDES = {"Break", "Questions", "Recap, quiz, questions", "*end*"}
WITHOUT_SLIDES |= {"The room is the model", "Everybody installs", "Lab: a list of your own"}
CLOSING = ("Recap", "Quiz", "What we have now", "Further reading", "Exercises")
CLOCK = re.compile(r"^(\d+):(\d\d)\s·\s(\d+)$")  # the spaces do not break


@dataclass(frozen=True)
class Notebook:
    """What a plan may refer to: sections with the minutes of their notes, exercises, all text."""

    sections: dict[str, float]
    exercises: dict[str, int]
    text: str


@cache
def notebook(number: int) -> Notebook:
    (path,) = (ROOT / "notebooks").glob(f"{number:02d}_*.ipynb")
    sections, exercises, texts, here = {}, {}, [], ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        texts += [source, cell["metadata"].get("notes", ""), json.dumps(cell.get("outputs", ""))]
        prose = source if cell["cell_type"] == "markdown" else ""
        for heading in re.findall(r"^##? (.+)$", prose, flags=re.MULTILINE)[:1]:
            numbered = re.match(rf"{number}\.\d+", heading)
            here = numbered.group() if numbered else heading
        if not re.match(r"\d+ · ", here):
            sections.setdefault(here, 0)
        for exercise, minutes in re.findall(r"^### Exercise (\S+) .*· (\d+) min", source, re.M):
            exercises[exercise] = int(minutes)
        minutes = re.match(r"[\d.]+(?= min)", cell["metadata"].get("notes", ""))
        if minutes and here in sections and cell["metadata"]["slideshow"]["slide_type"] != "skip":
            sections[here] += float(minutes.group())
    return Notebook(sections, exercises, "\n".join(texts))


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


@pytest.fixture(params=range(12), ids="{:02d}".format)
def chapter(request):
    return request.param


def test_every_chapter_has_its_plan_and_its_link(chapter):
    (path,) = (ROOT / "notebooks").glob(f"{chapter:02d}_*.ipynb")
    assert f"(../notebooks/{path.name})" in part(chapter)
    assert len(LECTURE) == 12


def test_the_clocks_add_up(chapter):
    head, *rows = table(part(chapter), "what")
    lecture = LECTURE[chapter][0]
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


def test_the_long_plan_gives_each_section_the_minutes_of_its_notes(chapter):
    book = notebook(chapter)
    for row in table(part(chapter), "what")[1:-1]:
        if row[0] in book.sections:
            opening = 1 if row[0] == next(iter(book.sections)) else 0
            asked = book.sections[row[0]] + opening
            assert abs(minutes_in(row[-2]) - asked) <= 3, f"{row[0]}: the notes take {asked}"


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
    numbers = set(re.findall(r"(?<![\d.:])\d+\.\d+", prose))
    known = {*book.sections, *book.exercises}
    known |= set(re.findall(r"\d+\.\d+", book.text))
    assert numbers - known == set()


def test_wrong_answers_are_told_for_exercises_that_exist(chapter):
    head, *rows = table(part(chapter), "ask, or exercise")
    first = [row[0] for row in rows]
    exercises = [name for name in first if re.fullmatch(r"\d+\.\d+", name)]
    assert len(exercises) >= 2 and len(first) - len(exercises) >= 2
    assert set(exercises) <= set(notebook(chapter).exercises)
    assert all(len(row) == len(head) == 3 and all(row) for row in rows)


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
            assert int(minutes) == LECTURE[int(number.group(1))][0], what
    lectures = [int(row[2]) for row in rows if re.fullmatch(r"chapter \d+", row[1])]
    assert f"{sum(lectures)} minutes of them" in PAGE
    assert len(lectures) == 10


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
    assert sessions == list(range(12))
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
    pairs = [LECTURE[n][0] + LECTURE[n + 1][0] for n in range(0, 12, 2)]
    assert max(pairs) <= 90
    said = ", ".join(map(str, pairs[:-1])) + f" and {pairs[-1]} minutes"
    assert said in " ".join(PAGE.split())


def test_the_evenings_add_up():
    rows = table(PAGE, "evening")[1:]
    chapters, total = [], 0
    for _, names, minutes, _ in rows[:-1]:
        numbers = list(map(int, names.split(", ")))
        assert int(minutes) == sum(LECTURE[number][1] for number in numbers)
        chapters, total = chapters + numbers, total + int(minutes)
    assert chapters == list(range(12))
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
    assert len([link for link in links if link.startswith("notebooks/")]) >= 12
    assert book.teaching_page("See [the front page](../README.md#start).") == "See the front page."
