"""Where documents come from: the shipped names, or a text file of your own. Chapter 03."""

from __future__ import annotations

import os
from pathlib import Path


def asset_path(name: str) -> Path:
    """Where a shipped file lies, in a checkout of the course or in an installed package.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> asset_path("names.txt").name
    'names.txt'
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "assets", package.parent / "assets"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"the shipped file {name!r} is missing: install the course again")


def load_docs(path: str | os.PathLike[str] | None = None) -> list[str]:
    """The documents of a text file, one a line, in the order of the file.

    Blank lines and white space around a document are dropped. Line ends of any system and a
    byte-order mark are accepted.

    Parameters
    ----------
    path : path, optional
        A text file in UTF-8. Without it, the shipped list of first names.

    Returns
    -------
    list of str

    Raises
    ------
    OSError
        If the file is missing, a folder, or may not be read.
    ValueError
        If the file is not text in UTF-8, or holds no document.

    Examples
    --------
    >>> docs = load_docs()
    >>> len(docs), docs[0]
    (32257, 'emma')
    """
    file = asset_path("names.txt") if path is None else Path(path)
    if file.is_dir():
        raise IsADirectoryError(
            f"{str(file)!r} is a folder: name a text file with one document a line"
        )
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {error.start} is {error.object[error.start]:#x}"
        problem = f"{str(file)!r} is not text in UTF-8 ({byte}): save it as UTF-8 first"
        raise ValueError(problem) from None
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {str(file)!r}: check the path") from None
    except OSError as error:
        raise type(error)(f"{str(file)!r} cannot be read: {error.strerror}") from None
    docs = [line.strip() for line in text.split("\n") if line.strip()]
    if not docs:
        raise ValueError(f"{str(file)!r} holds no document: put at least one on a line of its own")
    return docs
