"""The play of a name in `MindExplorer`: what is going on at each of its steps. Chapters 00 and 06.

A name of n letters has 5 (n + 1) + 7 steps: rest, five stations for each token, five on the way
back, and a step of Adam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classroom.lab.mind import Mind, Reading
from classroom.viz.mind import Scene
from microgpt.inference import Weights

STATIONS = (
    ("letter and place give a vector each", ("wte", "wpe")),
    ("a query, a key and a value", ("layer0.attn_wq", "layer0.attn_wk", "layer0.attn_wv")),
    ("the heads have looked back, and answer", ("layer0.attn_wo",)),
    ("detectors wake up and speak", ("layer0.mlp_fc1", "layer0.mlp_fc2")),
    ("a score for each letter", ("lm_head",)),
)
"""What happens to a token on its way, and in which matrices."""
HINT = "point at a square, or drag it"
WAY = [key for _, keys in STATIONS for key in keys]
PASSED = 0.4
"""How brightly a matrix still shines that the token has passed."""


def at_step(
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
        read = "".join(reading.labels[1 : guessed + 1]) or "BOS"
        probs = reading.probs(guessed)
        best = sorted(range(len(probs)), key=lambda i: -probs[i])[:3]
        before = usual.probs(guessed) if usual else ()
        words = ", ".join(f"{scene.tokens[i]} {probs[i]:.2f}" for i in best)
        line = f"after {read} it expects {words.partition(',')[0]}", HINT
        scene = replace(scene, text=read, probs=probs, before=before, line=line)
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
    label = reading.labels[position] if position else "BOS"
    here = f"{label} at place {position}"
    story = f"Forward, {here}: {said}"
    if station == len(STATIONS) - 1:
        target, loss = reading.targets[position], reading.losses[position]
        story += f"; a{words.partition(';')[0][1:]}. What comes is {target}: surprise {loss:.2f}"
        said = f"{scene.line[0]}; " + (f"{target} comes" if len(target) == 1 else "the name ends")
        scene = replace(scene, comes=target)
    return replace(scene, light=light, reading=(token, position), line=(here, said)), story + "."


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
    line = "and back", "how much does a nudge of each number change the surprise?"
    return replace(scene, light=light, hue="gradient", line=line), words + "."


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
        line=("one step", f"{count:,} weights move by about 0.01 each"),
        usual=before.losses,
        names=mind.names(stepped),
        usual_names=mind.usual_names,
    )
    words = f"A first step of Adam moves {count:,} weights by about 0.01 each: loss of {name!r} "
    return scene, words + f"{before.loss:.4f} → {after.loss:.4f}."
