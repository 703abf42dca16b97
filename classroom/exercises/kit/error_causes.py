"""What an exception says of its cause, in words for a beginner; used by every chapter's checks."""

from __future__ import annotations

import builtins
import difflib
import re
import sys
import traceback
from types import FrameType

from microgpt.autograd import Value

_BY_KIND: dict[type[BaseException], str] = {
    RecursionError: (
        "a function that calls itself, or two that call each other, never reach an end, or go "
        "about 1,000 calls deep."
    ),
    SystemExit: "`exit()` or `quit()` would end the whole kernel; use `return`.",
    OverflowError: "a number grew beyond what a float can hold.",
}

# The message of the exception, and what it means; \1 is what the message names.
_BY_MESSAGE = [
    (r"name '(\w+)' is not defined", r"`\1` has no value here: a typing error, or a name of another function?"),
    (r"cannot access local variable '(\w+)'|local variable '(\w+)' referenced", r"`\1\2` has no value yet: is it set further down, or in a loop or `if` that did not run? (A name that is set in a function is its own there, whatever has that name outside.)"),
    (r"'NoneType'", "something is `None` here: set so, or given by a function without `return`, or a method such as `append` or `sort`, which changes its list and returns nothing."),
    (r"'(float|int)' object has no attribute '(data|grad|exp|log|relu|_children|_local_grads)'", r"a plain number has no `.\2`; only a `Value` has."),
    (r"'list' object has no attribute '(data|grad|exp|log|relu)'", r"a list has no `.\1`; a `Value` has."),
    (r"'Value' object is not (iterable|subscriptable)", "one `Value` is a single number; a list of them is needed here."),
    (r"must be real number, not Value", "the functions of `math` take plain numbers; a `Value` has methods of its own, such as `.exp()`."),
    (r"unsupported operand type\(s\) for ([^:]+?)(?: or pow\(\))?: '(\w+)' and '(\w+)'", r"`\1` cannot join a \2 and a \3."),
    (r"^bad operand type for unary (.): '(\w+)'", r"a \2 cannot have `\1` in front of it."),
    (r"^object of type '(\w+)' has no len", r"a \1 has no length."),
    (r"can't multiply sequence by non-int", "a list or text cannot be multiplied by that; its parts can."),
    (r"(list|tuple|string|str) index out of range|index out of range", "an index is outside: n parts have the places 0 to n - 1, or from the end -1 to -n."),
    (r"(list|tuple) indices must be integers or slices, not (\w+)", r"a \2 is used as an index: do you loop over the parts and use them as places?"),
    (r"'(\w+)' object is not callable", r"a \1 is called like a function: in brackets behind it (a missing `*`?), as a `key=`, or since its name was given a value."),
    (r"takes (\d+) positional arguments? but (\d+) w", "a call gives more arguments than the function takes; in a class, is `self` missing?"),
    (r"division by zero|division or modulo by zero", "something is divided by 0."),
    (r"math domain error|expected a positive input", "the logarithm or root of a number that has none: 0 or below."),
    (r"max\(\) (arg is an empty|iterable argument is empty)|min\(\) (arg|iterable)", "nothing is left there to find the largest or smallest of: it is empty, or used up."),
    (r"too many values to unpack|not enough values to unpack", "as many names are needed on the left of `=` (or `for`) as there are parts on the right."),
    (r"Cannot cast ufunc|cannot convert float (infinity|NaN) to integer", "whole numbers make an array of whole numbers, which holds no -inf: `np.array(..., dtype=float)`."),
    (r"Object of type Value is not JSON", "`json` knows numbers, texts, lists and dicts: give it each Value's `.data`."),
    (r"has no attribute '(\w+)'", r"there is no `.\1` here: a typing error, or another kind of thing than you think?"),
]  # fmt: skip


def _of_a_name(error: NameError, frames: list[FrameType]) -> str:
    """What may be meant by a name without a value: a module of Python's, or one that is alike."""
    known = [*frames[-1].f_code.co_varnames, *frames[-1].f_code.co_freevars] if frames else []
    alike = difflib.get_close_matches(error.name or "", known, n=1, cutoff=0.7)
    if alike:
        return f"`{error.name}` has no value here: is `{alike[0]}` meant?"
    if error.name in sys.stdlib_module_names:
        return f"`{error.name}` is a module of Python's: `import {error.name}` comes first."
    return ""


def error_cause(error: BaseException) -> str:
    """One sentence on what an exception says of its cause, or nothing where it has no usual one."""
    hidden = re.search(r"(?:local|free) variable '(\w+)'", str(error))
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if hidden and frames and callable({**vars(builtins), **frames[-1].f_globals}.get(hidden[1])):
        hides = "gets a value in this function, which hides the one outside"
        return f"`{hidden[1]}` {hides}: use another name."
    if type(error) is NameError and (said := _of_a_name(error, frames)):
        return said
    if isinstance(error, AttributeError) and type(error.obj) is Value:
        has = "`data`, `grad`, `_children`, `_local_grads` and the methods `exp`, `log`, `relu`"
        return f"a `Value` has no `.{error.name}`: it has {has} and `backward`."
    for pattern, text in _BY_MESSAGE:
        if match := re.search(pattern, str(error)):
            return re.sub(r"\ba (?=int|object|array)", "an ", match.expand(text))
    return next((text for kind, text in _BY_KIND.items() if isinstance(error, kind)), "")
