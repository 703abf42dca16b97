"""The overview of a class as a picture in a notebook: what to talk about, and who is stuck."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from classroom.exercises.kit.results import RIGHT
from classroom.overview.findings import Overview, Topic, look_over
from classroom.overview.students import Student, read
from classroom.overview.text import headline, mark, people, summary, topics
from classroom.viz.kit.palette import COLOURS, GRID, INK, TEXT, TINT
from classroom.viz.kit.picture import SVG, Picture

WIDTH, TABLE = 900, 590  # pixels: of the picture, and where the table begins
ROW, NAME = 13, 84
MOST, COLUMNS = 32, 9  # students and exercises in the table


def overview(*sources: str, names: bool = True) -> Picture:
    """How a class gets on, as a picture.

    Parameters
    ----------
    *sources : str
        Folders of records, record files, texts with lines of ``hand_in``, or such lines.
    names : bool, default True
        False puts numbers in place of names, for a screen that all can see.

    Returns
    -------
    Picture
        Its words say what to talk about next and who is stuck.
    """
    return draw(look_over(read(sources), names=names))


def draw(view: Overview) -> Picture:
    """The picture of an overview."""
    parts = [_text(0, 20, headline(view), size=18, weight="bold")]
    y = 34.0
    for number, topic in enumerate(view.next):
        drawn, y = _topic(topic, y, number == 0, len(view.students))
        parts += drawn
    parts += _table(view)
    rows = min(len(view.students), MOST) + (len(view.students) > MOST)
    height = max(y, 62 + ROW * rows)
    words = "\n".join([headline(view) + ".", *topics(view), *people(view)])
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
    head += f'viewBox="0 0 {WIDTH} {height:g}" font-family="sans-serif">'
    return Picture(head + "".join(parts) + "</svg>", SVG, words)


def _text(
    x: float, y: float, text: str, colour: str = TEXT, size: float = 13, anchor: str = "start",
    weight: str = "normal",
) -> str:  # fmt: skip
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size:g}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def _topic(topic: Topic, y: float, first: bool, students: int) -> tuple[list[str], float]:
    """One exercise to talk about, and where the next may begin."""
    said = f"{'Talk about' if first else 'Then'} {topic.id} {topic.title}"
    parts = [_text(0, y + 14, said, INK["gradient"] if first else TEXT, 16 if first else 14)]
    plan = f" · your plan: {topic.minute}" if topic.minute else ""
    x, stuck = 0.0, len(topic.stuck)
    for colour, count in (
        ("gradient", stuck),
        ("accent", topic.open - stuck),
        ("parameter", topic.right),
    ):
        wide = (TABLE - 30) * count / max(students, 1)
        parts.append(_box(x, y + 20, wide, 8, COLOURS[colour]))
        x += wide
    parts.append(_text(0, y + 43, summary(topic) + plan, INK["constant"]))
    y += 48
    for told in topic.misconceptions[: 3 if first else 1]:
        heard = f"{told.heard}: " if told.heard else ""
        lines = wrap(f"{heard}{told.words}", 78)
        parts.append(
            _text(22, y + 13, str(told.count), INK["gradient"], anchor="end", weight="bold")
        )
        for line in lines[:2]:
            y += 15
            parts.append(_text(30, y - 2, line))
        y += 3
    return parts, y + 8


def _box(x: float, y: float, width: float, height: float, colour: str, edge: str = "") -> str:
    stroke = f' stroke="{edge}" stroke-width="1.5"' if edge else ""
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} fill="{colour}"{stroke}/>'


def _table(view: Overview) -> Iterator[str]:
    """Students by the exercises they came to last."""
    shown = view.topics[-COLUMNS:]
    wide = (WIDTH - TABLE - NAME) / COLUMNS
    for column, topic in enumerate(shown):
        x = TABLE + NAME + wide * (column + 0.5)
        yield _text(x, 48, topic.id, INK["constant"], 11, "middle")
    for row, student in enumerate(view.students[:MOST]):
        y = 52.0 + ROW * row
        yield _text(TABLE, y + 10, student.name[:13], TEXT, 11)
        for column, topic in enumerate(shown):
            yield from _cell(student, topic, TABLE + NAME + wide * column, y, wide)
    if len(view.students) > MOST:
        more = f"and {len(view.students) - MOST} more"
        yield _text(TABLE, 52 + ROW * MOST + 10, more, INK["constant"], 11)


def _cell(student: Student, topic: Topic, x: float, y: float, wide: float) -> Iterator[str]:
    status, said = student.held.exercises.get(topic.id), mark(student, topic.id)
    if status is None:
        yield _box(x + 1, y + 0.5, wide - 2, ROW - 1, "none", GRID)
        return
    kind = "parameter" if status == RIGHT else "gradient" if "!" in said else "accent"
    edge = COLOURS["gradient"] if "!" in said else ""
    yield _box(x + 1, y + 0.5, wide - 2, ROW - 1, TINT[kind], edge)
    yield _text(x + wide / 2, y + 10, said, INK[kind], 11, "middle")
