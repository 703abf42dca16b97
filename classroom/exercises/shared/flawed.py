"""Running means with known flaws, for the check of exercise 7.3."""

from __future__ import annotations

from collections.abc import Sequence

Floats = list[float]


def uncorrected(numbers: Sequence[float], beta: float) -> Floats:
    """Running means with their bias."""
    mean, found = 0.0, []
    for number in numbers:
        mean = beta * mean + (1 - beta) * number
        found.append(mean)
    return found


def corrected_in_place(numbers: Sequence[float], beta: float) -> Floats:
    """Running means, each corrected before the next is made of it."""
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        mean = (beta * mean + (1 - beta) * number) / (1 - beta**count)
        found.append(mean)
    return found


def swapped(numbers: Sequence[float], beta: float) -> Floats:
    """Running means with beta and 1 - beta swapped."""
    mean, found = 0.0, []
    for count, number in enumerate(numbers, 1):
        mean = (1 - beta) * mean + beta * number
        found.append(mean / (1 - beta**count))
    return found


def from_the_first(numbers: Sequence[float], beta: float) -> Floats:
    """Running means that begin at the first number."""
    found = [numbers[0]]
    for number in numbers[1:]:
        found.append(beta * found[-1] + (1 - beta) * number)
    return found


def plain_means(numbers: Sequence[float], beta: float) -> Floats:
    """The mean of all numbers so far."""
    return [sum(numbers[:count]) / count for count in range(1, len(numbers) + 1)]


def multiplied(numbers: Sequence[float], beta: float) -> Floats:
    """Running means multiplied by the share they have seen."""
    return [mean * (1 - beta**count) for count, mean in enumerate(uncorrected(numbers, beta), 1)]


def same_correction(numbers: Sequence[float], beta: float) -> Floats:
    """Running means all divided by 1 - beta."""
    return [mean / (1 - beta) for mean in uncorrected(numbers, beta)]
