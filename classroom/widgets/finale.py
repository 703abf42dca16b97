"""The finale of chapter 10: all 1,000 steps with your own parts; the kernel stays free."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from classroom.viz.picture import Picture
from classroom.viz.style import FAST_DPI
from classroom.viz.training import draw_losses, floors
from classroom.widgets.background import Background
from classroom.widgets.base import Explorer
from classroom.widgets.controls import button

REDRAW_SECONDS = 1.5


class Finale(Explorer):
    """Train the whole GPT with your own parts; stop, go on, and hear what it says.

    Parameters
    ----------
    run : WholeRun
        The run, with your parts: its losses, and the first difference from the reference.

    Attributes
    ----------
    names : list of str
        The 20 names at the end.
    """

    def __init__(self, run: Any) -> None:
        self.run = run
        self.names: list[str] = []
        self._floors = floors(self.run.docs, self.run.tokenizer)
        self._pace, self._trouble = 0.0, ""
        self._work = Background(self._stopped_by, self.redraw)
        self.start_button = button("start", tooltip="train, or go on where it stopped")
        self.stop_button = button("stop", tooltip="stop; start goes on from there")
        self.start_button.on_click(self.guarded(lambda _: self._work.call(self.start)))
        self.stop_button.on_click(self.guarded(lambda _: self._work.call(self.stop)))
        super().__init__(extras=[self.start_button, self.stop_button])

    def start(self) -> None:
        """Begin, or go on; returns at once where the kernel has a loop."""
        if not self._work.running:
            self._work.start(self._train(self.run.num_steps))

    def advance(self, num_steps: int) -> Finale:
        """Make so many steps, return when they are made."""
        self._work.start(self._train(self.run.index + num_steps), wait=True)
        return self

    def stop(self) -> None:
        """Stop and keep what was learned."""
        self._work.cancel()
        self.redraw()

    def draw(self) -> tuple[Picture, str]:
        """Show the losses so far, and in words where the run stands."""
        run = self.run
        picture = draw_losses(
            run.losses, self._floors, held_out=[], num_steps=run.num_steps, dpi=FAST_DPI
        )
        return picture, self._in_words()

    def _train(self, until: int) -> Iterator[None]:
        """The work: one step a turn, now and then the picture."""
        self._trouble = ""
        drawn = started = time.perf_counter()
        first = self.run.index
        while not self.run.done and self.run.index < until:
            self.run.step()
            now = time.perf_counter()
            self._pace = (now - started) / (self.run.index - first)
            if now - drawn > REDRAW_SECONDS:
                self.redraw()
                drawn = time.perf_counter()
            yield
        if self.run.done and not self.names:
            self.names = self.run.names()
        self._work.finish()
        self.redraw()

    def _stopped_by(self, error: Exception) -> None:
        self._trouble = f"{type(error).__name__}: {error}"
        self.redraw()

    def _in_words(self) -> str:
        run = self.run
        # Two lines have to do for the 20 names, too.
        parts = "your parts" if self.names else ", ".join(run.given)
        words = f"{parts}: {run.index:,} of {run.num_steps:,} steps"
        if self._trouble:
            return f"{words}; then your parts raised {self._trouble}"
        if not run.losses:
            return f"{words}; press start"
        agrees = run.difference or "every loss is the reference's"
        words += f", loss {run.losses[-1]:.4f}; {agrees}"
        if self.names:
            same = self.names == run.reference_names()
            verdict = "letter for letter the reference's" if same else "not the reference's"
            return f"{words}. It says: {' '.join(self.names)} ({verdict})"
        return words + self._time_left()

    def _time_left(self) -> str:
        if not self._work.running:
            return ""
        left = self._pace * (self.run.num_steps - self.run.index)
        return f"; about {left:.0f} s to go" if left < 100 else f"; about {left / 60:.0f} min to go"
