"""The weight editor of chapter 06: move any one of the model's weights and watch what it does."""

from __future__ import annotations

from typing import Any

from classroom.viz.editing import Editor, edit_in_words, edit_picture
from classroom.viz.picture import Picture
from classroom.widgets.base import Explorer
from classroom.widgets.controls import button, choice, float_slider, int_slider, text
from classroom.widgets.words import letters_only
from microgpt.checkpoint import load
from microgpt.model import Config, StateDict
from microgpt.tokenizer import CharTokenizer


class WeightEditor(Explorer):
    """One weight at a time: its gradient beforehand, then what moving it does.

    Choosing another weight puts the one before back: what you see is the work of one.

    Parameters
    ----------
    matrix : str
        Which matrix is chosen at first.
    row, column : int
        Which of its weights.
    name : str
        Whose loss is measured, and after which the next token is guessed.
    model : tuple of (state_dict, config, tokenizer), optional
        The model; by default the shipped one. It is never changed.
    """

    def __init__(
        self,
        matrix: str = "lm_head",
        row: int = 0,
        column: int = 0,
        name: str = "emma",
        model: Any = None,
    ) -> None:
        trained: tuple[StateDict, Config, CharTokenizer] = model or load()
        state_dict, self.config, self.tokenizer = trained
        self.editor = Editor(state_dict, self.config, self.tokenizer)
        shapes = self.config.shapes()
        rows, columns = shapes[matrix]
        options = [(f"{key}  {m} × {n}", key) for key, (m, n) in shapes.items()]
        last = self.config.block_size - 1
        self.reset = button("reset", tooltip="put the weight back to what was trained")
        self.reset.on_click(self.guarded(lambda _: self.set(move=0.0)))
        self._chosen: tuple[Any, ...] = (matrix, row, column)
        super().__init__(
            extras=[self.reset],
            matrix=choice("matrix", matrix, options, tooltip="which matrix the weight is in"),
            row=int_slider("row", row, 0, rows - 1, tooltip="its row, from 0"),
            column=int_slider("column", column, 0, columns - 1, tooltip="its column, from 0"),
            move=float_slider("move by", 0.0, -3.0, 3.0, 0.05, tooltip="added to the weight"),
            name=text(
                "name",
                name,
                tooltip=f"up to {last} small letters",
                slow=False,
                judge=letters_only(self.tokenizer, last, "emma"),
            ),
        )

    def draw(
        self, matrix: str, row: int, column: int, move: float, name: str
    ) -> tuple[Picture, str]:
        """Draw the probabilities before and after the move."""
        edit = self.editor.edit(matrix, row, column, move, name)
        return edit_picture(edit, name, self.tokenizer), edit_in_words(edit)

    def set(self, **values: Any) -> WeightEditor:
        """Give controls new values: first which weight, then its move and the name."""
        for names in (("matrix",), ("row", "column")):
            chosen = {name: values.pop(name) for name in names if name in values}
            if chosen:
                super().set(**chosen)
        super().set(**values)
        return self

    def _changed(self, change: Any = None) -> None:
        """Fit the sliders to the matrix, put an abandoned weight back, then draw."""
        if not self._held and not self._drawing:
            self._held = True
            try:
                self._fit()
            finally:
                self._held = False
        super()._changed(change)

    def _fit(self) -> None:
        rows, columns = self.config.shapes()[self.controls["matrix"].value]
        self.controls["row"].max, self.controls["column"].max = rows - 1, columns - 1
        chosen = tuple(self.controls[key].value for key in ("matrix", "row", "column"))
        if chosen != self._chosen:
            self._chosen = chosen
            self.controls["move"].value = 0.0
