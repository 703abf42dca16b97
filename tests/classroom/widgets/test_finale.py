"""The finale: what it shows on the way, when it stops, and what it says at the end."""

import pytest
from own_parts import Mine, Stack, no_maximum

from classroom.exercises.assembly.whole_run import WholeRun
from classroom.widgets import Finale


def test_it_waits_counts_and_goes_on():
    finale = Finale(WholeRun({"value": Mine}))
    assert repr(finale) == "Finale(): value: 0 of 1,000 steps; press start"
    finale.advance(2)
    assert "value: 2 of 1,000 steps, loss 3.2561; every loss is the reference's" in repr(finale)
    finale.advance(1)
    assert finale.run.index == 3 and finale.picture is not None


def test_a_difference_is_told_with_its_step():
    assert "step 2: loss" in repr(Finale(WholeRun({"value": Stack})).advance(3))


def test_at_the_end_it_speaks():
    finale = Finale(WholeRun({"softmax": no_maximum}, num_steps=3))
    finale.start()
    assert finale.run.done and len(finale.names) == 20
    assert repr(finale).startswith("Finale(): your parts: 3 of 3 steps, loss ")
    assert "It says: " in repr(finale) and "(not the reference's)" in repr(finale)
    finale.start()
    assert finale.run.index == 3


def test_it_shows_the_reader_s_weights_and_keeps_them_as_a_picture(tmp_path):
    finale = Finale(WholeRun({"softmax": no_maximum}, num_steps=3)).advance(2)
    before = finale.picture
    assert "All 4,192 weights after 2 steps with your parts. Loss, means of 50" in before.alt
    finale.advance(1)
    assert f"It writes: {', '.join(finale.names)}." in finale.picture.alt
    assert finale.picture.data != before.data
    kept = finale.save(tmp_path / "mine.svg")
    assert kept.read_text(encoding="utf-8") == finale.picture.data
    assert f"Finale(): Saved as mine.svg, in {tmp_path.resolve()}. your parts" in repr(finale)
    tip = "the picture as my_mind.svg and my_mind.png, beside the notebook"
    assert finale.save_button.tooltip == tip


def test_a_page_makes_the_png_beside_it(tmp_path, monkeypatch):
    pytest.importorskip("anywidget")
    monkeypatch.chdir(tmp_path)
    finale, sent = Finale(WholeRun({"softmax": no_maximum}, num_steps=3)), []
    monkeypatch.setattr(finale._view, "send", sent.append)
    finale.save()
    assert sent == [] and "Saved as my_mind.svg, beside this notebook. " in finale.result
    finale._heard(None, {"ready": True}, [])
    finale.save_button.click()
    assert sent == [{"svg": finale.picture.data, "times": 2}]
    assert sent[0]["svg"].count("<path stroke=") > 20  # the squares are in it
    finale._heard(None, {"png": True}, [memoryview(b"\x89PNG...")])
    assert (tmp_path / "my_mind.png").read_bytes() == b"\x89PNG..."
    assert "Saved as my_mind.svg and my_mind.png, beside this notebook. " in finale.result
    finale._heard(None, {"png": False, "why": "no canvas"}, [])
    assert "my_mind.svg (no PNG: this page said 'no canvas'), beside" in finale.result


def test_what_a_part_raises_is_said_and_nothing_is_lost():
    def fails_later(logits):
        if finale.run.index == 2:
            raise ZeroDivisionError("on purpose")
        return no_maximum(logits)

    finale = Finale(WholeRun({"softmax": fails_later}))
    finale.advance(5)
    assert "2 of 1,000 steps; then your parts raised ZeroDivisionError: on purpose" in repr(finale)
