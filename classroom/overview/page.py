"""The overview of a class as one HTML page: no request, no script, light, dark or on paper."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from classroom.exercises.kit.results import RIGHT
from classroom.overview.findings import FEWEST, Overview, Topic
from classroom.overview.students import STUCK_MINUTES, Student
from classroom.overview.text import counted, place
from classroom.viz.kit.palette import VARIABLES

_PAGE = Path(__file__).with_name("page.html")


def as_page(view: Overview, every: float = 0) -> str:
    """The overview as an HTML document.

    Parameters
    ----------
    view : Overview
        The class.
    every : float, default 0
        Seconds after which the browser reads the page again; 0 for never.
    """
    colours = [(name.removeprefix("--mg-"), *pair) for name, *pair in VARIABLES.values()]
    students, stuck, quiet = len(view.students), len(view.stuck), len(view.quiet)
    chips = [("stuck", f"{stuck} stuck{' now' if view.live else ''}")]
    if view.live:
        chips.append(("busy", f"{students - stuck - quiet} at work"))
        chips.append(("quiet", f"{quiet} quiet for {STUCK_MINUTES} minutes"))
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        refresh=f'<meta http-equiv="refresh" content="{every:g}">\n' if every else "",
        title=f"{chips[0][1]} of {students}",
        light=" ".join(sorted({f"--{name}: {light};" for name, light, _ in colours})),
        dark=" ".join(sorted({f"--{name}: {dark};" for name, _, dark in colours})),
        students=counted(students, "student"),
        chips="".join(f'<span class="chip {kind}">{text}</span>' for kind, text in chips),
        time=time.strftime("%H:%M:%S" if view.live else "%d %B %Y, %H:%M"),
        topics="".join(_topics(view)) or "<p>Nobody is stuck, and nothing is wrong.</p>",
        people=_people(view),
        table="\n".join(_table(view)),
        unread=_unread(view),
    )


def _html(text: str) -> str:
    return re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text))


def _topics(view: Overview) -> Iterator[str]:
    for number, topic in enumerate(view.next):
        first = number == 0
        said = "Talk about this next" if first else "Then"
        yield (
            f'<article class="topic{" first" if first else ""}">'
            f'<p class="label"><span>{said}</span><span>{escape(_plan(topic))}</span></p>'
            f"<h2>{topic.id} {escape(topic.title)}</h2>{_bar(topic, len(view.students))}"
            f'<ul class="told">{"".join(_told(topic))}</ul></article>\n'
        )


def _plan(topic: Topic) -> str:
    return f"your plan: {topic.minute}" if topic.minute else ""


def _bar(topic: Topic, students: int) -> str:
    """How many are stuck, wrong, right; the rest has not come to it."""
    stuck = len(topic.stuck)
    parts = [("stuck", stuck), ("open", topic.open - stuck), ("right", topic.right)]
    bars = "".join(
        f'<i class="{kind}" style="width:{100 * count / students:.4g}%"></i>'
        for kind, count in parts
        if count
    )
    words = [f"<b>{stuck} stuck</b>"] if stuck else []
    named = {
        "not right yet": topic.open - stuck,
        "right": topic.right,
        "not there yet": students - topic.tried,
    }
    words += [f"{count} {name}" for name, count in named.items() if count]
    return (
        f'<div class="bar" aria-hidden="true">{bars}</div><p class="counts">{" · ".join(words)}</p>'
    )


def _told(topic: Topic) -> Iterator[str]:
    if topic.misconceptions:
        yield '<li class="label">so many were told by the check</li>'
    for told in topic.misconceptions:
        heard = f"<code>{escape(told.heard)}</code>: " if told.heard else ""
        still = f"{told.still} still wrong" if told.still else "all have it right now"
        yield _row(told.count, f"{heard}{_html(told.words)} <small>({still})</small>")
    if not topic.misconceptions and topic.tried < FEWEST:
        yield _row("", f"<small>What they were told is shown from {FEWEST} students on.</small>")
    steps = " · ".join(f"{_html(step.words)} <b>({step.count})</b>" for step in topic.missing)
    if steps:
        yield f'<li class="label"><span>missing next: {steps}</span></li>'


def _row(count: int | str, words: str) -> str:
    return f'<li><span class="n">{count}</span><span>{words}</span></li>'


def _people(view: Overview) -> str:
    if not view.stuck:
        return '<h2>Go to</h2><p class="note">Nobody is stuck.</p>'
    rows = "".join(
        f'<li title="{escape(place(student))}"><span>{escape(student.name)}</span>'
        f"<span>{student.at} · {counted(student.tries(student.at), 'try', 'tries')}</span></li>"
        for student in view.stuck
    )
    return f'<h2>Go to</h2><ol tabindex="0" aria-label="Students who are stuck">{rows}</ol>'


def _table(view: Overview) -> Iterator[str]:
    """Students by exercises; a cell's title says in words what its mark and colour mean."""
    if not view.topics:
        return
    heads = "".join(
        f'<th scope="col" title="{escape(topic.title)}">{topic.id}</th>' for topic in view.topics
    )
    yield '<div class="scroll" tabindex="0" role="group" aria-label="table"><table>'
    yield f'<thead><tr><th scope="col">student</th>{heads}</tr></thead><tbody>'
    for student in view.students:
        cells = "".join(_cell(student, topic) for topic in view.topics)
        quiet = ' class="quiet"' if student.is_quiet else ""
        yield f'<tr{quiet}><th scope="row">{escape(student.name)}</th>{cells}</tr>'
    shares = "".join(f"<td>{topic.right}/{topic.tried}</td>" for topic in view.topics)
    yield f'</tbody><tfoot><tr><th scope="row">right of tried</th>{shares}</tr></tfoot>'
    yield (
        '</table></div><p class="key note">✓ right, ✓3 right at the third try; 4 wrong after four '
        "tries, the line below how far; 4! stuck there. Who is stuck comes first.</p>"
    )


def _cell(student: Student, topic: Topic) -> str:
    status, tries = student.held.exercises.get(topic.id), student.tries(topic.id)
    if status is None:
        return "<td></td>"
    done, steps = student.steps(topic.id)
    said = f"{escape(student.name)}, {topic.id}: {'right' if status == RIGHT else 'wrong'}, "
    said += counted(tries, "try", "tries")
    if status == RIGHT:
        return f'<td class="right" title="{said}">✓{tries if tries > 1 else ""}</td>'
    said += f", {done} of {steps} steps" if steps else ""
    stuck = student.is_stuck and student.at == topic.id
    kind, bar = f"open{' stuck' if stuck else ''}", f"--done:{100 * done // steps if steps else 0}%"
    return f'<td class="{kind}" style="{bar}" title="{said}">{tries}{"!" if stuck else ""}</td>'


def _unread(view: Overview) -> str:
    rows = "".join(f"<li>{escape(line)}</li>" for line in view.complaints)
    return f'<section class="unread"><h2>Not read</h2><ul>{rows}</ul></section>' if rows else ""
