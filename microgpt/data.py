"""Where documents come from: the shipped names, or a text file of your own. Chapter 03."""

import os
import re
import stat
import unicodedata
import warnings
from collections import Counter
from pathlib import Path

_OTHER_FORMATS = {  # what a file is whose first line begins like this
    "a web page or XML": r"<(!doctype|html|head|body|!--|\?xml|svg)",
    "JSON": r"[\[{]\s*([\[{\"]|$)",
    "what git LFS puts in a file's place (`git lfs pull` brings it)": r"version https://git-lfs",
    "a document with a layout (save it as plain text)": r"\{\\rtf|%pdf-|%!ps",
    "a program or a patch": r"#!|<<<<<<<|diff --git",
}


def asset_path(name: str) -> Path:
    """Where a shipped file lies, in a checkout of the course or in an installed package."""
    package = Path(__file__).resolve().parent
    for folder in (package / "assets", package.parent / "assets"):
        if (folder / name).is_file():
            return folder / name
    problem = f"the shipped file {name!r} is missing in {str(package)!r}"
    raise FileNotFoundError(f"{problem}: unpack or install the course again")


def load_docs(path: str | os.PathLike[str] | None = None) -> list[str]:
    """The documents of a text file, one a line, in the order of the file.

    Blank lines and white space around a document are dropped. A letter and its combining accent
    become one character (Unicode's form NFC), so that a name has one spelling; a warning tells.

    Parameters
    ----------
    path : path, optional
        A text file in UTF-8. Without it, the shipped list of first names.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, is not text in UTF-8, or holds no document.

    Examples
    --------
    >>> docs = load_docs()
    >>> len(docs), docs[0]
    (32257, 'emma')
    """
    file = asset_path("names.txt") if path is None else Path(path)
    text = read_text(file)
    _look_for_invisible(text, str(file))
    if not unicodedata.is_normalized("NFC", text):
        warnings.warn(f"{str(file)!r}: accents were joined to their letters (NFC)", stacklevel=2)
        text = unicodedata.normalize("NFC", text)
    docs = [line.strip() for line in text.split("\n") if line.strip()]
    if not docs:
        raise ValueError(f"{str(file)!r} holds no document: put at least one on a line of its own")
    if what := _other_format(docs):
        taken = "each of its lines is taken as a document all the same"
        warnings.warn(f"{str(file)!r} looks like {what}; {taken}", stacklevel=2)
    return docs


def _other_format(docs: list[str]) -> str:
    """What a file seems to be, by its first line or by its columns, if not a list of documents."""
    for what, begins in _OTHER_FORMATS.items():
        if re.match(begins, docs[0], re.IGNORECASE):
            return what
    for mark in ",;\t|":
        columns, lines = Counter(doc.count(mark) for doc in docs).most_common(1)[0]
        if columns and len(docs) > 1 and lines > 0.9 * len(docs):
            return f"a table ({columns} {mark!r} a line)"
    return ""


def read_text(file: Path) -> str:
    """The text of a file in UTF-8; raises an OSError or ValueError that says what is wrong."""
    if re.match("https?:/", file.as_posix()):
        address, name = file.as_posix().replace(":/", "://", 1), file.name or "words.txt"
        problem = f"{address!r:.80} is a web address, and a file is wanted"
        raise FileNotFoundError(f"{problem}: get it with `curl -o {name} {address}`")
    try:
        mode = os.stat(file).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(None, "it is a folder, name a file")
        if not stat.S_ISREG(mode):  # nobody can go on later with a run whose text came from a pipe
            raise OSError(None, "it is a device or a pipe, put the text into a file first")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {error.start} is {error.object[error.start]:#x}"
        problem = f"{str(file)!r} is not text in UTF-8 ({byte}): save it as UTF-8 first"
        raise ValueError(problem) from None
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {str(file)!r}: check the path") from None
    except (OSError, ValueError) as error:  # the system's own reason comes last
        raise type(error)(f"{str(file)!r:.80} cannot be read: {error.args[-1]}") from None


def printable(text: str) -> str:
    """Fit for any terminal: control and invisible characters are written as escapes."""
    return "".join(ascii(char)[1:-1] if _is_invisible(char) else char for char in text)


def _is_invisible(char: str) -> bool:
    """Control and format characters, white space that is no blank, and letters without ink."""
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"):
        return char not in " \u3000"
    return char in "\u034f\u115f\u1160\u2800\u3164\uffa0"  # fillers, and Braille's blank


def _look_for_invisible(text: str, name: str) -> None:
    """Raise for a control character, warn of other invisible ones: by line and code point."""
    found = sorted(char for char in set(text) - {"\n", "\t"} if _is_invisible(char))
    for char in found[:5]:
        line = text.count("\n", 0, text.index(char)) + 1
        what = f"U+{ord(char):04X} ({unicodedata.name(char, 'control character')})"
        place = f"line {line} of {name!r} holds the invisible character {what}"
        if unicodedata.category(char) == "Cc":
            raise ValueError(f"{place}: take it out, it is no text")
        warnings.warn(f"{place}, {text.count(char)} in all: a token like others", stacklevel=3)
    if len(found) > 5:
        warnings.warn(f"{name!r} holds {len(found) - 5} more kinds of them", stacklevel=3)
