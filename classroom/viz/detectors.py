"""What happens inside the MLP at one position: wider, cut, narrower. Chapter 06."""

from __future__ import annotations

from classroom.lab.tracing import Trace
from classroom.viz.kit.cells import WIDTH, drawing, label, rect
from classroom.viz.kit.narrow import stacked_windows
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import ABOVE, BELOW, COLOURS, INK, TEXT, TINT
from microgpt.inference import Floats

LEFT, SPAN = 196, WIDTH - 216


def mlp_picture(found: Trace, position: int, layer: int = 0) -> Picture:
    """Draw the stream before the MLP, the detectors after the ReLU, and what is added.

    `found` is from `classroom.viz.trace`; position 0 is BOS. A ValueError if the name has no such
    position.
    """
    found.must_have(position)
    at = found.layers[layer]
    before, hidden = at.halfway[position], at.hidden[position]
    added = [a - b for a, b in zip(at.stream[position], before)]
    awake = [i for i, h in enumerate(hidden) if h > 0]
    size = max(map(abs, [*before, *added]))
    words = [
        f"what comes in: {len(before)}",
        f"{len(hidden)} detectors, {len(awake)} awake",
        f"what comes out: {len(added)}",
    ]

    def drawn(left: float, span: float) -> list[str]:
        parts, step = _funnels(left, span), span / len(hidden)
        for numbers, y in (before, 40), (added, 220):
            parts += _row(numbers, y, left + span * 0.292, span / 2.4, size)
        parts += _row(hidden, 130, left, span, max([*hidden, 1e-9]))
        parts += [
            label(left - 14, y + 21, said, 13, "end") for said, y in zip(words, (40, 130, 220))
        ]
        parts += [label(left + span / 2, y, f, 13) for f, y in (("fc1, ReLU", 108), ("fc2", 198))]
        parts.append(label(left, 24, f"{found.labels[position]!r} read", 15, "start", bold=True))
        return parts + [label(left + (i + 0.5) * step, 178, str(i), 11.8, bold=True) for i in awake]

    rows = [(4.0, 0.0, 9.0, 30.0), [(0.0, 34.0, 358.0, 222.0)], (-8.0, 0.0, 9.0, 260.0)]
    return drawing(
        *(WIDTH, 272, drawn(LEFT, SPAN), _in_words(found, position, before, hidden, added)),
        lambda: stacked_windows(drawn(8, 342), rows),
    )


def _in_words(found: Trace, position: int, before: Floats, hidden: Floats, added: Floats) -> str:
    """The alt text: how many numbers there are, and who is awake."""
    awake = [i for i, h in enumerate(hidden) if h > 0]
    told = ", ".join(f"{i} ({hidden[i]:.2f})" for i in awake) or "none"
    return (
        f"The MLP at position {position}, {found.labels[position]!r} read: {len(before)} numbers "
        f"come in, {len(hidden)} detectors of which {len(awake)} are awake: {told}; "
        f"{len(added)} numbers come out, from {min(added):.2f} to {max(added):.2f}."
    )


def _row(numbers: Floats, y: float, left: float, width: float, limit: float) -> list[str]:
    """Bars up and down for signed numbers, detectors filled as far as they are awake."""
    step = width / len(numbers)
    asleep = f'fill="{TINT["constant"]}" stroke="{COLOURS["constant"]}" stroke-width="0.5"'
    parts = []
    for i, number in enumerate(numbers):
        x, signed = left + i * step, min(numbers) < 0
        high = (16 if signed else 32) * abs(number) / limit
        top = y + 16 - (high if number >= 0 else 0) if signed else y + 32 - high
        parts.append(rect(x, y, step, 32, asleep))
        look = f'fill="{ABOVE if number >= 0 else BELOW}"'
        parts.append(rect(x + 1, top, step - 2, high, look))
    line = rect(left, y + 15.5, width, 1, f'fill="{TEXT}"') if min(numbers) < 0 else ""
    return [*parts, line]


def _funnels(left: float, span: float) -> list[str]:
    """Between the rows: the matrix that widens, and the one that narrows."""
    inner, right = (left + span * 0.292, left + span * 0.708), left + span
    look = f'fill="{TINT["parameter"]}" stroke="{INK["parameter"]}" stroke-width="1"'
    down = f"{inner[0]:g},76 {inner[1]:g},76 {right:g},126 {left:g},126"
    up = f"{left:g},166 {right:g},166 {inner[1]:g},216 {inner[0]:g},216"
    return [f'<polygon points="{points}" {look}/>' for points in (down, up)]
