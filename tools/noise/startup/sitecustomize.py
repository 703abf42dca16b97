"""Python runs this before anything else where the folder stands in PYTHONPATH: noise begins."""

from tools.noise import last_bit

last_bit.begin()
