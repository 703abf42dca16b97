"""The authors' contact sheet: what is too large is named; `test_every_explorer.py` looks at all."""

from classroom.widgets import NamesExplorer
from tools.contact_sheet import complaints, main, page
from tools.explorers import extreme


def test_what_is_too_large_is_named(monkeypatch):
    monkeypatch.setattr("tools.contact_sheet.LARGEST_PICTURE", (900, 100))
    said = complaints("NamesExplorer", "default", NamesExplorer())
    assert said[0].startswith("NamesExplorer, default: 900 x ")


def test_settings_go_to_both_ends():
    slider = NamesExplorer().controls["T"]
    assert (extreme(slider, False), extreme(slider, True)) == (0.05, 3.0)


def test_a_page_is_light_or_dark_as_a_whole():
    assert 'data-theme="dark"' in page([], True) and 'data-theme="light"' in page([], False)


def test_an_unknown_explorer_is_named(capsys):
    assert main(["Nothing"]) == 2
    assert "no explorer 'Nothing': there are AttentionExplorer" in capsys.readouterr().out
