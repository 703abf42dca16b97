"""All 4,192 weights, alive: read a name, walk back, train, and touch. Chapters 00 and 06."""

from __future__ import annotations

from typing import Any

from classroom.lab.mind import Mind
from classroom.viz.kit.picture import MOST_STORED, Picture
from classroom.viz.mind import mind_picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import button, choice, float_slider, int_slider, play, text
from classroom.widgets.scenes import in_words, last_step, scene_of
from classroom.widgets.words import letters_only
from microgpt.checkpoint import load

PACES = {"slow": 2.0, "normal": 1.0, "fast": 0.4}
MILLISECONDS = {"a name": 900, "training": 330}
"""A step of the play; the film's 60 take 20 seconds."""
OPENING = {"show": "a name", "step": 0, "name": "emma", "square": "", "move": 0.0, "off": ""}
"""What the course's first page shows: stored in its form for a phone as well, long as it is."""
WIDTHS = {"show": 170, "step": 270, "name": 190, "square": 200, "move": 260, "off": 190}


class MindExplorer(Explorer):
    """Every weight of the model as a square: play a name, point at one, drag it, switch parts off.

    Parameters
    ----------
    name : str
        The name that is read.
    step : int
        Where the play begins: 0 is rest.
    square : str
        The weight that is pointed at, such as ``"lm_head[12][11]"``; none if empty.
    off : str
        What is switched off, such as ``"head 1, detector 40, wte[4]"``.
    show : str
        ``"a name"``, or ``"training"`` for the film of the course's own run.
    model : tuple of (state_dict, config, tokenizer), optional
        By default the shipped one. It is never changed.
    """

    def __init__(
        self,
        name: str = "emma",
        step: int = 0,
        square: str = "",
        off: str = "",
        show: str = "a name",
        model: Any = None,
    ) -> None:
        self.mind = Mind(*(model or load()))
        self._moved, self._show = square, show
        last = self.mind.config.block_size - 1
        judge = letters_only(self.mind.tokenizer, last, "emma")
        self.speed = choice("speed", "normal", list(PACES), tooltip="how fast it plays")
        again = "every weight as it was trained, none held, nothing off"
        self.reset = button("reset", tooltip=again)
        said = "forward letter by letter, backward, a step of Adam"
        controls = {
            "show": choice("show", show, list(MILLISECONDS), tooltip="a name, or 1,000 steps"),
            "step": int_slider("step", step, 0, last_step(show, name), tooltip=said),
            "name": text("name", name, tooltip=f"{last} letters at most", judge=judge),
            "square": text("weight", square, tooltip="such as lm_head[12][11]"),
            "move": float_slider("move by", 0.0, -3, 3, 0.05, tooltip="added to the weight"),
            "off": text("off", off, tooltip="such as head 1, detector 40, wte[4]"),
        }
        for part, width in WIDTHS.items():
            controls[part].layout.width = f"{width}px"
        self.reset.layout.min_width = "70px"
        self.play = play(controls["step"], MILLISECONDS[show], tooltip="step by step, by itself")
        super().__init__(extras=[self.play, self.speed, self.reset], **controls)
        for part in ("square", "move", "off") if self.state == OPENING else ():
            controls[part].add_class("mg-in-picture")  # the first page is calm: squares are touched
        self.speed.observe(self._pace, names="value")
        self.reset.on_click(self.guarded(lambda _: self.set(square="", move=0.0, off="")))

    def draw(
        self, show: str, step: int, name: str, square: str, move: float, off: str
    ) -> tuple[Picture, str]:
        """Draw a step of the play, or a snapshot of the film."""
        scene, words = scene_of(self.mind, show, step, name, square, move, off)
        return mind_picture(scene, in_words(scene, words)), words

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The first page is stored in its form for a phone, too."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        if self.state == OPENING and self.picture is not None:
            data["text/html"] = self.picture.image(2 * MOST_STORED)
        return data, metadata

    def fit(self, show: str, name: str, square: str, **_: Any) -> None:
        """Fit the play to what is shown, and put a weight back that is no longer held."""
        if show != self._show:
            self._show, self.controls["step"].value = show, 0
        self.controls["step"].max = self.play.max = last_step(show, name)
        self._pace()
        if square != self._moved:
            self._moved, self.controls["move"].value = square, 0.0

    def _pace(self, _: Any = None) -> None:
        """Let the play go as fast as is asked for."""
        show = self.controls["show"].value
        self.play.interval = round(MILLISECONDS[show] * PACES[self.speed.value])

    def _heard(self, view: Any, message: dict[str, Any], buffers: Any) -> None:
        """Let the page play the way forward; a weight that was moved is kept, others are passed."""
        if "film" in message and self.state == {**OPENING, "name": self.state["name"]}:
            steps = range(1, self.play.max - 5)  # the last six are the way back, and Adam
            drawn = (self.draw(**{**self.state, "step": at})[0] for at in steps)
            view.film((one.on_a_phone() if self._phone else one).html() for one in drawn)
        passed = message.get("pointed") and "square" in message.get("set", {})
        if not (passed and self.controls["move"].value):
            super()._heard(view, message, buffers)
