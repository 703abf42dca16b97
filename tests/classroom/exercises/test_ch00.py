"""Chapter 00: other right ways pass; what no slip says is told as well."""

from told import chapter_tests


def one_by_one(name):
    letters = []
    for place, letter in enumerate(name):
        if place > 0:
            letters.append(letter)
    return letters


def popped(name):
    letters = list(name)
    letters.pop(0)
    return letters


def unpacked(name):
    _, *rest = name
    return rest


RIGHT = [
    ("0.1", one_by_one),
    ("0.1", popped),
    ("0.1", unpacked),
    ("0.1", lambda name: [*name][1:]),
    ("0.1", lambda n: [b for _, b in zip(n, n[1:])]),
]
WRONG = [
    ("0.1", lambda name: [*name[1:], "end"], "follows the last letter"),
    ("0.1", lambda name: name.rest(), "no such method"),
    ("0.1", lambda name: None, "Nothing is returned"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)
