"""Live training: progress, losses over the floors, samples, stop and go on. Chapter 08."""

from __future__ import annotations

import random
import time
import weakref
from collections.abc import Iterator, Sequence
from html import escape
from typing import ClassVar

import ipywidgets as ipw

from classroom.lab.film import filmed_run
from classroom.lab.losses import WINDOW, Earlier, bigram_losses, floors, held_out, window_mean
from classroom.lab.runs import run_start
from classroom.lab.stepwise import NumpyRun, ScalarRun, mean_loss
from classroom.viz.kit.picture import Picture
from classroom.viz.live import draw_live
from classroom.widgets.background import Background, sliced
from classroom.widgets.base import Explorer
from classroom.widgets.controls import button, choice
from microgpt.data import load_docs
from microgpt.engines.arrays import ArrayGPT
from microgpt.model import flatten
from microgpt.sampling import sample
from microgpt.training import Step, TrainingDiverged

ENGINES = ("scalar", "numpy")
RATES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 1.0, 10.0)
REDRAW_SECONDS = 0.4
MOST_STEPS = 5000
MOST_EARLIER = 2
LUCK = 0.03, 200
"""From this rate on, after so many steps, the last bit of a weight may decide how a run ends."""


class LiveTraining(Explorer):
    """Train the GPT while you watch; stop when you like, keep what it learned, go on.

    The kernel stays usable meanwhile. Ten times in a run the model is looked at: five names are
    sampled, and the loss of names that it is never trained on is measured.

    Parameters
    ----------
    docs : sequence of str, optional
        The documents, shuffled here with `seed`; the shipped names if left out.
    num_steps, learning_rate, engine
        Where the controls begin; the engine is "scalar" (`microgpt.train`) or "numpy".
    held_out : int
        How many documents, the last after shuffling, are kept from training.
    seed : int
        Of the shuffle and the first weights.

    Attributes
    ----------
    state_dict, config, tokenizer
        The model as it is now, ready for `microgpt.sample` and `microgpt.save`.
    losses : list of float
        Loss of each step made.
    looks : list of (step, held-out loss, names)
        What was seen at each look.
    earlier : list of Earlier
        The last runs that were made before "from the beginning": their curves stay, pale. On
        the shipped names, the course's own run is the first of them.
    """

    _latest: ClassVar[weakref.ref[LiveTraining] | None] = None

    def __init__(
        self,
        docs: Sequence[str] | None = None,
        num_steps: int = 1000,
        learning_rate: float = 0.01,
        engine: str = "scalar",
        held_out: int = 300,
        seed: int = 42,
    ) -> None:
        self.docs = load_docs() if docs is None else list(docs)
        if not 0 < held_out < len(self.docs):
            raise ValueError(f"held_out must be 1 to {len(self.docs) - 1}, not {held_out}")
        self.seed, self._held_out = seed, held_out
        self._run: ScalarRun | NumpyRun | None = None
        self.earlier: list[Earlier] = [filmed_run()] if docs is None else []
        self._work = Background(self._fail, self._interrupted)
        self._fresh()
        self.floors = floors(self.docs, self.tokenizer)
        names = [self._training_docs[i % len(self._training_docs)] for i in range(MOST_STEPS)]
        self._table = bigram_losses(self.docs, self.tokenizer, names)
        self._make_buttons()
        steps = sorted({200, 1000, 5000, num_steps})
        rates = [(f"{rate:g}", rate) for rate in sorted({*RATES, learning_rate})]
        falls = "at the first step; it falls to 0"
        super().__init__(
            extras=[self.start_button, self.stop_button, self.again_button],
            engine=choice("engine", engine, ENGINES, tooltip="numpy: the same steps, faster"),
            num_steps=choice("steps", num_steps, steps, tooltip="in the whole run"),
            learning_rate=choice("learning rate", learning_rate, rates, tooltip=falls),
        )
        self._take_the_kernel()
        self._show_progress()

    def _parts(self, controls: Sequence[ipw.Widget]) -> list[ipw.Widget]:
        """The column of every explorer, with a progress bar below the controls."""
        self.bar = ipw.IntProgress(0, 0, 1, layout=ipw.Layout(width="300px"))
        self._meter = ipw.HTML()
        progress = ipw.HBox([self.bar, self._meter], layout=ipw.Layout(height="32px"))
        progress.add_class("mg-controls")
        sheet, row, *others = super()._parts(controls)
        return [sheet, row, progress, *others]

    def _take_the_kernel(self) -> None:
        """Stop the training that another explorer left running: one kernel trains one model."""
        before = LiveTraining._latest() if LiveTraining._latest is not None else None
        if before is not None and before is not self and before._work.running:
            before.stop()
            before._meter.value = "stopped by another training: everything learned is kept"
        LiveTraining._latest = weakref.ref(self)

    def _make_buttons(self) -> None:
        self.start_button = button("start", tooltip="train, or go on where it stopped")
        self.stop_button = button("stop", tooltip="stop and keep what was learned")
        self.again_button = button("from the beginning", tooltip="forget what was learned")
        actions = (self.start_button, self.start), (self.stop_button, self.stop)
        for made, action in (*actions, (self.again_button, self.again)):
            made.on_click(self.guarded(lambda _, action=action: self._work.call(action)))

    def draw(self, engine: str, num_steps: int, learning_rate: float) -> tuple[Picture, str]:
        """Show the losses so far."""
        picture = draw_live(
            self.losses, self._table, self.floors, self.looks, num_steps, self.earlier, self._digits
        )
        return picture, self._in_words(num_steps)

    @property
    def _digits(self) -> int:
        """Decimals that another processor would show, too."""
        rate, steps = LUCK
        return 1 if self.state["learning_rate"] >= rate and len(self.losses) > steps else 4

    def start(self) -> None:
        """Begin, or go on; returns at once where the kernel has a loop."""
        self._launch(None, wait=False)

    def advance(self, num_steps: int) -> LiveTraining:
        """Make so many steps, return when they are made."""
        self._launch(num_steps, wait=True)
        return self

    def stop(self) -> None:
        """Stop and keep what was learned: `state_dict` is the model after the last step."""
        self._work.cancel()
        self._settle("stopped: everything learned so far is kept" if self.losses else "")

    def again(self) -> None:
        """Forget what was learned, begin from new weights; the curve stays to compare with."""
        self._work.cancel()
        if len(self.losses) >= WINDOW:
            state = self.state
            label = f"{state['engine']}, rate {state['learning_rate']:g}"
            made = Earlier(label, tuple(self.losses), tuple(self.looks))
            self.earlier = [*self.earlier, made][-MOST_EARLIER:]
        self._fresh()
        self._settle("")

    def _fresh(self) -> None:
        docs, self.tokenizer, self.config, self.state_dict = run_start(self.docs, self.seed)
        self._training_docs = docs[: -self._held_out]
        self._held_out_docs = held_out(docs, self._held_out)
        self.losses: list[float] = []
        self.looks: list[tuple[int, float, list[str]]] = []
        self._run, self._trouble = None, ""

    def _launch(self, num_steps: int | None, wait: bool) -> None:
        if self._work.running and not wait:
            return
        self._take_the_kernel()
        if self._run is None:
            kind = NumpyRun if self.state["engine"] == "numpy" else ScalarRun
            arguments = self._training_docs, self.tokenizer, self.config, self.state_dict
            self._run = kind(*arguments, self.state["num_steps"], self.state["learning_rate"])
        for control in self.controls.values():
            control.disabled = True
        until = self._run.num_steps if num_steps is None else self._run.index + num_steps
        self._work.start(self._train(self._run, until), wait=wait)
        self._show_progress()

    def _train(self, run: ScalarRun | NumpyRun, until: int) -> Iterator[None]:
        """The work: steps in slices, after each the meter, sometimes the picture."""
        started, first = time.perf_counter(), run.index
        drawn = started
        try:
            for steps in sliced(self._steps(run, until)):
                self.losses += [step.loss for step in steps]
                now = time.perf_counter()
                self._show_progress((run.index - first) / (now - started))
                if now - drawn > REDRAW_SECONDS:
                    self.redraw()
                    drawn = time.perf_counter()
                yield
        except TrainingDiverged as diverged:
            reason = run.reason or f"the loss became {diverged.loss}"
            self._trouble = (
                f"diverged at step {diverged.step + 1} ({reason}): the weights before it "
            )
            self._trouble += "were kept, a smaller rate may help"
        self._work.finish()
        self._settle("")

    def _steps(self, run: ScalarRun | NumpyRun, until: int) -> Iterator[Step]:
        every = max(1, run.num_steps // 10)
        while not run.done and run.index < until:
            step = run.step()
            yield step
            if run.index % every == 0:
                self._look(run)

    def _look(self, run: ScalarRun | NumpyRun) -> None:
        """Sample names and measure the loss of the names held out."""
        run.hand_back()
        if self.looks and self.looks[-1][0] == run.index:
            return
        model = ArrayGPT(self.config, [param.data for param in flatten(self.state_dict)])
        loss = mean_loss(self._held_out_docs, model, self.config, self.tokenizer)
        rng = random.Random(self.seed)
        parts = self.state_dict, self.config, self.tokenizer, rng
        self.looks.append((run.index, loss, [sample(*parts) for _ in range(5)]))

    def _settle(self, words: str) -> None:
        """Bring everything to rest: look once more, draw, say what to do next."""
        if self._run is not None and self.losses:
            self._run.hand_back()
            self._look(self._run)
        for control in self.controls.values():
            control.disabled = self._run is not None
        self.redraw()
        self._show_progress()
        self._meter.value = escape(words)

    def _interrupted(self) -> None:
        self._settle("interrupted: everything learned so far is kept")

    def _show_progress(self, speed: float = 0.0) -> None:
        """Bring the bar, the meter and the button's word up to date."""
        made, of = len(self.losses), self.state["num_steps"]
        self.bar.max, self.bar.value = of, made
        self.start_button.description = "continue" if made else "start"
        over = made >= of or bool(self._trouble)
        self.start_button.disabled = self._work.running or over
        self.stop_button.disabled = not self._work.running
        if speed:
            recent = window_mean(self.losses, max(1, made - WINDOW + 1), made)
            self._meter.value = (
                f"step {made:,} of {of:,} · loss {recent:.{self._digits}f} "
                f"(mean of the last {min(made, WINDOW)}) · "
                f"{speed:,.0f} steps/s · {(of - made) / speed:,.0f} s left"
            )

    def _ghost(self) -> str:
        """What is seen before the first step: the run before."""
        if not (self.earlier and self.earlier[-1].looks):
            return ""
        step, loss, names = self.earlier[-1].looks[-1]
        words = f". Beside it, {self.earlier[-1].label}: held-out names {loss:.4f} after "
        return f"{words}step {step:,}, samples {', '.join(names)}"

    def _in_words(self, num_steps: int) -> str:
        made = len(self.losses)
        if not made and not self._trouble:
            return f"0 of {num_steps:,} steps made: press start{self._ghost()}"
        if not made:
            return self._trouble
        recent = window_mean(self.losses, max(1, made - WINDOW + 1), made)
        words = f"{made:,} of {num_steps:,} steps made; mean of the last {min(made, WINDOW)} "
        words += f"losses {recent:.{self._digits}f}"
        if self.looks:
            step, loss, names = self.looks[-1]
            words += f"; after step {step:,} held-out names {loss:.{self._digits}f}"
            words += f", samples {', '.join(names)}"
        if self._digits < 4:
            words += "; at this rate further digits may be luck (chapter 7)"
        return f"{words}; {self._trouble}" if self._trouble else words
