"""Keep what was learned: weights, sizes and vocabulary in one JSON file. Chapter 08.

JSON and not pickle, because loading a pickle runs whatever its author put into it.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .autograd import Value
from .data import asset_path
from .model import Config, StateDict
from .tokenizer import CharTokenizer

FORMAT = "microgpt weights, version 1"


def save(
    path: str | os.PathLike[str], state_dict: StateDict, config: Config, tokenizer: CharTokenizer
) -> None:
    """Write a model to a JSON file, all of it or nothing.

    The file is written beside its place and then moved there, so an earlier file survives
    whatever goes wrong half-way.

    Parameters
    ----------
    path : path
        Where to; an existing file is replaced.
    state_dict : dict of str to rows of Value
        The parameters; their data is kept in full precision, their gradients are not kept.
    config : Config
        The sizes.
    tokenizer : CharTokenizer
        The vocabulary.

    Raises
    ------
    OSError
        If the file cannot be written there.
    """
    head = {"format": FORMAT, "config": asdict(config), "chars": tokenizer.chars}
    matrices = (
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(_plain(row)) for row in matrix) + "]"
        for name, matrix in state_dict.items()
    )
    text = json.dumps(head, indent=1)[:-2] + ',\n "weights": {\n' + ",\n".join(matrices) + "}\n}\n"
    _write_atomically(Path(path), text)


def check_can_save(path: str | os.PathLike[str]) -> None:
    """Raise an OSError that says why if `save` could not write to `path`; change nothing."""
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a folder: name a file to save to")
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"there is no folder {str(path.parent)!r} to save in: make it first"
        )
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        problem = f"cannot write in the folder {str(path.parent)!r}: {error.strerror}"
        raise type(error)(problem) from None


def load(
    path: str | os.PathLike[str] | None = None,
) -> tuple[StateDict, Config, CharTokenizer]:
    """Read a model that `save` wrote. Nothing in the file is ever executed.

    Parameters
    ----------
    path : path, optional
        The file. Without it, the shipped weights: those after the reference run.

    Returns
    -------
    state_dict : dict of str to rows of Value
        The parameters.
    config : Config
        The sizes.
    tokenizer : CharTokenizer
        The vocabulary.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If the file is not such a model; the message says what does not fit.

    Examples
    --------
    >>> state_dict, config, tokenizer = load()
    >>> config.vocab_size, tokenizer.chars
    (27, 'abcdefghijklmnopqrstuvwxyz')
    """
    file = asset_path("names_weights.json") if path is None else Path(path)
    content = _read_json(file)
    try:
        return _model_from(content)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{str(file)!r} does not hold a model: {error}") from None


def _plain(row: list[Value]) -> list[float]:
    return [param.data for param in row]


def _write_atomically(path: Path, text: str) -> None:
    check_can_save(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _usual_mode())  # mkstemp lets only the owner read
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _usual_mode() -> int:
    """The permissions that a new file gets here, at the least the owner's.

    In a browser the umask is 0o777: nobody could read what was saved.
    """
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask | 0o600


def _read_json(file: Path) -> Any:
    if file.is_dir():
        raise IsADirectoryError(f"{str(file)!r} is a folder: name a file of saved weights")
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {str(file)!r}: check the path") from None
    except OSError as error:
        raise type(error)(f"{str(file)!r} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{str(file)!r} is not a file of saved weights: {error}") from None


def _model_from(content: Any) -> tuple[StateDict, Config, CharTokenizer]:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f'it does not say "format": "{FORMAT}"')
    sizes, chars, weights = (content.get(key) for key in ("config", "chars", "weights"))
    if not isinstance(sizes, dict) or not isinstance(chars, str) or not isinstance(weights, dict):
        raise ValueError(
            '"config", "chars" and "weights" must be there, an object, text, an object'
        )
    unknown = sorted(sizes.keys() ^ Config.__dataclass_fields__.keys())
    if unknown:
        raise ValueError(f"the size {unknown[0]!r} in its config is missing or unknown")
    config, tokenizer = Config(**sizes), CharTokenizer(chars)
    if tokenizer.vocab_size != config.vocab_size:
        raise ValueError(
            f"its vocabulary of {len(chars)} characters and the mark needs vocab_size "
            f"{tokenizer.vocab_size}, not {config.vocab_size}"
        )
    names = config.shapes().keys()
    for name in sorted(names ^ weights.keys()):
        raise ValueError(f"the matrix {name!r} is {'missing' if name in names else 'unknown'}")
    state_dict = {
        name: _matrix(name, weights[name], shape) for name, shape in config.shapes().items()
    }
    return state_dict, config, tokenizer


def _matrix(name: str, rows: Any, shape: tuple[int, int]) -> list[list[Value]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError(f"{name!r} is not a list of rows")
    found = (len(rows), " or ".join(map(str, sorted({len(row) for row in rows}))) or "0")
    if found != (shape[0], str(shape[1])):
        raise ValueError(
            f"{name!r} has shape {found[0]} x {found[1]}, but {shape[0]} x {shape[1]} is needed"
        )
    return [[Value(_finite(name, number)) for number in row] for row in rows]


def _finite(name: str, number: Any) -> float:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError(f"{name!r} holds {number!r} where a number should be")
    try:
        number = float(number)
    except OverflowError:
        raise ValueError(f"{name!r} holds a number that is too large for a float") from None
    if not math.isfinite(number):
        raise ValueError(f"{name!r} holds {number}, which is not a finite number")
    return number
