"""Chapter 00: other right ways pass; what no slip says is told as well."""

from told import chapter_tests

RIGHT = [
    ("0.1", lambda name: [*name][1:]),
    ("0.1", lambda n: [b for _, b in zip(n, n[1:])]),
]
WRONG = [
    ("0.1", lambda name: [*name[1:], "end"], "follows the last letter"),
    ("0.1", lambda name: name.rest(), "no such method"),
]
test_other_right_ways_pass, test_what_no_slip_says_is_told = chapter_tests(RIGHT, WRONG)
