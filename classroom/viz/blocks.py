"""The whole model in pictures: its plan, its nodes, what a part of it is worth. Chapter 06."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classroom.lab.scopes import BLOCKS, NodeCount
from classroom.viz.kit.cells import WIDTH, drawing, label, rect
from classroom.viz.kit.narrow import Rows
from classroom.viz.kit.picture import Picture
from classroom.viz.kit.style import COLOURS, INK, PAPER, TEXT, TINT, figure, to_picture
from microgpt.model import Config

STREAM, LOOPS = 150, 62
"""How far down the stream runs, and the parts that read it and add to it."""
PLACES = dict(zip(BLOCKS, (176, 286, 412, 510, 632, 730, 832, 918)))
PLAN = (
    "The plan of the model: token and position become 16 numbers, the stream, which runs straight "
    "to lm_head and the scores. In a block, attention and the MLP each read the stream "
    "through a norm, and a + adds what they found to it."
)


def block_picture() -> Picture:
    """Draw the way of a token: the stream, one block beside it, `lm_head` at the end."""
    return drawing(WIDTH, 208, _plan(), PLAN, _for_phone(208))


def block_graph(fused: NodeCount, written_out: NodeCount, name: str, config: Config) -> Picture:
    """Draw the same plan with the nodes that each part makes for a name, as squares.

    Parameters
    ----------
    fused, written_out : NodeCount
        As `classroom.lab.scopes.count_nodes` finds them: with ``dot`` nodes, and with every product
        and sum a node.
    name : str
        The name they were counted on.
    config : Config
        The sizes.
    """
    parts = _plan()
    rows = (320, "if written out", "constant", written_out), (300, "made here", "data", fused)
    for y, title, kind, counted in rows:
        parts.append(label(112, y, title, 14, "end", INK[kind], bold=True))
        for block, x in PLACES.items():
            side = (count := counted.blocks[block]) ** 0.5 * 0.4
            parts.append(rect(x - side / 2, 282 - side, side, side, _look(kind)))
            parts.append(label(x, y, f"{count:,}", 14, "middle", INK[kind], bold=True))
    alt = _blocks_in_words(fused, written_out, name, config)
    return drawing(WIDTH, 330, parts, alt, _for_phone(330))


def _for_phone(height: float) -> Rows:
    """What comes before a block, the block, what comes after it."""
    return [
        [(10, 110, 326, height - 114)],
        [(333, 0, 438, height)],
        [(768, 110, 190, height - 114)],
    ]


def _look(kind: str) -> str:
    """Fill and border of a box; what is data is full."""
    fill = COLOURS[kind] if kind == "data" else TINT[kind]
    return f'fill="{fill}" stroke="{COLOURS[kind]}" stroke-width="1.5"'


def _plan() -> list[str]:
    """The stream as 16 threads, two loops that add to it, and what has weights in green."""
    frame = f'fill="none" stroke="{COLOURS["constant"]}" stroke-dasharray="6 4" rx="10"'
    parts = [rect(336, 8, 432, 186, frame), label(552, 28, "one block, or layer", 14)]
    parts.append(label(552, STREAM + 37, "the stream: 16 numbers", 14, fill=INK["data"]))
    parts.append(label(118, STREAM + 5, "token, position", 14, "end"))
    threads, blue = [STREAM - 15.5 + 2 * i for i in range(16)], f'fill="{COLOURS["data"]}"'
    parts += [rect(PLACES["embedding"], y, 742, 1, blue) for y in threads]
    for part, x, plus in (("attention", 412, "add 1"), ("MLP", 632, "add 2")):
        parts += _loop(x - 66, PLACES[plus])
        parts += _box(x, LOOPS, f"norm,\n{part}", "parameter", 124)
    for block in ("embedding", "rmsnorm", "lm_head", "loss"):
        kind = "constant" if block in ("rmsnorm", "loss") else "parameter"
        parts += _box(PLACES[block], STREAM, block, kind, 96 if len(block) > 4 else 54)
    return parts


def _box(x: float, y: float, title: str, kind: str, width: float) -> list[str]:
    """A part of the model, its name inside, on a line or two."""
    box = rect(x - width / 2, y - 24, width, 48, f'rx="8" {_look(kind)}')
    lines = title.split("\n")
    return [box] + [
        label(x, y + 14 - 9 * len(lines) + 18 * i, line, 14, fill=INK[kind], bold=True)
        for i, line in enumerate(lines)
    ]


def _loop(leaves: float, returns: float) -> list[str]:
    """A way out of the stream and back into it, where a plus adds."""
    ink = COLOURS["accent"]
    look = f'rx="17" fill="{PAPER}" stroke="{ink}" stroke-width="3"'
    path = f"M{leaves} {STREAM - 17}V{LOOPS}H{returns}V{STREAM - 26}"
    head = f"{returns - 7},{STREAM - 30} {returns + 7},{STREAM - 30} {returns},{STREAM - 17}"
    return [
        f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="4"/>',
        f'<polygon points="{head}" fill="{ink}"/>',
        rect(returns - 17, STREAM - 17, 34, 34, look),
        label(returns, STREAM + 8, "+", 24, bold=True),
    ]


def _blocks_in_words(fused: NodeCount, written_out: NodeCount, name: str, config: Config) -> str:
    """The alt text of the graph of blocks: all its counts."""
    told = ", ".join(
        f"{'+' if block.startswith('add') else block} {count:,} ({written_out.blocks[block]:,})"
        for block, count in fused.blocks.items()
    )
    return (
        f"The plan of the model with the nodes that each part makes for the name {name!r} and, "
        f"in brackets, those of the same model with every product and sum a node: {told}. "
        "Squares show both as areas. Attention and MLP are counted with the norm before them; "
        f"the block is run {config.n_layer} time{'s' * (config.n_layer > 1)}. "
        f"Nodes made: {fused.made:,} ({written_out.made:,}); with the {fused.parameters:,} "
        f"parameters reached {fused.reached:,} ({written_out.reached:,})."
    )


def ablation_picture(losses: Mapping[str, Sequence[float]], floors: Mapping[str, float]) -> Picture:
    """Draw the losses of models without a part, a dot a seed, beside those of the whole model.

    Parameters
    ----------
    losses : mapping of str to sequence of float
        By model, the whole model first: its held-out loss with each seed, nats a token.
    floors : mapping of str to float
        Losses to compare with, such as the bigram table's; drawn as lines.
    """
    rows = {title: sorted(seeds) for title, seeds in losses.items()}
    told = ", ".join(f"{title} {each[0]:.4f} to {each[-1]:.4f}" for title, each in rows.items())
    lines = ", ".join(f"{title} {loss:.4f}" for title, loss in floors.items())
    with figure(9, 4.0) as fig:
        ax = fig.subplots()
        whole = next(iter(rows.values()))
        ax.axvspan(whole[0], whole[-1], color=TINT["data"], zorder=0)
        for row, seeds in enumerate(rows.values()):
            ink = COLOURS["gradient" if row else "data"]
            ax.plot(seeds, [row] * len(seeds), "o-", color=ink, markersize=9, zorder=2)
            ax.text(seeds[-1] + 0.003, row, f"{sum(seeds) / len(seeds):.3f}", va="center")
        for title, loss in floors.items():
            ax.axvline(loss, color=COLOURS["constant"], lw=1, zorder=1)
            ax.text(
                loss,
                -0.75,
                f"{title} {loss:.3f}",
                ha="center",
                color=INK["constant"],
                fontsize=8.64,
            )
        ax.set_yticks(range(len(losses)), list(losses), color=TEXT)
        ax.set_ylim(len(losses) - 0.5, -0.6)
        ax.set_title("loss on held-out names, nats a token", pad=24)
        ax.set_xlabel("a dot a seed, the mean beside them")
        return to_picture(fig, f"Loss on held-out names: {told}. For comparison: {lines}.")
