"""Keep what was learned: weights, sizes and vocabulary in one JSON file, and the run. Chapter 08.

JSON and not pickle, because loading a pickle runs whatever its author put into it.
"""

import hashlib
import json
import os
import random
import secrets
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO

from .autograd import Value
from .data import asset_path, read_text
from .model import Config, StateDict, flatten
from .tokenizer import CharTokenizer
from .training import Run, Settings

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows, where an open file cannot be removed; a browser, where one is alone
    flock = None  # type: ignore[assignment]

FORMAT = "microgpt weights, version 1"


class Place:
    """A file to `save` to. An OSError says at once, before any work, why it could not be written.

    What somebody else writes there meanwhile is not replaced.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path, self.file = path, _writable(path)
        self.before = _version(self.file)

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def write(self, text: str) -> None:
        """Replace the file by a text, or leave everything as it is."""
        file = _writable(self.path)
        _remove_leftovers(file.parent)
        part = file.with_name(f".microgpt-{secrets.token_hex(8)}.part")
        try:
            with open(part, "x", encoding="utf-8") as stream:
                with suppress(OSError):  # some file systems have no locks
                    _lock(stream)
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            mode = (file if file.exists() else part).stat().st_mode
            with suppress(OSError):  # no such thing on a memory stick
                os.chmod(part, stat.S_IMODE(mode) | 0o600)  # else none could read it in a browser
            if _version(file) not in (None, self.before):
                raise FileExistsError("another program has written it since this one began")
            os.replace(part, file)
        except BaseException as error:
            part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise type(error)(f"{str(file)!r} cannot be written: {error.args[-1]}") from None
            raise
        self.before = _version(file)


def save(
    path: str | os.PathLike[str] | Place, state_dict: StateDict, config: Config,
    tokenizer: CharTokenizer, run: Run | None = None,
) -> None:  # fmt: skip
    """Write a model to a JSON file, all of it or nothing; an OSError or a ValueError tells why.

    The file is written beside its place and then moved there, so an earlier file survives
    whatever goes wrong half-way.

    Parameters
    ----------
    path : path or Place
        Where to; an earlier model is replaced, and nothing else is; a link is followed.
    state_dict, config, tokenizer
        Parameters (their data, in full precision), sizes, vocabulary.
    run : Run, optional
        The run that these are from. Its weights go back into `state_dict` first, and the file then
        holds what `resume` needs to go on.
    """
    config.check(state_dict)  # what could not be loaded again is not saved
    place = path if isinstance(path, Place) else Place(path)
    head = {"format": FORMAT, "config": asdict(config), "chars": tokenizer.chars}
    record = "" if run is None else f',\n "run": {json.dumps(_record(run))}'
    matrices = (
        f"{json.dumps(name)}: [\n"
        + ",\n".join(json.dumps([_finite(repr(name), p.data) for p in row]) for row in matrix)
        + "]"
        for name, matrix in state_dict.items()
    )
    weights = ',\n "weights": {\n' + ",\n".join(matrices) + "}"
    place.write(json.dumps(head, indent=1)[:-2] + weights + record + "\n}\n")


def _version(file: Path) -> tuple[int, ...] | None:
    """What changes when somebody writes a file; None where there is none."""
    with suppress(FileNotFoundError):
        held = os.stat(file)
        return held.st_ino, held.st_size, held.st_mtime_ns
    return None


def _lock(stream: TextIO) -> None:
    """Hold an open file as long as this process lives; an OSError where another one holds it."""
    if flock is not None:
        flock(stream, LOCK_EX | LOCK_NB)


def _remove_leftovers(folder: Path) -> None:
    """Remove what a save left behind whose process was killed."""
    for part in folder.glob(".microgpt-*.part"):
        with suppress(OSError):  # it is locked (on Windows: open), so a save is under way
            with open(part, encoding="utf-8") as stream:
                _lock(stream)
            if part.stat().st_size:  # else one is just beginning
                part.unlink()


def _writable(path: str | os.PathLike[str]) -> Path:
    """Raise an OSError that says why if `path` could not be written; else follow its links."""
    shown = f"{os.fspath(path)!r:.60}"
    try:
        file, mode = Path(os.path.realpath(path)), stat.S_IFREG
        with suppress(FileNotFoundError):
            mode = os.stat(file).st_mode
    except (ValueError, OSError) as error:  # a name that the system does not take
        raise OSError(f"{shown} cannot be a file: {error.args[-1]}") from None
    if stat.S_ISDIR(mode) or os.fsdecode(path).endswith("/"):
        raise IsADirectoryError(f"{shown} is a folder: name a file to save to")
    if not stat.S_ISREG(mode) or Path(path).absolute().parts[1:2] in (("dev",), ("proc",)):
        raise OSError(f"{shown} is a device or a pipe: name a file to save to")
    if not file.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(file.parent)!r} to save in: make it")
    exists = file.exists()
    if not os.access(file.parent, os.W_OK) or exists and not os.access(file, os.R_OK | os.W_OK):
        raise PermissionError(f"{shown} may not be written: choose another place")
    with open(file if exists else os.devnull, "rb") as stream:
        held = stream.read(1 << 20)
    if held.strip() and FORMAT.split(",")[0].encode() not in held:  # somebody's text or data
        raise FileExistsError(f"{shown} holds something else than saved weights: choose a new name")
    return file


def load(path: str | os.PathLike[str] | None = None) -> tuple[StateDict, Config, CharTokenizer]:
    """Read a model that `save` wrote: parameters, sizes, vocabulary. Nothing is ever executed.

    Parameters
    ----------
    path : path, optional
        The file; an OSError or a ValueError says what does not fit. Without it, the shipped
        weights: those after the reference run.

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


def resume(path: str | os.PathLike[str], docs: Sequence[str], engine: str | None = None) -> Run:
    """Take up a run, its model included, where `save` wrote it down, as if it had not stopped.

    Parameters
    ----------
    path, docs, engine
        The file; the documents that the run began with, in the same order; another engine than the
        one that it began with, if that is wanted. A ValueError tells what does not fit.
    """
    content = _read_json(Path(path))
    try:
        state_dict, config, tokenizer = _model_from(content)
        record = content.get("run")
        if record is None:
            raise ValueError("it holds weights and no run: load them, and begin a new run")
        settings = Settings(**record["settings"])
        if record["documents"] != _fingerprint(docs):
            others = f"{record['documents']['count']} other documents, or with these in another"
            raise ValueError(f"its run began with {others} order: only with the same can it go on")
        settings = replace(settings, engine=engine or settings.engine)
        run = Run(docs, tokenizer, config, state_dict, settings)
        _recall(run, record)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        problem = f"{os.fspath(path)!r} holds a damaged run ({error!r})"
        raise ValueError(f"{problem}: load its weights, and begin a new run") from None
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)!r} cannot be gone on with: {error}") from None
    return run


def read_notes(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The `notes` of the run in a file; empty where there is none."""
    content = _read_json(Path(path))
    for key in "run", "notes":
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def _record(run: Run) -> dict[str, Any]:
    """All that is needed to go on with a run, apart from the model."""
    if run.ended:
        raise ValueError(f"a run that {run.ended} cannot be gone on with: save it without run=")
    run.close()
    m, v = run.learner.moments()
    rng = None if run.rng is None else run.rng.getstate()
    more = {"documents": _fingerprint(run.docs), "rng": rng, "notes": run.notes, "m": m, "v": v}
    return {"settings": asdict(run.settings), "index": run.index, **more}


def _recall(run: Run, record: dict[str, Any]) -> None:
    index, size = record["index"], len(flatten(run.state_dict))
    m, v = ([_finite(f"moment {name}", number) for number in record[name]] for name in "mv")
    if len(m) != size or len(v) != size or min(v) < 0:
        raise ValueError(f"its moments of Adam are not {size} numbers each, v at least 0")
    if type(index) is not int or not 0 <= index <= run.settings.num_steps:
        raise ValueError(f"step {index!r} is not one of its {run.settings.num_steps}")
    run.recall(m, v, index)
    run.notes = dict(record["notes"])
    if record["rng"] is not None:
        version, state, gauss = record["rng"]
        run.rng = random.Random()
        run.rng.setstate((version, tuple(state), gauss))


def _fingerprint(docs: Sequence[str]) -> dict[str, Any]:
    """What tells these documents, in this order, from all others."""
    text = "\n".join(docs).encode("utf-8", "surrogatepass")
    return {"count": len(docs), "sha256": hashlib.sha256(text).hexdigest()}


def _read_json(file: Path) -> Any:
    try:
        return json.loads(read_text(file))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{str(file)!r} is not a file of saved weights: {error}") from None


def _model_from(content: Any) -> tuple[StateDict, Config, CharTokenizer]:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f'it does not say "format": "{FORMAT}"')
    sizes, chars, weights = (content.get(key) for key in ("config", "chars", "weights"))
    if not isinstance(sizes, dict) or not isinstance(chars, str) or not isinstance(weights, dict):
        raise ValueError('"config", "chars", "weights" must be there: an object, text, an object')
    if unknown := sorted(sizes.keys() ^ Config.__dataclass_fields__.keys()):
        raise ValueError(f"the size {unknown[0]!r} in its config is missing or unknown")
    config, tokenizer = Config(**sizes), CharTokenizer(chars)
    if tokenizer.vocab_size != config.vocab_size:
        needed = f"{len(chars)} characters and BOS need vocab_size {tokenizer.vocab_size}"
        raise ValueError(f"its {needed}, not {config.vocab_size}")
    for name, rows in weights.items():
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise ValueError(f"{name!r} is not a list of rows")
    config.check(weights)
    nodes = {
        name: [[Value(_finite(repr(name), number)) for number in row] for row in weights[name]]
        for name in config.shapes()
    }
    return nodes, config, tokenizer


def _finite(place: str, number: Any) -> float:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError(f"{place} holds {number!r:.60} where a number should be")
    if not -sys.float_info.max <= number <= sys.float_info.max:
        raise ValueError(f"{place} holds {number!r:.40}, which is not finite or too large")
    return float(number)
