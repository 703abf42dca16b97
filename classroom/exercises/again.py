"""``again("2.1")``: the question of a predict exercise with fresh numbers, to practise."""

from __future__ import annotations

import random
from textwrap import indent
from typing import Any

from classroom.exercises.kit import registry
from classroom.exercises.kit.comparing import same, show
from classroom.exercises.kit.saying import say

_turns: dict[str, int] = {}


def again(exercise_id: str, *answers: Any, show_solution: bool = False) -> None:
    """Ask the same question with other numbers, or check the answer to it; prints the result.

    Parameters
    ----------
    exercise_id : str
        Such as ``"2.1"``.
    *answers : object
        Nothing for the question, else your answer. A right one brings the next question.
    show_solution : bool, default False
        Print how one gets to the answer, and go on to the next question.
    """
    try:
        found = registry.find(exercise_id)
    except KeyError as error:
        say(f"✗ {error.args[0]}")
        return
    if found.again is None:
        offered = ", ".join(each.id for each in registry.all_exercises() if each.again)
        say(f"✗ {found.id} has one question only; fresh numbers are there for {offered}.")
        return
    turn = _turns.get(found.id, 1)
    fresh = fresh_question(found, turn)
    if show_solution:
        _turns[found.id] = turn + 1
        say(f"{found.id}, question {turn}: {show(fresh.expected)}\n  {fresh.solution}")
    elif not answers:
        say(f"{found.id} {found.title}, question {turn}:\n{indent(fresh.question, '  ')}")
        many = "first_answer, second_answer" if len(fresh.answers) > 1 else "your_answer"
        say(f'  Answer with again("{found.id}", {many}).')
    elif is_right(fresh, answers):
        _turns[found.id] = turn + 1
        say(f'✓ {found.id}, question {turn}. again("{found.id}") asks the next one.')
    else:
        say(f"✗ {found.id}, question {turn}: {_hint(fresh, answers)}")
        say(f'  again("{found.id}", show_solution=True) shows the way.')


def fresh_question(found: registry.Exercise, turn: int) -> registry.Fresh:
    """Question number `turn` of an exercise: the same numbers each time it is asked."""
    if found.again is None:
        raise ValueError(f"exercise {found.id} has no fresh questions")
    return found.again(random.Random(f"{found.id}, question {turn}"))


def is_right(fresh: registry.Fresh, answers: tuple[Any, ...]) -> bool:
    """Whether the answers are those that were asked for."""
    return same(answers, fresh.answers, fresh.tolerance)


def _hint(fresh: registry.Fresh, answers: tuple[Any, ...]) -> str:
    if (many := len(fresh.answers)) != len(answers):
        return f"{many} answer{'s are' if many > 1 else ' is'} asked for, you gave {len(answers)}."
    right = [same(*pair, fresh.tolerance) for pair in zip(answers, fresh.answers)]
    said = [f"{show(a)} is {'' if good else 'not '}right" for a, good in zip(answers, right)]
    return "; ".join(said) + "."
