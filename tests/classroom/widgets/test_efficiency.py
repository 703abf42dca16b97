"""The explorer of cost: every size, the words, the picture's numbers."""

from classroom.widgets.efficiency import CostExplorer


def test_it_begins_with_the_reference_model():
    explorer = CostExplorer()
    assert repr(explorer).startswith(
        "CostExplorer(n_embd=16, n_layer=1, block_size=16): 4,192 parameters, "
        "25,152 operations a token; plain needs "
    )
    assert "plain" in str(explorer.picture)
    assert "numpy_batched" in str(explorer.picture)


def test_larger_models_cost_more_on_every_engine():
    explorer = CostExplorer()
    small = dict(explorer.costs(n_embd=16, n_layer=1, block_size=16))
    for change in ({"n_embd": 64}, {"n_layer": 8}):
        large = dict(explorer.costs(**({"n_embd": 16, "n_layer": 1, "block_size": 16} | change)))
        assert all(large[name] > small[name] for name in small)


def test_sizes_beyond_the_measured_ones_are_estimated():
    explorer = CostExplorer().set(n_embd=512, n_layer=12, block_size=512)
    assert not explorer.error
    assert "years" in explorer.result
    wide, wider = (
        dict(explorer.costs(n_embd=n, n_layer=1, block_size=16))["scalar"] for n in (256, 512)
    )
    assert 1.5 < wider / wide < 4.5


def test_a_dot_goes_from_width_to_width():
    explorer = CostExplorer()
    explorer._heard(None, {"set": {"n_embd": 100.0}}, None)
    assert explorer.state["n_embd"] == 128 and not explorer.error
    explorer._heard(None, {"nudge": {"n_embd": -1}}, None)
    assert explorer.state["n_embd"] == 64
