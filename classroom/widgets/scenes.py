"""What `MindExplorer` shows at each of its settings: a scene, and the result in words.

The play of a name of n letters has 5 (n + 1) + 7 steps: rest, five stations for each token,
five on the way back, and a step of Adam.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from classroom.lab.addresses import Square, Unknown
from classroom.lab.film import stored_film
from classroom.lab.mind import Mind, Reading
from classroom.viz.mind import Scene
from microgpt.inference import Weights
from microgpt.model import Config
from microgpt.tokenizer import CharTokenizer

STATIONS = (
    ("letter and place give a vector each", ("wte", "wpe")),
    ("a query, a key and a value", ("layer0.attn_wq", "layer0.attn_wk", "layer0.attn_wv")),
    ("the heads have looked back, and answer", ("layer0.attn_wo",)),
    ("detectors wake up and speak", ("layer0.mlp_fc1", "layer0.mlp_fc2")),
    ("a score for each letter", ("lm_head",)),
)
"""What happens to a token on its way, and in which matrices."""
WAY = [key for _, keys in STATIONS for key in keys]
PASSED = 0.4
"""How brightly a matrix still shines that the token has passed."""


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
        return scene, "; ".join(_unknown(mind, square, off)) + _nothing_to(move)
    read = film.steps[step]
    if not scene.usual:
        scene = replace(scene, curve=list(zip(film.steps, film.losses)), at=step)
    if not (square.strip() or off.strip()):
        written = ", ".join(one or "(nothing)" for one in scene.names)
        words = f"After {read:,} of 1,000 names: loss {film.losses[step]:.2f} on names held out; "
        words += f"it writes {written}."
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
    scene = Scene(
        weights,
        mind.tokens,
        targets=reading.targets,
        labels=reading.labels,
        names=mind.names(weights) if changed else mind.usual_names,
        hint="point at a square; drag it up or down",
        chosen=place,
        move=move,
        **_switched(mind, off, place),
    )
    if changed:
        scene = replace(scene, usual=usual.losses, usual_names=mind.usual_names)
    scene, words = _at_step(mind, scene, name, step, reading, usual if changed else None)
    if place:
        words = _touched(mind, name, place, move, reading, usual)
    elif move:
        words = f"{_nothing_to(move)[2:].capitalize()}. {words}"
    elif changed and step == 0:
        words = f"Off: {off.strip()}. Loss of {name!r}: {usual.loss:.4f} → {reading.loss:.4f}."
    return scene, words


def _unknown(mind: Mind, square: str, off: str) -> Iterator[str]:
    """Say what is typed and is not there: a weight, a part."""
    for typed, find in ((square, mind.square), (off, mind.silenced)):
        try:
            if typed.strip():
                find(typed)
        except Unknown as unknown:
            yield str(unknown)


def _nothing_to(move: float) -> str:
    """What is said if no weight is chosen."""
    return f"; nothing to be moved by {move:+.2f}: point at a square" if move else ""


def _at_step(
    mind: Mind, scene: Scene, name: str, step: int, reading: Reading, usual: Reading | None
) -> tuple[Scene, str]:
    """Fill the scene with what is going on at a step of the play."""
    forward, back = len(STATIONS) * (len(name) + 1), len(STATIONS)
    if 0 < step <= forward:
        return _forward(mind, scene, reading, usual, step - 1)
    scene, words = _read(scene, reading, usual, len(name), 5)
    if step > forward + back:
        return _adam(mind, scene, name)
    if step > forward:
        return _backward(mind, scene, name, step - forward)
    if len(name) < mind.config.block_size - 1:
        scene = replace(scene, thrown=mind.thrown(name, reading))
    return scene, words


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


def _read(
    scene: Scene, reading: Reading, usual: Reading | None, position: int, station: int
) -> tuple[Scene, str]:
    """The scene when the token at a position has passed so many stations."""
    seen, layer = reading.seen, "layer0."
    streams = [seen["embedded"], *([seen[layer + "halfway"]] * (station > 2))]
    streams += [seen[layer + "stream"]] * (station > 3)
    guessed = position if station > 4 else position - 1
    heads = [key for key in seen if key.startswith(layer + "head") and key != layer + "heads"]
    scene = replace(
        scene,
        streams=[vectors[position] for vectors in streams],
        hidden=seen[layer + "hidden"][position] if station > 3 else (),
        looks=[seen[key][position] for key in heads] if station > 1 else (),
        losses=[x if i <= guessed else 0.0 for i, x in enumerate(reading.losses)],
        usual=[x if i <= guessed else 0.0 for i, x in enumerate(scene.usual)],
    )
    words = ""
    if guessed >= 0:
        read = "".join(reading.labels[1 : guessed + 1]) or "the mark"
        probs = reading.probs(guessed)
        best = sorted(range(len(probs)), key=lambda i: -probs[i])[:3]
        tokens = scene.tokens
        before = usual.probs(guessed) if usual else ()
        scene = replace(scene, text=read, probs=probs, before=before)
        words = ", ".join(f"{tokens[i]} {probs[i]:.2f}" for i in best)
        words = f"After {read} it expects {words}; the name's loss is {reading.loss:.4f}."
    return scene, words


def _forward(
    mind: Mind, scene: Scene, reading: Reading, usual: Reading | None, index: int
) -> tuple[Scene, str]:
    """A token at one of its stations; the matrices behind it still shine a little."""
    position, station = divmod(index, len(STATIONS))
    scene, words = _read(scene, reading, usual, position, station + 1)
    said, now = STATIONS[station]
    light: dict[str, Sequence[Sequence[float]]] = {}
    for _, keys in STATIONS[: station + 1]:
        for key, rows in mind.light(reading, position, keys, scene.weights).items():
            dim = 1.0 if key in now else PASSED
            light[key] = [[dim * x for x in row] for row in rows]
    token = mind.ids("".join(reading.labels[1:]))[position]
    label = reading.labels[position] if position else "the mark"
    story = f"Forward, {label} at place {position}: {said}"
    if station == len(STATIONS) - 1:
        target, loss = reading.targets[position], reading.losses[position]
        story += f"; {words.partition(';')[0][6:]}. What comes is {target}: surprise {loss:.2f}"
        scene = replace(scene, comes=target)
    return replace(scene, light=light, reading=(token, position)), story + "."


def _backward(mind: Mind, scene: Scene, name: str, step: int) -> tuple[Scene, str]:
    """The slopes of the name's loss, from the scores back to the letters."""
    slopes = mind.slopes(name)
    reached = [key for _, keys in STATIONS[len(STATIONS) - step :] for key in keys]
    light = {key: slopes[key] for key in reached}
    asked = sum(x != 0 for rows in light.values() for row in rows for x in row)
    count = sum(len(row) for key in reached for row in slopes[key])
    words = f"Backward: {asked:,} of the {count:,} weights reached have a slope for {name!r}"
    if step == len(STATIONS):
        rows = sum(any(row) for row in slopes["wte"])
        awake = sum(any(row) for row in slopes["layer0.mlp_fc1"])
        words += f": {rows} of 27 letters in wte, {awake} of 64 detectors; the rest sleeps"
    return replace(scene, light=light, hue="gradient"), words + "."


def _adam(mind: Mind, scene: Scene, name: str) -> tuple[Scene, str]:
    """One step of Adam on this name: every weight that has a slope moves."""
    stepped = mind.stepped(name)
    before, after = mind.usual(name), mind.reading(name, stepped)
    moved: Weights = {
        key: [
            [50 * (b - a) for a, b in zip(*rows)] for rows in zip(mind.weights[key], stepped[key])
        ]
        for key in WAY
    }
    count = sum(x != 0 for rows in moved.values() for row in rows for x in row)
    scene, _ = _read(scene, after, before, len(name), 5)
    scene = replace(
        scene,
        weights=stepped,
        light=moved,
        usual=before.losses,
        names=mind.names(stepped),
        usual_names=mind.usual_names,
    )
    words = f"A first step of Adam moves {count:,} weights by about 0.01 each: loss of {name!r} "
    return scene, words + f"{before.loss:.4f} → {after.loss:.4f}."


def _touched(
    mind: Mind, name: str, place: Square, move: float, reading: Reading, usual: Reading
) -> str:
    """What a weight is, what its slope says, and what came of moving it."""
    key, row, column = place
    slope, weight = mind.slopes(name)[key][row][column], mind.weights[key][row][column]
    words = (
        f"{key.rpartition('.')[2]}[{row}][{column}] = {weight + move:.4f}, {mind.meaning(place)}. "
    )
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
