"""The warm-up exercise of chapter 00, and the example of how an exercise is written."""

from classroom.exercises.kit.causes import when
from classroom.exercises.kit.solutions import solution

SLICE = "rest = name[1:] ->"
LETTERS = "return list(rest) ->"


def letter_by_letter(name):  # noqa: D103
    places = range(1, len(name))  # every position but 0
    return [name[i] for i in places]  # the letter at each of these positions


@solution(
    "0.1", "What comes next?", difficulty=1, minutes=5, roads=[letter_by_letter],
    cases=lambda draw: [
        ("emma",), ("ava",), ("jo",), ("zoe",), ("aaron",), ("christopher",),
        *((draw.word(draw.whole(3, 7)),) for _ in range(3)),
    ],
    slips={
        f"{LETTERS} return rest": "a string came out; `list(...)` cuts it into letters.",
        f"{SLICE} rest = name": "the first letter is still there; nothing comes before it to guess from.",
        f"{SLICE} rest = name[:-1]": "you left out the last letter, not the first.",
        f"{SLICE} rest = name[1:-1]": "the last letter is missing, too; only the first goes.",
        f"{SLICE} rest = name.lstrip(name[0])": "every letter at the beginning that equals the first is gone (`aaron` lost two); leave out the first position only.",
        f'{SLICE} rest = name.replace(name[0], "")': "each letter that equals the first is gone, not only the first: `ava` lost two.",
    },
    also=[
        when(lambda got, expected: isinstance(got, list) and got[:-1] == expected, "something follows the last letter; the end of a name is not asked for here."),
    ],
)  # fmt: skip
def next_letters(name):
    rest = name[1:]  # the name without its first letter
    return list(rest)  # that, cut into letters
