"""What the weights and parts of the model are called: read from what is typed, said in words.

A weight is ``lm_head[12][11]``, a part ``head 1``, ``detector 40`` or a row, ``wte[4]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from classroom.lab.written import quoted
from microgpt.model import Config

SQUARE = re.compile(r"\s*(\w+)\[(\d+)\]\[(\d+)\]\s*")
PART = re.compile(r"(?:(head|detector) (\d+)|(\w+)\[(\d+)\])")
Square = tuple[str, int, int]


class Unknown(ValueError):
    """There is no weight, or no part, of this name."""


class Addresses:
    """The weights and parts of a model with one layer, by name.

    Parameters
    ----------
    config : Config
        Its sizes.
    tokens : list of str
        The vocabulary in words, the end last.
    """

    def __init__(self, config: Config, tokens: list[str]) -> None:
        self.config, self.tokens = config, tokens

    def square(self, text: str) -> Square:
        """The matrix, row and column of a text such as ``"lm_head[12][11]"``.

        Raises
        ------
        Unknown
            If there is no such weight; the message says what there is.
        """
        found = SQUARE.fullmatch(text)
        key = self._key(found[1] if found else "")
        if found is None or key is None:
            raise Unknown(f"no weight is called {quoted(text)}: try lm_head[12][11]")
        row, column = int(found[2]), int(found[3])
        rows, columns = self.config.shapes()[key]
        if row >= rows or column >= columns:
            raise Unknown(f"{found[1]} has rows 0 to {rows - 1}, columns 0 to {columns - 1}")
        return key, row, column

    def parts(self, off: str) -> list[str]:
        """The parts that a text names; ``heads`` and ``detectors`` are all of them."""
        counts = {"heads": self.config.n_head, "detectors": 4 * self.config.n_embd}
        found: list[str] = []
        for part in filter(None, (piece.strip() for piece in off.split(","))):
            every = range(counts.get(part, 0))
            found += [f"{part[:-1]} {number}" for number in every] or [part]
        return found

    def silenced(self, off: str) -> list[tuple[str, int, Sequence[int]]]:
        """Which weights are 0 then: matrix, row, columns, once for each row of a matrix.

        A head is out when its columns of `attn_wo` are 0, a detector when its column of `mlp_fc2`
        is: it still works, and nobody hears of it.

        Raises
        ------
        Unknown
            If there is no such part.
        """
        found: list[tuple[str, int, Sequence[int]]] = []
        for part in self.parts(off):
            read_as = PART.fullmatch(part)
            if read_as is None:
                raise Unknown(f"{quoted(part)} is no part: try head 1, detector 40, wte[4]")
            kind, matrix, number = read_as[1], read_as[3], int(read_as[2] or read_as[4])
            size = {"head": self.config.head_dim, "detector": 1}.get(kind, self.config.n_embd)
            key = self._key({"head": "attn_wo", "detector": "mlp_fc2"}.get(kind, matrix))
            rows, columns = self.config.shapes()[key] if key else (0, 0)
            count = columns // size if kind else rows
            if not 0 <= number < count:
                last = f"they are 0 to {count - 1}" if count else "there is no such matrix"
                raise Unknown(f"there is no {part}: {last}")
            assert key is not None
            if kind:
                span = range(number * size, (number + 1) * size)
                found += [(key, row, span) for row in range(rows)]
            else:
                found.append((key, number, range(columns)))
        return found

    def unknown(self, square: str, off: str) -> list[str]:
        """What is wrong with a weight and with parts that are typed; nothing is right."""
        found = []
        for typed, find in ((square, self.square), (off, self.silenced)):
            try:
                if typed.strip():
                    find(typed)
            except Unknown as unknown:
                found.append(str(unknown))
        return found

    def _key(self, matrix: str) -> str | None:
        """The full name of a matrix: ``"layer0.mlp_fc1"`` for ``"mlp_fc1"``."""
        return next((k for k in self.config.shapes() if k.rpartition(".")[2] == matrix), None)

    def meaning(self, square: Square) -> str:
        """What a weight leads from and to, in words."""
        key, row, column = square
        stream = f"number {column} of the stream"
        inside, head = f"{row % self.config.head_dim}", row // self.config.head_dim
        return {
            "wte": f"number {column} of the vector of {self._token(row)}",
            "wpe": f"number {column} of the vector of position {row}",
            "lm_head": f"from {stream} to the score of {self._token(row)}",
            "attn_wq": f"from {stream} to query {inside} of head {head}",
            "attn_wk": f"from {stream} to key {inside} of head {head}",
            "attn_wv": f"from {stream} to value {inside} of head {head}",
            "attn_wo": f"from head {column // self.config.head_dim} to number {row} of the stream",
            "mlp_fc1": f"from {stream} to detector {row}",
            "mlp_fc2": f"from detector {column} to number {row} of the stream",
        }[key.rpartition(".")[2]]

    def _token(self, token_id: int) -> str:
        return repr(self.tokens[token_id]) if token_id < len(self.tokens) - 1 else "BOS"

    def parts_of(self, square: Square) -> list[str]:
        """What can be switched off that a weight belongs to: a row; a head or a detector."""
        key, row, column = square
        kind = key.rpartition(".")[2]
        parts = [f"{kind}[{row}]"]
        if kind.startswith("attn"):
            parts.append(f"head {(column if kind == 'attn_wo' else row) // self.config.head_dim}")
        elif kind.startswith("mlp"):
            parts.append(f"detector {column if kind == 'mlp_fc2' else row}")
        return parts
