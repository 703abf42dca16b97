"""Fixtures for the tests of the command line."""

from command_line import call, names

__all__ = ["call", "names"]
