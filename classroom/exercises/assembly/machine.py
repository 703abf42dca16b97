"""The GPT with a reader's parts in it: where the package or a part calls one, it is the reader's.

Nothing of the package or of the notebook is changed for that. A function is made anew, from the
same code, and the names it looks up around it mean this machine's parts: `microgpt.linear` is the
reader's `linear`, and `Value`, or any class like it, is the reader's `Value`. Chapter 10.
"""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import CellType, FunctionType, ModuleType
from typing import Any

import microgpt
from classroom.exercises.assembly.parts import WRITTEN_OUT
from classroom.exercises.kit.errors import is_readers_file
from classroom.exercises.kit.sources import names_in
from classroom.exercises.kit.timeout import TimeLimit, time_limit
from microgpt import Config, Value, autograd, training

NAMES = (
    "value", "linear", "softmax", "rmsnorm", "cross_entropy", "attention_head", "mlp", "gpt",
    "adam", "linear_decay",
)  # fmt: skip
FUNCTIONS = NAMES[1:-2]
"""The parts that compute with values."""
PACKAGES: dict[str, Any] = {
    name: getattr(microgpt, {"value": "Value", "adam": "Adam"}.get(name, name)) for name in NAMES
}
"""The package's part of each name, which stands in where the reader gave none."""
CORE = ("microgpt", "microgpt.autograd", "microgpt.layers", "microgpt.model", "microgpt.training")


class Machine:
    """What the reader's parts, given by name, and the package's make together.

    A ``backward`` becomes a method of a ``value`` that has none. ``quick`` says whether the
    package's parts make fused nodes of the reader's ``value`` as well; without, they are written
    out in its own ``+``, ``*`` and ``exp``, and put those to the test. ``given`` holds the names
    of the reader's parts. ``TypeError`` if there is no part of a name, or it cannot be called.
    """

    def __init__(self, given: Mapping[str, Any], quick: bool = False) -> None:
        parts = with_backward(given)
        for name, part in parts.items():
            require_part(name, part, NAMES)
        self.given = tuple(parts)
        self.parts = {**PACKAGES, **parts}
        self.value, self.adam = self.parts["value"], self.parts["adam"]
        self.linear_decay: Callable[[float, int, int], float] = self.parts["linear_decay"]
        self._spaces: dict[tuple[str, int], dict[str, Any]] = {}
        self._made: dict[tuple[str, Any], Any] = {}
        self._fused = takes_fused_nodes(self.value)
        quick = self._fused and (quick or self.value is Value)
        self._written_out = {} if quick else dict(WRITTEN_OUT)
        if "softmax" in parts or not quick:  # what is made of a part is made of the reader's
            self._written_out[microgpt.cross_entropy] = self._cross_entropy

    def part(self, name: str) -> Any:
        """The reader's function of this name or the package's, with this machine around it."""
        return self._meant(PACKAGES[name], "")

    def document_loss(
        self, ids: Sequence[int], state_dict: Mapping[str, Any], config: Config
    ) -> Any:
        """The mean loss of a document, as `microgpt.document_loss`."""
        return self._meant(training.document_loss, "")(ids, state_dict, config)

    def _cross_entropy(self, logits: Sequence[Any], target_id: int) -> Any:
        return self.part("softmax")(logits)[target_id].log() * -1

    def _meant(self, thing: Any, inside: str) -> Any:
        """What stands for a thing in this machine, in the code of one of the reader's parts."""
        if is_like_value(thing):
            return self.value
        if isinstance(thing, ModuleType) and thing.__name__ in CORE:
            return self._module(thing, inside)
        if not isinstance(thing, FunctionType):
            return thing
        name = thing.__name__
        if name in FUNCTIONS and thing is PACKAGES[name] and name in self.given and name != inside:
            return by_position(self._anew(self.parts[name], name), thing)
        if thing in self._written_out and not (inside and self._fused):
            return self._written_out[thing]
        if thing.__module__ in CORE or is_readers_file(thing.__code__.co_filename):
            return self._anew(thing, inside)
        return thing

    def _anew(self, function: Any, inside: str) -> Any:
        """The function, made again from its code, with what its names mean here."""
        if not isinstance(function, FunctionType):
            return function
        if (inside, function) in self._made:
            return self._made[inside, function]
        old = function.__globals__
        if (inside, id(old)) not in self._spaces:
            importing = {**vars(builtins), "__import__": partial(self._import, inside)}
            self._spaces[inside, id(old)] = {**old, "__builtins__": importing}
        new = self._spaces[inside, id(old)]
        held = function.__closure__ or ()  # of the function around it, this one itself perhaps
        cells = tuple(CellType() if _holds_code(cell) else cell for cell in held)
        code, defaults = function.__code__, function.__defaults__
        made = FunctionType(code, new, function.__name__, defaults, cells)
        made.__kwdefaults__ = function.__kwdefaults__
        vars(made).update(vars(function))
        self._made[inside, function] = made
        for old_cell, cell in zip(held, cells):
            if cell is not old_cell:
                cell.cell_contents = self._meant(old_cell.cell_contents, inside)
        ours = function.__module__ in CORE  # its nodes are of the class of what it is given
        for name in names_in(code):
            if name in old and not (ours and old[name] is Value):
                new[name] = self._meant(old[name], inside)
        return made

    def _import(self, inside: str, *arguments: Any) -> Any:
        """For ``from microgpt import Value`` inside a function."""
        return self._meant(__import__(*arguments), inside)

    def _module(self, module: ModuleType, inside: str) -> ModuleType:
        if (inside, module) not in self._made:
            copy = self._made[inside, module] = ModuleType(module.__name__)
            for name, thing in list(vars(module).items()):
                vars(copy)[name] = self._meant(thing, inside)
        return self._made[inside, module]


def _holds_code(cell: CellType) -> bool:
    """Whether a function or a class is in a cell; it may also be empty still."""
    try:
        return isinstance(cell.cell_contents, (FunctionType, type))
    except ValueError:
        return False


def by_position(part: Any, package: Any) -> Any:
    """The part, to be called with the names of the package's arguments as well as in its order."""
    names = list(inspect.signature(package).parameters)
    if list(getattr(getattr(part, "__code__", None), "co_varnames", names))[: len(names)] == names:
        return part

    def call(*args: Any, **named: Any) -> Any:
        rest = [named.pop(name) for name in names[len(args) :] if name in named]
        return part(*args, *rest, **named)

    return call


def require_part(name: str, part: Any, names: Sequence[str]) -> None:
    """Raise ``TypeError`` if there is no part of a name, or it cannot be called."""
    if name not in names:
        raise TypeError(f"there is no part {name!r}; the parts are {', '.join(names)}")
    if not callable(part):
        raise TypeError(f"the part {name!r} must be a class or a function, not {part!r}")


def with_backward(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parts, with a ``backward`` that stands alone made a method of ``value``."""
    parts = dict(given)
    if "value" in parts and "backward" in parts:
        value, backward = parts["value"], parts.pop("backward")
        if isinstance(value, type) and not hasattr(value, "backward"):
            value.backward = lambda self: backward(self)  # type: ignore[attr-defined]
    return parts


def is_like_value(thing: Any) -> bool:
    """Whether it is the package's `Value` or a class that somebody wrote in its place."""
    methods = (getattr(thing, name, None) for name in ("exp", "log", "relu"))
    return isinstance(thing, type) and all(isinstance(m, FunctionType) for m in methods)


def takes_fused_nodes(make: Any) -> bool:
    """Whether a node with many children, as `microgpt.dot` makes it, is one of this class."""
    if make is Value:
        return True
    try:
        with time_limit(2.0):
            a, b = make(2.0), make(3.0)
            autograd.dot([a], [b]).backward()
            return bool(a.grad and b.grad)
    except (Exception, SystemExit, TimeLimit):
        return False
