"""What `MindExplorer` shows at each of its settings: a scene, and the result in words.

Chapters 00 and 06. What goes on at a step of the play stands in `classroom.widgets.stations`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from classroom.lab.addresses import Square, Unknown
from classroom.lab.film import stored_film
from classroom.lab.mind import Mind, Reading
from classroom.viz.mind import Scene
from classroom.widgets.stations import STATIONS, WAY, at_step
from microgpt.model import Config
from microgpt.tokenizer import CharTokenizer


def last_step(show: str, name: str) -> int:
    """The last step of the play."""
    if show == "training":
        return len(stored_film().steps) - 1
    return len(STATIONS) * (len(name) + 2) + 1


@lru_cache(maxsize=8)
def snapshot(frame: int, config: Config, tokenizer: CharTokenizer) -> Mind:
    """The model as it was at a snapshot of the course's own training run."""
    film = stored_film()
    return Mind(film.weights(frame), config, tokenizer, film.names[frame])


def scene_of(
    mind: Mind, show: str, step: int, name: str, square: str, move: float, off: str
) -> tuple[Scene, str]:
    """The scene at these settings, and the result in words.

    What is typed and is no weight, or no part, is told; nothing is moved then.
    """
    try:
        if show != "training":
            return name_scene(mind, name, step, square, move, off)
        film = stored_film()
        then = snapshot(step, mind.config, mind.tokenizer)
        scene, words = name_scene(then, name, 0, square, move, off)
    except Unknown:
        scene, _ = scene_of(mind, show, step, name, "", 0.0, "")
        return scene, "; ".join(mind.unknown(square, off)) + _nothing_to(move)
    read = film.steps[step]
    if not scene.usual:
        scene = replace(scene, curve=list(zip(film.steps, film.losses)), at=step)
    if not (square.strip() or off.strip()):
        written = ", ".join(one or "(nothing)" for one in scene.names)
        words = f"After {read:,} of 1,000 names: loss {film.losses[step]:.2f} on names held out; "
        words += f"it writes {written}."
        scene = replace(scene, line=(f"after {read:,} of 1,000 names", scene.line[1]))
    return replace(scene, heading=f"after {read:,} names it writes", thrown=None), words


def name_scene(
    mind: Mind, name: str, step: int, square: str, move: float, off: str
) -> tuple[Scene, str]:
    """A step of the play of a name, with one weight moved and some parts off."""
    place = mind.square(square) if square.strip() else None
    changed = bool(off.strip()) or bool(move and place)
    weights = mind.changed(square, move, off) if changed else mind.weights
    usual = mind.usual(name)
    reading = mind.reading(name, weights) if changed else usual
    beside = {"usual": usual.losses, "usual_names": mind.usual_names} if changed else {}
    scene = Scene(
        weights,
        mind.tokens,
        targets=reading.targets,
        labels=reading.labels,
        names=mind.names(weights) if changed else mind.usual_names,
        chosen=place,
        move=move,
        **_switched(mind, off, place) | beside,
    )
    scene, words = at_step(mind, scene, name, step, reading, usual if changed else None)
    if place:
        at = scene.reading[1] if scene.reading else len(name)
        scene = replace(scene, line=mind.added_up(place, reading, at, weights))
        words = _touched(mind, name, place, move, reading, usual, off.strip())
    elif move:
        words = f"{_nothing_to(move)[2:].capitalize()}. {words}"
    elif changed and step == 0:
        words = f"Off: {off.strip()}. Loss of {name!r}: {usual.loss:.4f} → {reading.loss:.4f}."
    return scene, words


def _nothing_to(move: float) -> str:
    """What is said if no weight is chosen."""
    return f"; nothing to be moved by {move:+.2f}: point at a square" if move else ""


def _switched(mind: Mind, off: str, place: Square | None) -> dict[str, Any]:
    """What is off, and the buttons that switch what the weight belongs to, or all on again."""
    parts = mind.parts(off)
    chips = []
    if place:
        for part in mind.parts_of(place):
            rest = [one for one in parts if one != part]
            way = "on" if part in parts else "off"
            chips.append((f"{part} {way}", ", ".join(rest + [part] * (part not in parts))))
    if parts:
        chips.append(("all on", ""))
    numbers = {
        kind: frozenset(int(p.split()[1]) for p in parts if p.startswith(kind + " "))
        for kind in ("head", "detector")
    }
    return {
        "heads_off": numbers["head"],
        "detectors_off": numbers["detector"],
        "off": tuple(parts),
        "chips": chips,
    }


def _touched(
    mind: Mind, name: str, place: Square, move: float, reading: Reading, usual: Reading, off: str
) -> str:
    """What a weight is, what its slope says, and what came of moving it."""
    key, row, column = place
    slope, weight = mind.slopes(name)[key][row][column], mind.weights[key][row][column]
    words = (
        f"{key.rpartition('.')[2]}[{row}][{column}] = {weight + move:.4f}, {mind.meaning(place)}. "
    )
    if off:  # a slope is the whole model's
        moved = f", and moved by {move:+.2f}" if move else ""
        return f"{words}Off: {off}{moved}. Loss of {name!r}: {usual.loss:.4f} → {reading.loss:.4f}."
    if slope == 0:
        words += f"Slope 0: moving it a little does nothing to the loss of {name!r}"
    else:
        way = "up" if slope < 0 else "down"
        words += f"Slope {slope:+.4f}: moving it {way} lowers the loss of {name!r}"
    if not move:
        return f"{words}, {reading.loss:.4f}."
    change = reading.loss - usual.loss
    words += f". Moved by {move:+.2f}: {usual.loss:.4f} → {reading.loss:.4f}"
    return f"{words} ({change:+.4f}; the slope promised {slope * move:+.4f})."


def in_words(scene: Scene, story: str) -> str:
    """The alt text: what the picture shows, with its key numbers."""
    probs = scene.probs or [0.0] * len(scene.tokens)
    best = sorted(range(len(probs)), key=lambda i: -probs[i])[:3]
    count = sum(len(row) for rows in scene.weights.values() for row in rows)
    said = f"All {count:,} weights of the model as squares, orange above 0 and blue below, in the "
    said += "order of a token's way: " + ", ".join(key.rpartition(".")[2] for key in WAY) + ". "
    said += story
    if scene.chosen:
        said += f" {'; '.join(scene.line)}.".replace("■ ", "").replace("● ", "")
    listed = ", ".join(f"{scene.tokens[i]} {probs[i]:.2f}" for i in best)
    if any(probs) and listed not in story:
        said += f" After {scene.text}: {listed}."
    if scene.losses and not scene.curve:
        usual = scene.usual or scene.losses
        listed = ", ".join(
            f"{target} {was:.2f} → {now:.2f}" if scene.usual else f"{target} {now:.2f}"
            for target, was, now in zip(scene.targets, usual, scene.losses)
            if now
        )
        said += f" Surprise by letter: {listed}."
    return f"{said} Names: {', '.join(one or '(nothing)' for one in scene.names)}."
