"""What goes wrong in an `attention` of several heads, and what it gives: exercise 5.5."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import microgpt
from classroom.exercises.kit.causes import Cause, gives, raises
from classroom.exercises.kit.sources import source_of
from classroom.exercises.shared.flow import code_of
from classroom.exercises.shared.likenesses import attention_like, read_sequence, without_wo
from microgpt import Value


def _heads(start: Callable[[int, int], int], whole: bool = False) -> Callable[..., Any]:
    """Outputs for a sequence of an `attention` whose slices begin elsewhere."""
    wrong = attention_like(start, whole=whole)
    return lambda *case: read_sequence(wrong, *case)


def _strided(*case: Any) -> Any:
    """Heads that take every n-th number."""

    def attention(x: Any, keys: Any, values: Any, *rest: Any) -> Any:
        wq, wk, wv, wo, n_head = rest
        q = microgpt.linear(x, wq)
        keys.append(microgpt.linear(x, wk))
        values.append(microgpt.linear(x, wv))
        out: list[Value] = []
        for head in range(n_head):
            cache = [k[head::n_head] for k in keys], [v[head::n_head] for v in values]
            out += microgpt.attention_head(q[head::n_head], *cache)[0]
        return microgpt.linear(out, wo)

    return read_sequence(attention, *case)


def _forgetful(*case: Any) -> Any:
    """An `attention` that sees the present position alone."""
    xs, weights, n_head = case
    wq, wk, wv, wo = weights
    return [microgpt.attention(x, [], [], wq, wk, wv, wo, n_head) for x in xs]


def heads_causes(answer: Any) -> list[Cause]:
    """Causes for a wrong `attention` of two heads with three numbers each."""
    return [*_told_by(code_of(answer)), *_other_slices(answer), *_other_caches(code_of(answer))]


def _told_by(code: str) -> list[Cause]:
    told = {
        "x_attn.append(": "`append` puts a list into the list; `+=` puts its numbers there.",
        "x_attn=head_out": "each head overwrites the one before: only the last is left; use `+=`.",
        "insert(0": "a new key and value go to the end of the cache: `append`.",
        "zip(x_attn,": "the heads' outputs are put side by side, `+=` on lists, not added up.",
        "linear(head_out": "`wo` blends all heads together, once, after the loop.",
    }  # fmt: skip
    return [Cause(text, lambda _: True) for part, text in told.items() if part in code]


def _other_slices(answer: Any) -> list[Cause]:
    return [
        gives(_heads(lambda head, size: head), "head h still begins at number h: the slices "
              "overlap, most numbers are never used."),
        gives(_heads(lambda head, size: 0), "every head works on the same slice, the first."),
        gives(_heads(lambda head, size: head * size, whole=True), "each head scores the whole "
              "query and key; it owns a slice of them only."),
        gives(_strided, "a head's numbers are side by side; yours takes every n_head-th."),
        *(Cause(text, lambda _: True) for text in _wrong_slices(answer)),
    ]  # fmt: skip


def _other_caches(code: str) -> list[Cause]:
    late = "the present key and value come into the cache too late: a position sees itself."
    never = "the present key and value are never put into the cache: `append` both."
    both = "keys.append(" in code and "values.append(" in code
    return [
        gives(_forgetful, "only the present position is seen: the cache is thrown away."),
        *(gives(_with_matrices(order), "the matrices are mixed up: `wq` makes the query, `wk` the "
                "keys, `wv` the values, `wo` blends.")
          for order in list(itertools.permutations(range(4)))[1:]),
        raises(ValueError, late if both or not code else never, "no logits at all"),
        gives(lambda *case: read_sequence(without_wo, *case),
              "the last step is missing: `attn_wo` blends the heads."),
    ]  # fmt: skip


def _with_matrices(order: Sequence[int]) -> Callable[..., Any]:
    return lambda xs, weights, n_head: read_sequence(
        microgpt.attention, xs, [weights[i] for i in order], n_head
    )


def _wrong_slices(answer: Any) -> list[str]:
    """Slices in the source that are wrong for head 1 of 2 heads with 3 numbers each."""
    source = source_of(answer)
    for node in ast.walk(source.definition) if source else ():
        ends: list[ast.expr | None] = []
        if isinstance(node, ast.Slice):
            ends = [node.lower, node.upper]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "slice":
            ends = list(node.args[:2])
        found = [_for_head_1(end) for end in ends]
        about = isinstance(node, ast.Call) or "head" in ast.unparse(node)
        if len(found) == 2 and about and "?" not in found and found != ["3", "6"]:
            shown = ":".join(found)
            return [f"with 2 heads of 3 numbers, your slice of head 1 is {shown}; it owns 3:6."]
    return []


def _for_head_1(end: ast.expr | None) -> str:
    """A begin or end as a number, ``""`` if there is none, ``"?"`` if it cannot be told."""
    if end is None or ast.unparse(end) == "None":
        return ""
    known = {"head": 1, "head_dim": 3, "n_head": 2, "q": range(6), "x": range(6), "len": len}
    try:
        return str(eval(ast.unparse(end), {"__builtins__": {}}, known))
    except Exception:  # names of the reader's own
        return "?"
