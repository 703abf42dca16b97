"""Cases of an exercise, drawn from a seed, so that right and wrong ways give different results.

Numbers that prove nothing (0, 1, 2 and their opposites) are never drawn, and no number is drawn
twice in a row: a sum is then no product, a first part no last one. Edge cases are added by hand.
"""

from __future__ import annotations

import random

from microgpt.autograd import Value

_TELLS_NOTHING = (0, 1, 2)


class Draw(random.Random):
    """A source of numbers, vectors, matrices and words for the cases of one exercise.

    Its seed is the exercise's id: the cases are the same on every machine and in every run.
    """

    def number(self, low: float = -3, high: float = 3, digits: int = 1) -> float:
        """A number with few digits between `low` and `high`, which is neither 0, 1 nor 2."""
        while True:
            drawn = round(self.uniform(low, high), digits)
            if abs(drawn) not in _TELLS_NOTHING:
                return drawn

    def numbers(self, count: int, low: float = -3, high: float = 3, digits: int = 1) -> list[float]:
        """As many different numbers; of two and more at least one is below 0 where that may be."""
        drawn: list[float] = []
        while len(drawn) < count:
            new = self.number(low, high, digits)
            if abs(new) not in map(abs, drawn):
                drawn.append(new)
        if count > 1 and low < 0 < high and (min(drawn) > 0 or max(drawn) < 0):
            drawn[self.randrange(count)] *= -1
        return drawn

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, neither 0, 1 nor 2."""
        return self.choice([n for n in range(low, high + 1) if abs(n) not in _TELLS_NOTHING])

    def vector(self, count: int, low: float = -3, high: float = 3, digits: int = 1) -> list[Value]:
        """A vector of `Value`s."""
        return [Value(each) for each in self.numbers(count, low, high, digits)]

    def matrix(
        self, rows: int, columns: int, low: float = -3, high: float = 3
    ) -> list[list[Value]]:
        """Rows of `Value`s."""
        return [self.vector(columns, low, high) for _ in range(rows)]

    def word(self, length: int, letters: str = "abcdehiklmnorsty") -> str:
        """A word in which at least one letter comes twice, where it has three or more."""
        while True:
            drawn = "".join(self.choice(letters) for _ in range(length))
            if length < 3 or len(set(drawn)) < length:
                return drawn
