"""What stands around the 4,192 squares: what is read, where heads look, bars, losses, names."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from classroom.viz.kit.cells import HIT, label, rect
from classroom.viz.kit.parts import at, sets
from classroom.viz.kit.style import ABOVE, BELOW, COLOURS, INK, TEXT, TINT
from classroom.viz.scene import Layout, Scene


def panels(scene: Scene, layout: Layout) -> list[str]:
    """All of them."""
    return [
        *_line(scene, layout),
        *_looks(scene, layout),
        *_bars(scene, layout),
        *(_curve if scene.curve else _losses)(scene, layout),
        *_names(scene, layout),
        *_chips(scene, layout),
    ]


def on_slide(part: str, words: str = "") -> str:
    """A part that says less on a slide, read from the last row; without words it is not there."""
    return part.replace(" ", f' data-slide="{words}" ', 1)


def _line(scene: Scene, layout: Layout) -> list[str]:
    """What is read, the letter of now in a box; beside it, or below, what is going on."""
    left, count, long, words = layout.fields[0].x, len(scene.labels), layout.long_titles, ""
    now, parts = scene.reading[1] if scene.reading else count - 1, []
    if count:
        box = rect(0, 0, 18, 19, f'rx="3" fill="{COLOURS["accent"]}"')
        parts.append(on_slide(at(left + 20 * now, 0, box, "read-now")))
    for i, mark in enumerate(scene.labels):
        ink = "#000" if i == now else TEXT if i < now else INK["constant"]
        mark = mark if len(mark) == 1 else "•"
        parts.append(on_slide(label(left + 20 * i + 9, 15, mark, 15, fill=ink, bold=i <= now)))
    for i, said in enumerate(map(escape, scene.line)):
        place = ' dx="9"' * i if long else f' x="{left}" dy="{18 - 2 * i}"'
        look = f'fill="{INK["constant"]}"' if i else 'font-weight="bold"'
        for sign in "■●":  # a weight's square, a disc of the stream: in the colour of its number
            for hue, minus in ((BELOW, "-"), (ABOVE, "")):
                dyed = f'<tspan fill="{hue}">{sign}</tspan>\u00a0{minus}'
                said = said.replace(f"{sign} {minus}", dyed)
        words += f"<tspan{place} {look}>{said}</tspan>"
    x, size = (left + 20 * count + 8 * (count > 0), 13) if long else (left, 11)
    said = f'<text x="{x}" y="15" font-size="{size}" fill="{TEXT}">{words}</text>'
    return [*parts, on_slide(said)]


def _looks(scene: Scene, layout: Layout) -> list[str]:
    """What each head listens to: a row a head, a cell a position, as full as its share."""
    left, top, room = layout.looks
    if not scene.looks:
        return []
    title = label(left, top - 8, "heads look at", 11, "start", fill=INK["constant"])
    parts = [on_slide(title, "heads")]
    pitch = min(15.0, room / max(1, len(scene.labels)))
    for head, shares in enumerate(scene.looks):
        y = top + head * 28
        row = [rect(left - 2, y - 2, room + 2, 28, HIT)]
        off = head in scene.heads_off
        for position, share in enumerate(shares):
            look = f'id="look-{head}-{position}" fill="{COLOURS["parameter"]}"'
            x, tall = left + position * pitch, 24 * share * (not off)
            edge = f'fill="none" stroke="{COLOURS["constant"]}" stroke-opacity="0.35"'
            row.append(rect(x, y, pitch - 1.5, 24, edge))
            row.append(rect(x, y + 24 - tall, pitch - 1.5, tall, look))
        says = f"switch head {head} {'on' if off else 'off'}"
        parts.append(sets("".join(row), says, f"head-{head}", off=_toggled(scene, f"head {head}")))
    for position, mark in enumerate(scene.labels[: len(scene.looks[0])] if pitch > 7 else ()):
        x, mark = left + (position + 0.5) * pitch - 0.75, mark if len(mark) == 1 else "•"
        parts.append(on_slide(label(x, top + 121, mark, 11)))
    return parts


def _toggled(scene: Scene, part: str) -> str:
    """What `off` becomes when a part is switched."""
    return ", ".join([one for one in scene.off if one != part] + [part] * (part not in scene.off))


def _bars(scene: Scene, layout: Layout) -> list[str]:
    """The 27 probabilities, each on the column of lm_head that makes it, and the die."""
    if not scene.probs:
        return []
    left, foot, tallest = layout.bars
    pitch = layout.fields[0].pitch
    top = max(0.25, *scene.probs, *scene.before)
    parts = [label(left, foot - tallest - 22, f"after {scene.text}", 12, "start", bold=True)]
    if scene.thrown is not None:
        die = _die(left + 27 * pitch - 29, foot - tallest - 44)
        die = sets(die, "roll the die: a letter, or another name", "die", name=scene.thrown)
        parts.append(on_slide(die))
    for i, (token, p) in enumerate(zip(scene.tokens, scene.probs)):
        x, tall = left + i * pitch, p / top * tallest
        kind = "accent" if token == scene.comes else "second"
        bar = rect(x, foot - tall, pitch - 1, tall, f'id="p-{i}" fill="{COLOURS[kind]}"')
        if scene.before:
            old = scene.before[i] / top * tallest
            look = f'id="was-{i}" fill="none" stroke="{INK["constant"]}"'
            bar += rect(x - 0.5, foot - old, pitch, old, look)
        bar += small_tick(x, foot + 1, token if len(token) == 1 else "BOS", i)
        parts.append(bar)
    best = max(range(len(scene.probs)), key=scene.probs.__getitem__)
    words = f"{scene.tokens[best]} {scene.probs[best]:.2f}"
    where = left + min(max((best + 0.5) * pitch, 20), len(scene.probs) * pitch - 26)
    near = slice(max(0, best - 4), best + 5)  # above the outlines of its neighbours, too
    high = max(*scene.probs[near], *scene.before[near]) / top * tallest
    parts.append(label(where, foot - high - 4, words, 11.5, bold=True))
    return parts


def small_tick(x: float, y: float, mark: str, index: int) -> str:
    """A small letter below a column, in two rows by turns; what is longer begins in its column."""
    place = (x + 4, "start") if len(mark) == 3 else (x + 2.5, "middle")
    down = 21 if len(mark) == 3 else 11 + 10 * (index % 2)
    return on_slide(label(place[0], y + down, mark, 11, place[1], INK["constant"]))


def _die(x: float, y: float) -> str:
    """A die that shows five; its corner."""
    look = f'rx="5" fill="{TINT["accent"]}" stroke="{COLOURS["accent"]}" stroke-width="1.5"'
    spots = "".join(
        f'<circle cx="{x + a}" cy="{y + b}" r="2.5" fill="{TEXT}"/>'
        for a, b in ((7, 7), (21, 7), (14, 14), (7, 21), (21, 21))
    )
    return rect(x, y, 28, 28, look) + spots


def _losses(scene: Scene, layout: Layout) -> list[str]:
    """What each letter costs; if something was changed, by how much more, on a scale of its own."""
    if not scene.losses:
        return []
    left, top, room = layout.losses
    changes = [now - was for now, was in zip(scene.losses, scene.usual)]
    most = max(map(abs, changes), default=0.0)
    changed, foot, pitch = most > 0.00005, top + 82, min(52.0, room / len(scene.losses))
    kind = "more or less surprised" if changed else "surprise"
    title = label(left, top, f"{kind}, letter by letter", 12, "start", bold=True)
    parts = [on_slide(title, kind)]
    values: Sequence[float] = changes if changed else scene.losses
    scale = 22 / most if changed else 60 / max(4.0, *scene.losses)
    zero = foot - 34 if changed else foot
    for i, (target, value) in enumerate(zip(scene.targets, values)):
        x, tall = left + i * pitch, value * scale
        drawn = on_slide(rect(x - 2, top + 8, pitch, 96, HIT))
        kind = "gradient" if changed and value > 0 else "second"
        look = f'id="loss-{i}" rx="1.5" fill="{COLOURS[kind]}"'
        drawn += rect(x, zero - max(tall, 0), pitch - 5, abs(tall), look)
        if pitch > 30 and scene.losses[i]:
            words, short = (f"{value:{'+' * changed}.{digits}f}" for digits in (2, 1))
            high = zero - tall + (12 if tall < 0 else -4)
            short *= not changed or pitch > 44
            drawn += on_slide(label(x + pitch / 2 - 2.5, high, words, 11), short)
        mark = target if len(target) == 1 else "BOS" if pitch > 30 else "•"
        drawn += label(x + pitch / 2 - 2.5, foot + 17, mark, 14, bold=True)
        parts.append(sets(drawn, f"how {target} is guessed", f"at-{i}", step=5 * i + 5))
    if changed:
        parts.append(rect(left, zero - 0.5, pitch * len(values) - 5, 1, f'fill="{TEXT}"'))
    return parts


def _curve(scene: Scene, layout: Layout) -> list[str]:
    """The loss of a training run, where it is now, and what simple tables reach."""
    left, top, room = layout.losses
    losses = [loss for _, loss in scene.curve]
    low = min([*losses, *(loss for _, loss in scene.floors)]) - 0.05
    high = max([*losses, low + 0.1])

    def point(step: float, loss: float) -> tuple[float, float]:
        across = step / max(1, scene.last or scene.curve[-1][0])
        return left + across * room, top + 14 + (high - loss) / (high - low) * 66

    x, y = point(*scene.curve[scene.at])
    line = " ".join("{:.1f},{:.1f}".format(*point(*each)) for each in scene.curve)
    parts = [label(left, top, scene.curve_title, 12, "start", bold=True)]
    parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS["data"]}" '
                 'stroke-width="2"/>')  # fmt: skip
    for name, loss in scene.floors:
        foot = point(0, loss)[1]
        look = f'fill="{COLOURS["constant"]}" fill-opacity="0.6"'
        parts.append(rect(left, foot, room, 1, look))
        parts.append(label(left + room, foot - 3, name, 11, "end", INK["constant"], halo=True))
    return [
        *parts,
        f'<circle id="now" cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{COLOURS["accent"]}"/>',
        label(left, top + 99, f"now {losses[scene.at]:.2f} nats a token", 12, "start"),
    ]


def _names(scene: Scene, layout: Layout) -> list[str]:
    """Names that come out, in two columns; those that a change made are marked."""
    left, top, room = layout.names
    parts = [label(left, top, scene.heading, 12, "start", bold=True)] if scene.names else []
    many, columns = len(scene.names) > 6, 3 if len(scene.names) > 6 else 2
    wide, longest = room / columns - 8, max(map(len, scene.names), default=1)
    size = max(11.0, min(13 if many else 17 if room > 200 else 14, wide / (0.62 * longest)))
    most = int(wide / (0.62 * size))  # letter soup is long
    for i, name in enumerate(scene.names):
        x, line = left + i % columns * room / columns, i // columns
        y = top + (18 + 14 * line if many else 24 + 22 * line)
        new = bool(scene.usual_names) and scene.usual_names[i] != name
        said = name if len(name) <= most else name[: most - 1] + "…"
        ink = INK["gradient"] if new else TEXT
        written = label(x, y, said or "(nothing)", round(size, 1), "start", ink, new)
        parts.append(written if len(said) < 10 else on_slide(written, said[:8] + "…"))
    return parts


def _chips(scene: Scene, layout: Layout) -> list[str]:
    """Buttons for what can be switched."""
    left, y = layout.names[0] if layout.long_titles else 8, layout.height - 6
    parts: list[str] = []
    x = float(left)
    for words, off in scene.chips:
        wide = 14 + 6.6 * len(words)
        look = f'rx="12" fill="{TINT["accent"]}" stroke="{COLOURS["accent"]}"'
        chip = rect(x, y - 19, wide, 25, look) + label(x + wide / 2, y - 2.5, words, 11.5)
        parts.append(on_slide(sets(chip, words, f"chip-{len(parts)}", off=off)))
        x += wide + 6
    return parts
