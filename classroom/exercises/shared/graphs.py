"""What the checks of chapters 01 and 02 share: predictions, and slopes read off any graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from classroom.exercises.kit.comparing import is_number, plain, same, show
from classroom.exercises.kit.errors import Wrong
from classroom.exercises.kit.state import now
from microgpt.autograd import topological_sort

TOLD = (
    "a node must have `data`, `grad`, `_children` and `_local_grads`, "
    "and each child must be a node, a constant too."
)


def expect_prediction(
    what: str,
    answer: Any,
    expected: float,
    causes: Mapping[float, str],
    tolerance: float = 1e-9,
    *,
    otherwise: str = "",
    counted: bool = False,
) -> None:
    """Expect a number that the reader predicted, one of several in an exercise.

    Parameters
    ----------
    what : str
        What was predicted, such as ``"nodes of a * a"``; it begins the message.
    answer : object
        The reader's prediction.
    expected : float
        The right number. It is not told: only whether the prediction is too small or too large.
    causes : mapping of float to str
        The likely cause for each plausible wrong number.
    tolerance : float
        Largest relative or absolute difference.
    otherwise : str
        The cause for any other number: how one gets to the right one.
    counted : bool
        Whether things are counted, so that only a whole number can be right.

    Raises
    ------
    Wrong
        If the prediction is another number, or none.
    """
    got = plain(answer)
    if hasattr(answer, "grad") and is_number(got):
        cause = f"a plain number is asked for, such as {show(got)} without `Value`."
        raise Wrong(f"{what}: your prediction is a Value, {show(answer)}.", cause=cause)
    if not is_number(got):
        cause = f"a number is asked for, such as 3, not {show(answer)}."
        raise Wrong(f"{what}: your prediction {show(answer)} is not a number.", cause=cause)
    if same(got, expected, tolerance):
        now.passed += 1
        return
    if counted and (got != got or got < 0 or got != int(got)):
        found = f"{what}: your prediction {show(answer)} is no count."
        raise Wrong(found, cause="nodes are counted, so it is a whole number, 0 or more.")
    size = "is not right" if got != got else "is too small" if got < expected else "is too large"
    cause = next((text for wrong, text in causes.items() if same(got, wrong, tolerance)), otherwise)
    raise Wrong(f"{what}: your prediction {show(answer)} {size}.", cause=cause)


def slopes(root: Any, leaves: Sequence[Any]) -> list[float]:
    """Derivatives of `root` by the right walk over any nodes; no `grad` is read or written.

    Parameters
    ----------
    root : node
        The package's `Value`, or a reader's own with ``_children`` and ``_local_grads``.
    leaves : sequence of nodes
        The nodes with respect to which the derivatives are wanted.

    Returns
    -------
    list of float
        One for each leaf.

    Raises
    ------
    Wrong
        If the graph is not made of nodes, or a node's children and slopes differ in number.
    """
    grads: dict[int, float] = {id(root): 1.0}
    for node in reversed(nodes_of(root)):
        grad = grads.get(id(node), 0.0)
        children, local_grads = listed(node, "_children"), listed(node, "_local_grads")
        if len(children) != len(local_grads):
            found = f"a node has {len(children)} children but {len(local_grads)} local slopes."
            raise Wrong(found, cause="each child needs one number in `_local_grads`.")
        for child, local_grad in zip(children, local_grads):
            grads[id(child)] = grads.get(id(child), 0.0) + local_grad * grad
    return [grads.get(id(leaf), 0.0) for leaf in leaves]


def nodes_of(root: Any) -> list[Any]:
    """Every node below `root`, children first; ``Wrong`` if something there is no node."""
    if hasattr(root, "_children"):
        listed(root, "_children")
    try:
        nodes = topological_sort(root)
        for node in nodes:
            node.data, node.grad, node._children, node._local_grads  # noqa: B018
    except (AttributeError, TypeError) as error:
        raise Wrong(f"the graph cannot be walked: {error}.", cause=TOLD) from None
    return nodes


def listed(node: Any, field: str) -> list[Any]:
    """The parts of a node's ``_children`` or ``_local_grads``; ``Wrong`` if it has no parts."""
    parts = getattr(node, field)
    if isinstance(parts, (tuple, list)):
        return list(parts)
    cause = "parentheses alone make no tuple; the comma does: `(v,)`."
    if parts is None:
        cause = "a node without children has an empty tuple there: `()`."
    elif isinstance(parts, (set, dict)):
        cause = "a set forgets order and repetition; a tuple keeps both."
    raise Wrong(f"`{field}` must be a tuple or a list, yours is {show(parts)}.", cause=cause)
