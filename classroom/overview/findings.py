"""What a lecturer should know of a class: who is stuck, what to talk about, and in which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from classroom.exercises.kit import registry
from classroom.exercises.kit.results import RIGHT, WRONG
from classroom.overview import words
from classroom.overview.plan import minute
from classroom.overview.students import Handed, Student

FEWEST = 5  # students who tried an exercise before its misconceptions are shown
SHOWN = 3  # misconceptions of an exercise, and exercises to talk about


@dataclass(frozen=True)
class Told:
    """A misconception, or a step that is missing.

    Attributes
    ----------
    words : str
        As the check tells it, or as the solution names the step.
    count : int
        How many students were told, or miss the step.
    still : int
        How many of them have the exercise not right yet.
    heard : str
        The wrong values that it is told of, where values are asked for.
    """

    words: str
    count: int
    still: int
    heard: str = ""


@dataclass(frozen=True)
class Topic:
    """How a class gets on with one exercise.

    Attributes
    ----------
    id, title : str
        Of the exercise.
    tried, right : int
        How many students tried it, and how many have it right.
    stuck : tuple of Student
        Those who are stuck at it.
    misconceptions : tuple of Told
        The commonest; empty where fewer than five students tried it.
    missing : tuple of Told
        The steps that those who have it not right miss first, the commonest first.
    minute : str
        Where the lecturer's plan comes to it, or nothing.
    """

    id: str
    title: str
    tried: int
    right: int
    stuck: tuple[Student, ...]
    misconceptions: tuple[Told, ...]
    missing: tuple[Told, ...]
    minute: str

    @property
    def open(self) -> int:
        """How many tried it and have it not right yet."""
        return self.tried - self.right


@dataclass(frozen=True)
class Overview:
    """A class at one moment.

    Attributes
    ----------
    students : list of Student
        Who is stuck first, then who is at work, then who is quiet.
    topics : list of Topic
        Every exercise that somebody tried, in the order of the course.
    complaints : list of str
        What could not be read.
    live : bool
        Whether it counts how long ago a record was written.
    """

    students: list[Student]
    topics: list[Topic]
    complaints: list[str]
    live: bool = False

    @property
    def stuck(self) -> list[Student]:
        """Who is stuck."""
        return [student for student in self.students if student.is_stuck]

    @property
    def quiet(self) -> list[Student]:
        """Who has not been heard of for a while."""
        return [student for student in self.students if student.is_quiet]

    @property
    def next(self) -> list[Topic]:
        """What to talk about next: where most are stuck, then where most are not done."""
        ranked = sorted(self.topics, key=lambda t: (len(t.stuck), t.open), reverse=True)
        return [topic for topic in ranked if topic.open][:SHOWN]


def look_over(handed: Handed, live: bool = False, names: bool = True) -> Overview:
    """Find out what is worth knowing of a class.

    Parameters
    ----------
    handed : Handed
        What the students handed in.
    live : bool, default False
        Whether it counts how long ago a record was written.
    names : bool, default True
        False puts numbers in place of names, for a screen that all can see.
    """
    order = sorted(handed.students, key=_rank)
    if not names:
        order = [Student(f"student {n}", each.held, each.age) for n, each in enumerate(order, 1)]
    ids = {key for student in order for key in student.held.exercises}
    known = [each for each in registry.all_exercises() if each.id in ids]
    return Overview(order, [_topic(each, order) for each in known], handed.complaints, live)


def _rank(student: Student) -> tuple[object, ...]:
    stuck = (not student.is_stuck, -student.tries(student.at) if student.is_stuck else 0)
    return (student.is_quiet, *stuck, student.name.casefold())


def _topic(found: registry.Exercise, students: Sequence[Student]) -> Topic:
    key = found.id
    here = [student for student in students if key in student.held.exercises]
    still = [student for student in here if student.held.exercises[key] == WRONG]
    stuck = tuple(student for student in still if student.is_stuck and student.at == key)
    steps = words.steps(key) if still else {}
    missing = Counter(student.held.tried.get(key, {}).get("missing", "") for student in still)
    named = [(steps[step], count) for step, count in missing.most_common() if step in steps]
    return Topic(
        key, found.title, len(here), len(here) - len(still), stuck,
        tuple(_misconceptions(key, here)) if len(here) >= FEWEST else (),
        tuple(Told(step, count, count) for step, count in named[:SHOWN]),
        minute(key),
    )  # fmt: skip


def _misconceptions(key: str, students: Sequence[Student]) -> list[Told]:
    """The commonest sentences that the check told; several keys may stand for one sentence."""
    known = words.sentences(key)
    told, still = Counter[str](), Counter[str]()
    for student in students:
        causes = student.held.tried.get(key, {}).get("causes", [])
        for sentence in {known[cause] for cause in causes if cause in known}:
            told[sentence] += 1
            still[sentence] += student.held.exercises[key] != RIGHT
    ranked = sorted(told, key=lambda sentence: (-still[sentence], -told[sentence], sentence))
    heard = words.answers(key)
    return [Told(each, told[each], still[each], heard.get(each, "")) for each in ranked[:SHOWN]]
