"""The fixtures that the tests of engines and of the runs above them share."""

from engine_fixtures import engine_of, figures, reference_start, small, tiny

__all__ = ["engine_of", "figures", "reference_start", "small", "tiny"]
