"""The sentences of a look: what is right so far, what is missing next, what stands there."""

from __future__ import annotations

import ast
from typing import Any

from classroom.exercises.kit.error_causes import error_cause
from classroom.exercises.kit.errors import error_name
from classroom.exercises.looking.finding import Look, likeness
from classroom.exercises.looking.instead import goes_on
from classroom.exercises.looking.recording import Run, nodes_in
from classroom.exercises.looking.relations import is_law
from classroom.exercises.looking.rewriting import Place
from classroom.exercises.looking.steps import Step
from classroom.exercises.looking.values import came_to, fits, flat, is_count, kind, shown

_MOST = 60  # characters of code in a sentence
_THERE = 0.6  # so alike are a step and a line that does it with other numbers


def said(look: Look, wrong: bool, some: bool) -> list[str]:
    """What is said of an answer: of its results if they are ``wrong``, else of its gradients.

    ``some``: it is right in some of the cases.
    """
    got, right = look.got, look.right
    if got.error and not got.line and not got.is_endless:
        return [f"It cannot be used as the exercise uses it: {_why(got.error)}"]
    if not wrong:
        return _slopes(look)
    if got.plain == right.plain and got.kind == right.kind and not got.error:
        return []  # what came in is changed: the check has said it
    lines, missing, more = _so_far(look), look.missing, goes_on(look)
    if len(lines) > 1:
        return lines if more is None else [*lines, _goes(look, more)]
    unreturned = got.result is None and right.result is not None and not got.error
    if missing is None:
        lines += [] if got.error or unreturned else _all_there(look)
    elif not (unreturned and _has_result(look)):
        lines += _missing(look, look.steps[missing], sure=bool(look.here) or not some)
    if got.error:
        return [*lines, _stopped(look, got)]
    if look.done is None and missing == 0 and not (unreturned or lines) and len(look.steps) > 1:
        lines = [f"Our way begins with: {look.steps[0].words}."]
    return lines + _result(look, "\n".join(lines))


def _so_far(look: Look) -> list[str]:
    """The last step that is right, and whether it is done less often than it should be."""
    if look.done is None:
        return []
    one = look.mine.places[look.last]
    calls = one.sort == "Call" and "." in one.code.split("(")[0]
    lost = ", but nothing keeps it" if one.role == "dropped" and not calls else ""
    values, want = look.got.values[look.last], look.right.values[look.done.place]
    bare = nodes_in(look.right.raw[look.done.place]) and not nodes_in(look.got.raw[look.last])
    begin = f"Right so far{', as a bare number' if bare else ''}, {_line(one)}"
    if not bare and is_count(came_to(want)):
        begin = f"Right as a number alone, {_line(one)}"  # it may be a coincidence
    line = f"{begin}: {look.done.words}, {_code(one)}{lost}."
    many = want[0] if len(want) == 1 and kind(want[0]) == "a list" else want
    if look.got.error or len(values) >= len(many) or fits(values, want):
        return [line]
    times = ("once", "twice")[len(values) - 1] if len(values) < 3 else f"{len(values)} times"
    return [line, f"That is done {times}{_with(look)}; our way does it {len(many)} times."]


def _missing(look: Look, step: Step, sure: bool) -> list[str]:
    """The step that is missing first, and what the answer goes on with.

    An answer that is right in some cases, without any step of ours, goes another way; behind a
    line where it stops the step may be there, and a count may be in another sum.
    """
    want, wanted = look.wanted(step), look.road.places[step.place]
    if look.got.error or not sure or is_count(want):
        return []
    others = look.got.values.keys() - look.equal - look.rightful
    there = any(likeness(look.mine.places[k], wanted) > _THERE for k in others)
    or_not = ", or not right yet" if there else ""
    lines = [f"Missing next on our way{or_not}{_with(look)}: {step.words}, {shown(want)}."]
    more = goes_on(look)
    return lines if more is None else [*lines, _goes(look, more)]


def _with(look: Look) -> str:
    """Which case the numbers are of, where that is not the one that was told."""
    pairs = zip(look.names, look.right.given)
    given = ", ".join(f"{name} = {shown(value, 40, 7)}" for name, value in pairs)
    told = look.right.told.rstrip(",") or given
    if not told or look.is_told and not look.shown:
        return ""
    return f", with {told if len(told) <= 90 else told[:89] + '…'}"


def _goes(look: Look, place: int, text: str = "", how: str = "") -> str:
    one = look.mine.places[place]
    then = "then " if one.sort == "AugAssign" else ""
    text = then + (text or shown(look.value(place)))
    return f"{_line(one, True)} goes on with {_code(one)}, {text}{': ' + how if how else ''}."


def _all_there(look: Look) -> list[str]:
    """What becomes of an answer in which no step is surely missing."""
    got, more = look.got, goes_on(look)
    if got.plain == look.right.plain or look.done is None:
        return []
    if more is not None:
        pairs = {i: (came_to(look.gots[i].values[more]), look.rights[i].plain) for i in look.bad}
        how = "" if look.right.told else look.how(pairs)  # the check reads more than that
        return [_goes(look, more, shown(look.value(more)) + _with(look), how)]
    for k, one in enumerate(look.mine.places):
        other = one.role == "return" and k not in look.equal
        if other and k in got.values and came_to(got.values[k]) == got.plain:
            return [f"{_line(one, True)} returns {_code(one)}."]
    return []


def _result(look: Look, so_far: str) -> list[str]:
    """What is to be said of the result, if that has not been said."""
    got, right = look.got, look.right
    if got.result is None and right.result is not None:
        best = max(_has_result(look), key=lambda place: len(place.code), default=None)
        has = f"; {_line(best)} has it, {_code(best)}." if best else "."
        ran = [(place, got.values.get(k)) for k, place in enumerate(look.mine.places)]
        none = (p for p, each in ran if p.role == "return" and each and came_to(each) == got.plain)
        gives = next((f"{_line(p, True)} returns {_code(p)}, which is None" for p in none), "")
        return [(gives or "Nothing is returned") + has]
    if got.kind != right.kind and not got.kind.startswith(("some kind", "a node", "a plain")):
        return [f"What is returned is {got.kind}; {right.kind} is wanted."]
    if got.kind != right.kind and got.plain == right.plain:
        wanted = "nodes" if "node" in right.kind else "plain numbers"
        return [f"The numbers are right, but {wanted} are wanted."]
    how = look.how({i: (look.gots[i].plain, look.rights[i].plain) for i in look.bad})
    if right.told and kind(got.plain) != kind(right.plain):  # what the check reads, not the answer
        return []
    more = is_law(how) or ", where" in how or so_far.count("\n") < 2 and "Missing" not in so_far
    more = more and how not in so_far
    return [f"The result{_with(look)}: {how}."] if more else []


def _has_result(look: Look) -> list[Place]:
    """The places that have what should be returned, in every case."""
    pairs = [(look.gots[i], look.rights[i].plain) for i in look.bad]
    pairs = [(got, want) for got, want in pairs if want not in got.given]  # else it came in
    hits = [{k for k, v in got.values.items() if v[-1] == want} for got, want in pairs]
    places = [look.mine.places[k] for k in sorted(set.intersection(*hits))] if hits else []
    return [place for place in places if not place.code.startswith("print")]


def _slopes(look: Look) -> list[str]:
    """Where numbers are right and gradients are not."""
    lines = ["The numbers are right, but no gradient can come back: they are no nodes."]
    if look.got.slopes:
        lines = ["The numbers are right; the gradients are not."]
        for name, g, w in zip(look.names, look.got.slopes, look.right.slopes):
            if g != w and not any(flat(g)):
                lines.append(f"No gradient reaches `{name}`.")
            elif g != w:
                lines.append(f"The gradient of `{name}` is wrong.")
    cuts = _cuts(look.mine.places)
    if cuts and len({p.line for p in cuts}) == 1 and not _cuts(look.road.places):
        lines.append(f"{_line(cuts[0], True)} cuts the graph: {_code(cuts[0])} is only the number.")
    return lines[:3] + lines[3:][-1:]


def _cuts(places: list[Place]) -> list[Place]:
    """Where the bare number is taken out of a node, but where it is only asked for."""
    data = [p for p in places if p.sort == "Attribute" and p.code.endswith(".data")]
    asks = [p for p in places if p.role == "condition" or p.code[:4] in ("max(", "min(")]
    new = [p for p in places if "Value(" in p.code.split(" ")[0]]
    some = {p: [places[k] for k in p.around] for p in data}
    return [
        p for p in data if not any(a in asks for a in some[p]) or any(a in new for a in some[p])
    ]


def _stopped(look: Look, got: Run) -> str:
    """Where an exception was raised, or the loop that is run far too often, if not for ever."""
    if isinstance(got.error, RecursionError):  # where, depends on who watches
        return f"It stops: {_why(got.error)}"
    part, line = look.mine.source.parts[got.part], got.line
    if got.is_endless:
        loops = (n for n in ast.walk(part.tree) if isinstance(n, (ast.While, ast.For)))
        around = (n.lineno for n in loops if n.lineno <= line <= (n.end_lineno or 0))
        line = max(around, default=line)
    of = f" of the cell of `{part.owner}`" if part.owner else ""
    where = f"line {line - part.before}{of}, `{' '.join(part.lines[line - 1].split())}`"
    if got.is_endless:
        return f"It goes on and on: {where}, is reached again and again."
    case = _with(look)
    return f"It stops{case + ',' if case else ''} in {where}: {_why(got.error)}"


def _why(error: Any) -> str:
    """What an exception means, in words for a beginner."""
    return error_cause(error) or f"{error_name(error)}."


def _line(place: Place, start: bool = False) -> str:
    of = f" of the cell of `{place.owner}`" if place.owner else ""
    return f"{'Line' if start else 'line'} {place.line}{of}"


def _code(place: Place) -> str:
    return f"`{place.code if len(place.code) <= _MOST else place.code[: _MOST - 1] + '…'}`"
