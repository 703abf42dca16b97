"""The compiled engine where numba has no place to keep what it compiled, or a damaged one."""

from __future__ import annotations

import pytest


def test_without_a_place_for_what_is_compiled_it_is_compiled_each_time(engine_of, monkeypatch):
    engine, asked = engine_of("compiled").module, []

    def njit(cache=False, **options):
        asked.append((cache, options))

        def make(function):
            if cache:
                raise RuntimeError("cannot cache function: no locator available")
            return function

        return make

    monkeypatch.setattr(engine, "njit", njit)
    assert engine.compiled(len) is len
    (with_cache, options), (without, the_same) = asked
    assert with_cache and not without and options == the_same != {}


@pytest.mark.parametrize("error", [EOFError("Ran out of input"), OSError(28, "No space left")])
def test_what_hinders_compiling_is_said_with_a_way_out(engine_of, tiny, monkeypatch, error):
    engine = engine_of("compiled")

    def broken(*_):
        raise error

    monkeypatch.setattr(engine.module, "loss_and_grads", broken)
    with pytest.raises(OSError, match="NUMBA_CACHE_DIR") as caught:
        next(engine.train(*tiny(), num_steps=3))
    assert str(error.args[-1]) in str(caught.value)
