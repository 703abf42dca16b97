"""The overview of a class as text: what a terminal shows, and what a picture says in words."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from classroom.exercises.kit.results import RIGHT
from classroom.overview.findings import Overview, Topic
from classroom.overview.students import STUCK_MINUTES, Student

_WIDTH = 100


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "student"), counted(3, "try", "tries")
    ('1 student', '3 tries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def headline(view: Overview) -> str:
    """How many are stuck, at work and quiet, in one sentence."""
    students, stuck, quiet = len(view.students), len(view.stuck), len(view.quiet)
    parts = [counted(students, "student")]
    if view.live:
        parts += [f"{stuck} stuck now", f"{students - stuck - quiet} at work"]
        parts += [f"{quiet} quiet for {STUCK_MINUTES} minutes"] if quiet else []
    else:
        parts.append(f"{stuck} stuck at what they tried last")
    return ", ".join(parts)


def summary(topic: Topic) -> str:
    """How a class gets on with an exercise, in one sentence."""
    parts = [f"{len(topic.stuck)} stuck"] if topic.stuck else []
    return ", ".join([*parts, f"{topic.right} of {topic.tried} who tried have it right"])


def place(student: Student) -> str:
    """Where a student is, in a few words: ``2.3, 5 tries, 1 of 3 steps``."""
    parts = [student.at, counted(student.tries(student.at), "try", "tries")]
    done, steps = student.steps(student.at)
    return ", ".join(parts + ([f"{done} of {steps} steps"] if steps else []))


def as_text(view: Overview) -> str:
    """The whole overview as lines of text."""
    return "\n".join(
        [headline(view) + ".", *topics(view), *people(view), *_table(view), *_end(view)]
    )


def topics(view: Overview) -> Iterator[str]:
    """What to talk about next, with what the checks told."""
    for number, topic in enumerate(view.next):
        yield ""
        said = f"{'Then' if number else 'Talk about'} {topic.id} {topic.title}"
        yield f"{said}{f' (your plan: {topic.minute})' if topic.minute else ''}: {summary(topic)}"
        for told in topic.misconceptions:
            heard = f"{told.heard}: " if told.heard else ""
            yield _folded(f"  {told.count:3d} told, {told.still} still wrong: {heard}", told.words)
        for step in topic.missing:
            yield _folded(f"  {step.count:3d} miss the step: ", step.words)


def _folded(mark: str, words: str) -> str:
    return fill(mark + words, _WIDTH, subsequent_indent=" " * 6, break_on_hyphens=False)


def people(view: Overview) -> Iterator[str]:
    """Whom to go to."""
    if view.stuck:
        yield "\nGo to:"
        yield from (f"  {student.name}: {place(student)}" for student in view.stuck)


def _table(view: Overview) -> Iterator[str]:
    """Students by exercises: ✓ right, with its tries if more than one; a number: tries, wrong."""
    width = max([len("student"), *(len(student.name) for student in view.students)])
    width = min(width, 24)
    heads = [f"{topic.id:>5}" for topic in view.topics]
    if view.topics:
        yield f"\n{'':{width}}{''.join(heads)}"
    for student in view.students if view.topics else ():
        cells = "".join(f"{mark(student, topic.id):>5}" for topic in view.topics)
        yield f"{student.name[:width]:{width}}{cells}".rstrip()
    if view.topics:
        yield "✓ right (✓3: at the third try), 4: wrong after four tries, 4!: stuck there"


def mark(student: Student, key: str) -> str:
    """One cell of the table, as text."""
    status, tries = student.held.exercises.get(key), student.tries(key)
    if status is None:
        return "·"
    if status == RIGHT:
        return "✓" if tries < 2 else f"✓{tries}"
    return f"{tries}!" if student.is_stuck and student.at == key else str(tries)


def _end(view: Overview) -> Iterator[str]:
    if view.complaints:
        yield "\nNot read:"
        yield from (f"  {line}" for line in view.complaints)
