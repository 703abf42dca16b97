"""All 4,192 weights of the model on one screen, and what a name does with them. Chapters 00, 06.

Every matrix is drawn with the 16 numbers of the stream from top to bottom, whichever side of the
matrix they are on: so a row of squares is the same number all the way from the letter to the
scores. Around them (`classroom.viz.mind_panels`): probabilities, losses, names.
"""

from __future__ import annotations

from collections.abc import Sequence

from classroom.viz.kit.cells import FONT, label, rect
from classroom.viz.kit.picture import SVG, Picture
from classroom.viz.kit.style import ABOVE, BELOW, COLOURS, GRID, INK, PAPER, TEXT
from classroom.viz.mind_panels import on_slide, panels, small_tick
from classroom.viz.scene import NARROW, TITLES, WIDE, Layout, Scene
from classroom.viz.squares import Field, levels, squares


def mind_picture(scene: Scene, alt: str) -> Picture:
    """Draw a scene: all weights, and around them what they do; `alt` says it in words."""
    return Picture(_drawn(scene, WIDE), SVG, alt, small=lambda: _drawn(scene, NARROW))


def _drawn(scene: Scene, layout: Layout) -> str:
    """All that is seen, as SVG."""
    shades = levels(scene.weights, layout.fields, 0.45, 0.8)
    lights: Sequence[int] = ()
    if scene.light:
        scale, power = (0.15, 0.45) if scene.hue else (0.5, 0.6)
        lights = [abs(x) for x in levels(scene.light, layout.fields, scale, power)]
    width, height = layout.width, layout.height
    paper = f'class="mg-paper" fill="{PAPER}"'
    parts = [
        rect(0, 0, width, height, paper),
        _strings(layout),
        squares(layout.fields, shades, lights, scene.hue),
        *map(_title, layout.fields, [layout] * 9),
        *_letters(scene, layout),
        *_streams(scene, layout),
        *_lamps(scene, layout),
        *panels(scene, layout),
        *_grids(scene, layout),
        *_chosen(scene, layout),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}">{"".join(parts)}</svg>'
    )


def _title(place: Field, layout: Layout) -> str:
    """The name of a matrix, and what it is for in a word or two."""
    name = place.key.rpartition(".")[2]
    below = name in ("mlp_fc2", "lm_head")
    y = place.y + (place.size[1] + 15 if below else -8)
    said = f'<tspan font-weight="bold">{name}</tspan>'
    if layout.long_titles:
        said += f'<tspan fill="{INK["constant"]}" dx="5">{TITLES[name]}</tspan>'
    return on_slide(f'<text x="{place.x}" y="{y}" font-size="11" fill="{TEXT}">{said}</text>', name)


def _strings(layout: Layout) -> str:
    """The 16 numbers of the stream as thin lines from matrix to matrix."""
    pitch = layout.fields[0].pitch
    lines = "".join(
        f"M{left},{top + pitch * i + 2.5:g}H{right}"
        for top, left, right in layout.gaps
        for i in range(16)
    )
    return f'<path d="{lines}" stroke="{GRID}" stroke-width="1"/>'


def _letters(scene: Scene, layout: Layout) -> list[str]:
    """The letters below the columns of wte, the places below wpe; what is read glides over them."""
    wte, wpe = layout.fields[:2]
    y, marks = wte.y + wte.size[1], [*scene.tokens[:-1], "BOS"]
    parts = [small_tick(wte.x + i * wte.pitch, y, mark, i) for i, mark in enumerate(marks)]
    parts += [small_tick(wpe.x + i * wpe.pitch, y, str(i), 0) for i in range(0, wpe.rows, 5)]
    for field, at in zip((wte, wpe), scene.reading or ()):
        mark = marks[at] if field is wte else str(at)
        more = 9 * (len(mark) - 1)
        box = rect(-8.5 - more, 0, 17 + more, 22, f'rx="3" fill="{COLOURS["accent"]}"')
        words = box + label(-more / 2, 16, mark, 14, fill="#000", bold=True)
        where = f"translate({field.x + at * field.pitch + 2.5} {y + 1})"
        parts.append(f'<g id="read-{field.key}" transform="{where}">{words}</g>')
    return parts


def _streams(scene: Scene, layout: Layout) -> list[str]:
    """The stream as a column of 16 discs between the matrices; those below 0 are flat and blue."""
    pitch = layout.fields[0].pitch
    return [
        f'<ellipse id="stream-{where}-{i}" cx="{x + 2.5}" cy="{y + pitch * i + 2.5}" '
        f'rx="{(r := 0.6 + 2.8 * min(1.0, abs(number) / 2.5) ** 0.6):.1f}" '
        f'ry="{r if number >= 0 else 0.6 * r:.1f}" '
        f'fill="{ABOVE if number >= 0 else BELOW}"/>'
        for where, ((x, y), vector) in enumerate(zip(layout.streams, scene.streams))
        if y < layout.height
        for i, number in enumerate(vector)
    ]


def _lamps(scene: Scene, layout: Layout) -> list[str]:
    """Between the two matrices of the MLP a lamp for each detector: lit if it is awake."""
    fc1, parts = layout.of("layer0.mlp_fc1"), []
    y = (fc1.y + fc1.size[1] + layout.of("layer0.mlp_fc2").y) / 2
    for i in range(fc1.rows):
        x, value = fc1.x + i * fc1.pitch, scene.hidden[i] if scene.hidden else 0.0
        kind, strength = "accent", 0.3 + 0.7 * min(1.0, value / 1.5)
        if i in scene.detectors_off:
            kind, strength = "gradient", 1.0
        elif value <= 0:
            kind, strength = "constant", 0.2
        look = f'fill="{COLOURS[kind]}" opacity="{strength:.2f}"'
        parts.append(f'<circle id="lamp-{i}" cx="{x + 2.5}" cy="{y:g}" r="2.6" {look}/>')
    return parts


def _grids(scene: Scene, layout: Layout) -> list[str]:
    """The matrices as controls: pointing chooses a weight, dragging moves it."""
    parts = []
    for f in layout.fields:
        name, at, now = f.key.rpartition(".")[2], "", ""
        if scene.chosen and scene.chosen[0] == f.key:
            at = f" {scene.chosen[1]} {scene.chosen[2]}"
            now = f' data-now="{scene.move:g}"'
        spec = f"{f.x} {f.y} {f.pitch} {f.rows} {f.columns} {f.turned:d} {f.group}"
        parts.append(
            rect(
                *(f.x, f.y, *f.size),
                f'id="grid-{name}" fill="#000" fill-opacity="0" data-grid="{spec}" '
                f'data-choose="square {name}{at}" data-move="move"{now} data-label="{name}: '
                'arrow keys choose a weight, plus and minus move it"',
            )
        )
    return parts


def _chosen(scene: Scene, layout: Layout) -> list[str]:
    """Frames around the weight that is pointed at, and around its row and its column."""
    if scene.chosen is None:
        return []
    key, row, column = scene.chosen
    place = layout.of(key)
    (x, y), pitch, (wide, high) = place.place(row, column), place.pitch, place.size
    top, foot = place.y, place.y + high
    if key.startswith("layer0.mlp"):
        fc2 = layout.of("layer0.mlp_fc2")
        top, foot = layout.of("layer0.mlp_fc1").y, fc2.y + fc2.size[1]
    elif key == "lm_head":
        top = layout.bars[1] + 2  # its letter too; above stand words
    elif key == "wte":
        foot += 24
    thin = f'fill="none" pointer-events="none" stroke="{TEXT}" stroke-opacity="0.75"'
    thick = f'fill="none" pointer-events="none" stroke="{TEXT}" stroke-width="2.5"'
    across = place.x - 1.5, y - 1.5, wide + 3, pitch + 2
    added = (x - 1.5, place.y - 1.5, pitch + 2, high + 3) if place.turned else across
    return [
        rect(*across, f'id="frame-row" {thin}'),
        rect(x - 1.5, top - 1.5, pitch + 2, foot - top + 3, f'id="frame-column" {thin}'),
        rect(*added, f'id="frame-sum" {thick if "_" in key else thin}'),
        rect(x - 3, y - 3, pitch + 5, pitch + 5, f'id="frame" rx="2" {thick}'),
    ]
