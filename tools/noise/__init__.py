"""Noise in the last bit, as another processor or C library makes it: `tools.processors --noise`."""
