"""The finale of chapter 10: all 1,000 steps with your own parts; the kernel stays free."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from classroom.lab.losses import floors
from classroom.lab.mind import Mind
from classroom.viz.kit.picture import Picture
from classroom.viz.mind import Scene, mind_picture
from classroom.widgets.background import Background
from classroom.widgets.base import Explorer
from classroom.widgets.controls import button

REDRAW_SECONDS = 1.5
WINDOW = 50
FILE = "my_mind.svg"
SHARP = 2
"""How many times larger the PNG is than the drawing: for a screen with small pixels."""


class Finale(Explorer):
    """Train the whole GPT with your own parts; watch its weights become a mind, and keep it.

    Parameters
    ----------
    run : WholeRun
        The run, with your parts: its losses, and the first difference from the reference.

    Attributes
    ----------
    names : list of str
        The 20 names at the end.
    """

    lines = 3  # twenty names before any training are long

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
        png = FILE.replace(".svg", ".png")
        said = f"the picture as {FILE} and {png}, beside the notebook"
        self.save_button = button("save", tooltip=said)
        self.save_button.on_click(self.guarded(lambda _: self.save()))
        super().__init__(extras=[self.start_button, self.stop_button, self.save_button])

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

    def save(self, path: str | Path = FILE) -> Path:
        """Write the picture to a file that ends in .svg, and as PNG beside it; say where.

        The page makes the PNG: it is there a moment later, and not without a page.
        """
        assert self.picture is not None
        self._kept = self.picture.save(path)
        self._say_kept(self._kept.name)
        if self._view is not None and self._viewed:
            self._view.send({"svg": str(self.picture.data), "times": SHARP})
        return self._kept

    def _say_kept(self, names: str) -> None:
        """Say what was saved and where."""
        assert self.picture is not None
        here = self._kept.resolve().parent
        place = "beside this notebook" if here == Path.cwd() else f"in {here}"
        self.show(self.picture, f"Saved as {names}, {place}. {self._in_words()}")

    def _heard(self, view: Any, message: dict[str, Any], buffers: Any) -> None:
        """Keep the PNG that the page has made of the picture."""
        super()._heard(view, message, buffers)
        if "png" in message:
            self.guarded(self._keep_png)(message, buffers)

    def _keep_png(self, message: dict[str, Any], buffers: Any) -> None:
        """Write the PNG beside the SVG."""
        if not message["png"]:
            words = f"{self._kept.name} (no PNG: this page said {message['why']!r})"
            return self._say_kept(words)
        png = self._kept.with_suffix(".png")
        png.write_bytes(bytes(buffers[0]))
        self._say_kept(f"{self._kept.name} and {png.name}")

    def draw(self) -> tuple[Picture, str]:
        """Show the weights, the losses so far and names, and in words where the run stands."""
        run, losses = self.run, self.run.losses
        weights = {
            key: [[float(param.data) for param in row] for row in matrix]
            for key, matrix in run.state_dict.items()
        }
        curve = [
            (step, sum(losses[max(0, step - WINDOW) : step]) / min(step, WINDOW))
            for step in range(1, len(losses) + 1, 1 + len(losses) // 200)
        ]
        mind = Mind(weights, run.config, run.tokenizer, self.names or None)
        scene = Scene(
            weights,
            mind.tokens,
            text="BOS",
            probs=mind.reading("").probs(0),
            names=mind.usual_names,
            heading=f"after {len(losses):,} names yours writes",
            curve=curve,
            at=len(curve) - 1,
            last=run.num_steps,
            floors=[(f"{name} {loss:.2f}", loss) for name, loss in self._floors.named()],
            line=("your own 4,192 weights", "orange above 0, blue and flat below"),
            curve_title=f"your loss, means of {WINDOW}",
        )
        return mind_picture(scene, self._alt(curve, mind)), self._in_words()

    def _alt(self, curve: Sequence[tuple[int, float]], mind: Mind) -> str:
        """What the picture shows."""
        read = f"after {self.run.index:,} steps with your parts"
        fell = f" Loss, means of {WINDOW} names: " if curve else ""
        fell += ", ".join(f"{loss:.2f} at {step:,}" for step, loss in (*curve[:1], *curve[-1:]))
        return f"All 4,192 weights {read}.{fell}. It writes: {', '.join(mind.usual_names)}."

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
