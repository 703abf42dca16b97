"""Print to whatever the reader's output is: a stream that knows no dots or ticks gets letters."""

from __future__ import annotations

import sys

_PLAIN = str.maketrans({"✓": "v", "✗": "x", "☐": "o", "…": "...", "·": ".", "●": "*", "○": "."})


def say(text: object) -> None:
    """Print a text; characters that the stream cannot take are written in ones that it can."""
    line = str(text)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        line.encode(encoding)
    except UnicodeError:
        line = line.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:  # a stream with a name of its own for its encoding
        line = line.translate(_PLAIN)
    print(line)


def sentence(text: str) -> str:
    """A text with a capital letter at its beginning, unless that is code, or a name and a colon."""
    return text if text.split(" ")[0].endswith(":") else text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """A text with a full stop, unless it ends with a sign of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
