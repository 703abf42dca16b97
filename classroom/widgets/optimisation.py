"""The learning-rate explorer: two weights on a ravine, the real GPT trained anew. Chapter 07."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from classroom.lab.losses import floors
from classroom.lab.ravine import OPTIMIZERS
from classroom.lab.runs import Curve, best_curve, luck_in_words, rate_text, run_start
from classroom.lab.stepwise import NumpyRun
from classroom.viz.kit.picture import Picture
from classroom.viz.rate_panels import draw_explorer
from classroom.widgets.background import Background, sliced
from classroom.widgets.base import Explorer
from classroom.widgets.controls import button, checkbox, choice, log_slider
from microgpt.data import load_docs
from microgpt.tokenizer import CharTokenizer
from microgpt.training import TrainingDiverged

MOST_CURVES = 9


def train_curves(
    docs: Sequence[str], optimizer: str, rate: float, decay: bool, num_steps: int = 1000
) -> Iterator[Curve]:
    """Train the GPT of the reference run, and its twin; hand out a curve after every slice of time.

    Parameters
    ----------
    docs : sequence of str
        The documents in the order of the file; they are shuffled with the seed 42.
    optimizer : str
        "SGD", "momentum" or "Adam".
    rate : float
        The learning rate of the first step.
    decay : bool
        Whether it falls to 0.
    num_steps : int
        Steps to make.

    Yields
    ------
    Curve
        The last one is the whole run, or says in `trouble` at which step it diverged and why. Its
        twin began with one weight changed in the 15th decimal.
    """
    runs = (NumpyRun(*run_start(docs), num_steps, rate, optimizer, decay) for _ in range(2))
    run, other = runs
    other.model.flat[0] += 1e-15
    for twin in _curves(other):  # noqa: B007, the last one
        yield Curve(optimizer, rate, decay, ())
    for curve in _curves(run):
        yield Curve(optimizer, rate, decay, *curve, Curve(optimizer, rate, decay, *twin))


def _curves(run: NumpyRun) -> Iterator[tuple[tuple[float, ...], str]]:
    """The losses so far, and what went wrong, after every slice of time."""
    losses: list[float] = []
    trouble = ""
    try:
        for steps in sliced(_steps(run)):
            losses += [step.loss for step in steps]
            yield tuple(losses), ""
    except TrainingDiverged as diverged:
        trouble = f"diverged at step {diverged.step + 1}: {run.reason}"
    yield tuple(losses), trouble


def _steps(run: NumpyRun) -> Iterator[Any]:
    while not run.done:
        yield run.step()


class LearningRates(Explorer):
    """Move the learning rate, and see what it does to two weights and to 4,192.

    The real GPT is trained for all 1,000 steps each time the slider is let go (by the engine
    ``numpy``, whose losses are those of `microgpt.train` to 1e-12); beside it, two weights roll
    down a ravine at the same rate. Runs stay, coloured by their rate; a run that was made already
    is shown again, not repeated. Moving while a run is under way drops that run. A run that
    diverges stops there. Each is made twice, the second time with one weight changed in its 15th
    decimal: if the ends differ, two digits are shown, since on another processor it would end
    elsewhere, too.

    Parameters
    ----------
    docs : sequence of str, optional
        What to train on; the shipped names if left out.
    rate : float
        Where its slider begins.

    Attributes
    ----------
    curves : list of Curve
        The runs that were finished or diverged; the oldest make room, the best one stays.
    """

    def __init__(self, docs: Sequence[str] | None = None, rate: float = 0.01) -> None:
        if not 1e-4 <= rate <= 10:
            said = f"the slider goes from 0.0001 to 10, so rate cannot be {rate_text(rate)}"
            raise ValueError(said)
        self.docs = load_docs() if docs is None else list(docs)
        self.floors = floors(self.docs, CharTokenizer.from_docs(self.docs))
        self.curves: list[Curve] = []
        self._wait = True  # the first run, and those of `set`, are finished before we return
        self._work = Background(self._fail, self._interrupted)
        forget = button("forget others", tooltip="keep only the present curve")
        forget.on_click(self.guarded(lambda _: self._work.call(self._forget)))
        far = "how far each step goes, from 0.0001 to 10"
        falls = "let the learning rate fall to 0 over the 1,000 steps"
        super().__init__(
            extras=[forget],
            slow=True,
            rate=log_slider("learning rate", rate, -4, 1, tooltip=far),
            optimizer=choice("optimiser", "Adam", OPTIMIZERS, tooltip="how a slope becomes a step"),
            decay=checkbox("decay", True, tooltip=falls),
        )
        self._wait = False

    def draw(self, rate: float, optimizer: str, decay: bool) -> tuple[Picture, str]:
        """Train the GPT, unless this run was made before; show path and curve when it is done."""
        self._work.cancel()
        if self._known() is None:
            self._work.start(self._train(*self._wanted()), wait=self._wait)
        if self._work.running and self.picture is not None:  # drawn once, when the run is over
            return self.picture, self._in_words(Curve(*self._wanted(), ()), made=False)
        return self._present()

    def set(self, **values: Any) -> Explorer:
        """Give controls new values, train to the end, and return the explorer."""
        self._wait = True
        try:
            return super().set(**values)
        finally:
            self._wait = False

    def _changed(self, change: Any = None) -> None:
        self._work.call(super()._changed)

    def _draw_once(self, state: dict[str, Any]) -> None:
        super()._draw_once(state)
        if self._work.running:
            self.busy(True, "training the GPT ...")

    def _train(self, optimizer: str, rate: float, decay: bool) -> Iterator[None]:
        curve = Curve(optimizer, rate, decay, ())
        for curve in train_curves(self.docs, optimizer, rate, decay):  # noqa: B007, the last one
            yield
        self._keep(curve)
        if not self._drawing:
            self.busy(False)
            self.show(*self._present())

    def _keep(self, curve: Curve) -> None:
        self.curves.append(curve)
        if len(self.curves) > MOST_CURVES:
            best = best_curve(self.curves)
            self.curves.remove(next(old for old in self.curves if old != best))

    def _known(self) -> Curve | None:
        """The present setting's run, if it was made."""
        wanted = self._wanted()
        return next((c for c in self.curves if (c.optimizer, c.rate, c.decay) == wanted), None)

    def _wanted(self) -> tuple[str, float, bool]:
        """The present setting; the rate is what the slider's readout says, two digits."""
        state = self.state
        return state["optimizer"], float(rate_text(state["rate"])), state["decay"]

    def _present(self) -> tuple[Picture, str]:
        curve, wanted = self._known(), self._wanted()
        shown = curve or Curve(*wanted, ())
        picture = draw_explorer(*wanted, self.curves, self.floors, shown)
        return picture, self._in_words(shown, made=curve is not None)

    def _in_words(self, curve: Curve, made: bool) -> str:
        if not made:
            words = f"{curve.label}: not trained to the end"
        elif curve.trouble:
            words = f"{curve.label} {curve.end}"
        else:
            words = f"{curve.label}: the last 50 of 1,000 steps average {curve.end}"
            if curve.final > self.floors.blind:
                words += ", worse than blind guessing"
        words += luck_in_words(curve)
        best = best_curve(self.curves)
        return f"{words}; best so far {best.label} with {best.end}" if best else words

    def _forget(self) -> None:
        curve = self._known()
        self.curves = [] if curve is None else [curve]
        self.show(*self._present())

    def _interrupted(self) -> None:
        self.busy(False)
        self._status.value = '<div role="status">interrupted: move the slider to train again</div>'
