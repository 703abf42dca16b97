"""The overview as text, page and picture; the command, and its live view."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from classroom.exercises.kit.results import WRONG
from classroom.exercises.kit.store import Progress
from classroom.overview import __main__ as command
from classroom.overview import overview
from classroom.overview.findings import look_over
from classroom.overview.page import as_page
from classroom.overview.students import Handed, Student, read
from classroom.overview.text import as_text, mark


class Tags(HTMLParser):
    """All tags with their attributes, and whether each that was opened was closed."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def live(thirty):
    return look_over(read([str(thirty / "class")], live=True), live=True)


def test_the_text_says_in_its_first_lines_what_to_do(live):
    lines = as_text(live).splitlines()
    assert lines[0] == "24 students, 10 stuck now, 9 at work, 5 quiet for 10 minutes."
    assert re.match(r"Talk about 3\.3 .+ \(your plan: .+\): 5 stuck, 9 of 19 who tried", lines[2])
    assert "Go to:" in lines and "  guessing-0: 3.1, 4 tries" in lines
    assert max(map(len, lines)) <= 130


def test_a_cell_of_the_table_is_a_tick_or_the_tries(live):
    people = {student.name: student for student in live.students}
    assert mark(people["quick-1"], "3.3") == "✓"
    assert mark(people["careful-1"], "3.1") == "✓2"
    assert mark(people["stuck-1"], "3.3") == "3!"
    assert mark(people["gone-1"], "3.3") == "3"
    assert mark(people["stuck-1"], "3.4") == "·"


def test_the_page_asks_nobody_and_runs_nothing(live):
    page = as_page(live)
    found = Tags(page)
    assert found.open == [] and "script" not in dict(found.tags)
    for tag, attributes in found.tags:
        assert not {"src", "href", "srcset", "data", "action"} & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag
    assert not re.search(r"url\(|@import|https?:", page)
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    assert "refresh" not in page


def test_the_page_says_what_the_text_says(live):
    page = re.sub(r"<[^>]+>", " ", as_page(live).split("</style>")[1])
    assert "10 stuck now" in page and "5 quiet for 10 minutes" in page
    assert "Talk about this next" in page and "is missing at both ends." in page
    assert page.index("guessing-0") < page.index("gone-0")
    cells = [attributes.get("title", "") for tag, attributes in Tags(as_page(live)).tags]
    assert "stuck-1, 3.3: wrong, 3 tries, 0 of 3 steps" in cells


def test_a_live_page_is_read_again(live):
    assert '<meta http-equiv="refresh" content="10">' in as_page(live, every=10)


def test_a_name_is_text_whatever_it_says():
    held = Progress(exercises={"2.1": WRONG}, tried={"2.1": {"tries": 9}})
    view = look_over(Handed([Student('<script>alert("1")</script>', held)]))
    page = as_page(view)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "<script" not in overview_of(view).data


def overview_of(view):
    from classroom.overview.drawing import draw

    return draw(view)


def test_a_picture_says_in_words_what_it_shows(thirty):
    picture = overview(str(thirty / "home"))
    assert picture.alt.startswith("30 students, 15 stuck at what they tried last.")
    assert "Talk about 3.3" in picture.alt and "guessing-0: 3.1, 4 tries" in picture.alt
    width, height = picture.size
    assert width <= 900 and height <= 520
    assert "guessing-0" not in overview(str(thirty / "home"), names=False).data


def test_a_picture_of_many_students_is_no_higher():
    held = Progress(exercises={"2.1": WRONG}, tried={"2.1": {"tries": 4, "minutes": [1, 2]}})
    view = look_over(Handed([Student(f"s{n}", held) for n in range(300)]))
    assert overview_of(view).size[1] <= 520
    assert "and 268 more" in overview_of(view).data


def test_the_command_prints_the_text_and_writes_the_page(thirty, tmp_path, capsys):
    page = tmp_path / "class.html"
    assert command.main([str(thirty / "home"), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("30 students, 15 stuck") and said.endswith(f"The page: {page}\n")
    assert "guessing-0" in page.read_text(encoding="utf-8")
    assert command.main([str(thirty / "home"), "--no-names", "--html", str(page)]) == 0
    assert "guessing-0" not in capsys.readouterr().out + page.read_text(encoding="utf-8")


def test_the_command_says_what_it_cannot_read_or_write(tmp_path, capsys):
    assert command.main([str(tmp_path / "nobody"), "--html", str(tmp_path / "no" / "x.html")]) == 1
    said = capsys.readouterr().out
    assert "there is no file or folder" in said and "The page cannot be written" in said


def test_it_watches_until_it_is_stopped(thirty, tmp_path, capsys, monkeypatch):
    page, folder, waits = tmp_path / "class.html", tmp_path / "class", []
    folder.mkdir()

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt
        for copy in (thirty / "class").glob("stuck-*.json"):
            (folder / copy.name).write_text(copy.read_text())

    monkeypatch.setattr(command.time, "sleep", wait)
    assert command.main([str(folder), "--watch", "10", "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert waits == [10, 10]
    assert said.startswith("0 students, 0 stuck now") and "5 students, 5 stuck now" in said
    assert 'content="10"' in page.read_text() and "stuck-0" in page.read_text()


def test_lines_come_through_a_pipe_as_well(thirty, tmp_path):
    from classroom.overview.line import pack

    records = sorted((thirty / "home").glob("stuck-*.json"))
    lines = "\n".join(f"{p.stem}: {pack(Progress.parse(p.read_text()))}" for p in records)
    done = subprocess.run(
        [sys.executable, "-m", "classroom.overview", "-"], cwd=tmp_path, input=lines, text=True,
        capture_output=True, timeout=120, encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("5 students, 5 stuck")
    assert (tmp_path / "overview.html").exists()
