"""The whole model in pictures: its blocks, its parameters, its gradients. Chapter 06."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from classroom.viz.cells import WIDTH, drawing, label, rect
from classroom.viz.picture import Picture
from classroom.viz.render import graph_picture
from classroom.viz.scopes import BLOCKS, NodeCount
from classroom.viz.style import (
    COLOURS,
    HATCHES,
    INK,
    LINE_STYLES,
    MARKERS,
    PAPER,
    TEXT,
    TINT,
    figure,
    to_picture,
)
from microgpt.model import Config

PARTS = {
    "wte": "a vector a token",
    "wpe": "a vector a position",
    "lm_head": "a score a token",
    "attn_wq": "queries",
    "attn_wk": "keys",
    "attn_wv": "values",
    "attn_wo": "back from the heads",
    "mlp_fc1": "four times wider",
    "mlp_fc2": "and back",
}
"""Every parameter matrix in three words."""


def block_graph(fused: NodeCount, written_out: NodeCount, name: str, config: Config) -> Picture:
    """Draw the whole model as a graph of blocks, each with the nodes it makes for a name.

    Parameters
    ----------
    fused, written_out : NodeCount
        As `classroom.viz.scopes.count_nodes` finds them: with ``dot`` nodes, and with every product
        and sum a node.
    name : str
        The name they were counted on.
    config : Config
        The sizes.

    Returns
    -------
    Picture
        An SVG made by Graphviz.
    """
    lines = [_DOT_HEAD, 'token [label="token\\nposition", shape=plaintext]']
    for block, title in TITLES.items():
        counts = f"{fused.blocks[block]:,}\\n({written_out.blocks[block]:,})"
        lines.append(f'"{block}" [label="{title}\\n{counts}"]')
    order = ["token", *TITLES]
    lines += [f'"{a}" -> "{b}" [weight=9]' for a, b in zip(order, order[1:])]
    lines += [f'"{a}" -> "{b}" [{_BYPASS}]' for a, b in (("rmsnorm", "add 1"), ("add 1", "add 2"))]
    return graph_picture(
        "\n".join([*lines, "}"]), _blocks_in_words(fused, written_out, name, config)
    )


TITLES = {block: "+" if block.startswith("add") else block for block in BLOCKS}
"""What each block is called in the picture."""


def _blocks_in_words(fused: NodeCount, written_out: NodeCount, name: str, config: Config) -> str:
    """The alt text of the graph of blocks: all its counts."""
    told = ", ".join(
        f"{title} {fused.blocks[block]:,} ({written_out.blocks[block]:,})"
        for block, title in TITLES.items()
    )
    return (
        f"The model as a graph of blocks, with the nodes that each makes for the name {name!r} "
        f"and, in brackets, those of the same model with every product and sum a node: {told}. "
        "Attention and MLP are counted with the rmsnorm before them. Two arrows lead past them to "
        f"the additions; that part is run {config.n_layer} time{'s' * (config.n_layer > 1)}. "
        f"Nodes made: {fused.made:,} ({written_out.made:,}); with the {fused.parameters:,} "
        f"parameters reached {fused.reached:,} ({written_out.reached:,})."
    )


_DOT_HEAD = (
    'digraph { rankdir=LR; ranksep=0.3; nodesep=0.3; node [shape=box, style="filled,rounded", '
    f'fillcolor="{TINT["data"]}", color="{COLOURS["data"]}", fontname="Helvetica", fontsize=17, '
    f'fontcolor="{TEXT}", margin="0.17,0.08"]; edge [color="{TEXT}", arrowsize=0.7];'
)
_BYPASS = f'color="{COLOURS["gradient"]}", penwidth=2.4, constraint=false'


def parameter_bars(config: Config) -> Picture:
    """Draw how the parameters are shared out over the matrices.

    Parameters
    ----------
    config : Config
        The sizes.

    Returns
    -------
    Picture
        A bar for each matrix, with shape and count; all layers of a kind together.
    """
    counts: dict[str, int] = {}
    shape: dict[str, str] = {}
    for name, (rows, columns) in config.shapes().items():
        kind = name.rpartition(".")[2]
        counts[kind] = counts.get(kind, 0) + rows * columns
        shape[kind] = f"{rows} × {columns}"
    whole, largest = sum(counts.values()), max(counts.values())
    parts = []
    for row, (kind, count) in enumerate(counts.items()):
        y = 12 + row * 32
        look = f'fill="{COLOURS["parameter"]}" stroke="{INK["parameter"]}"'
        parts.append(label(90, y + 18, kind, 14, "end", bold=True))
        parts.append(label(104, y + 18, PARTS[kind], 13, "start", INK["constant"]))
        parts.append(rect(270, y, max(count / largest * 430, 1), 24, look))
        words = f"{shape[kind]} = {count:,}  ({count / whole:.0%})"
        parts.append(label(278 + count / largest * 430, y + 18, words, 14, "start"))
    layers = f"{config.n_layer} layer{'s' * (config.n_layer > 1)}"
    parts.append(
        label(270, 12 + len(counts) * 32 + 20, f"together {whole:,}", 15, "start", bold=True)
    )
    told = ", ".join(f"{kind} {shape[kind]} {count:,}" for kind, count in counts.items())
    alt = f"{whole:,} parameters of a model with {layers}, by matrix: {told}."
    return drawing(WIDTH, 12 + len(counts) * 32 + 34, parts, alt)


def depth_picture(sizes: Mapping[str, Sequence[float]], what: str) -> Picture:
    """Draw a size by depth for several models, on a logarithmic scale.

    Parameters
    ----------
    sizes : mapping of str to sequence of float
        By model: one number above 0 for each layer, the first layer first.
    what : str
        What was measured, for the axis: ``"gradient of the query weights"``.

    Returns
    -------
    Picture
    """
    told = "; ".join(
        f"{title}: {values[0]:.1e} in layer 0, {values[-1]:.1e} in layer {len(values) - 1}"
        for title, values in sizes.items()
    )
    with figure(9, 4.2) as fig:
        ax = fig.subplots()
        for index, (title, values) in enumerate(sizes.items()):
            style: Any = {"linestyle": LINE_STYLES[index], "marker": MARKERS[index]}
            ax.plot(range(len(values)), values, label=title, **style)
        ax.set_yscale("log")
        ax.set_xticks(range(max(map(len, sizes.values()))))
        ax.set_xlabel("layer (0 is next to the token, the last next to the loss)")
        ax.set_ylabel("root mean square")
        ax.set_title(what)
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        return to_picture(fig, f"Sizes by depth, {what}. {told}.")


def ablation_picture(losses: Mapping[str, float], floors: Mapping[str, float]) -> Picture:
    """Draw the losses of models without a part against those of guessing by tables.

    Parameters
    ----------
    losses : mapping of str to float
        Held-out loss by model, nats a token.
    floors : mapping of str to float
        Losses to compare with, such as the bigram table's; drawn as lines.

    Returns
    -------
    Picture
    """
    told = ", ".join(f"{title} {loss:.4f}" for title, loss in losses.items())
    lines = ", ".join(f"{title} {loss:.4f}" for title, loss in floors.items())
    low = math.floor(min([*losses.values(), *floors.values()]) * 10) / 10
    with figure(9, 0.5 * len(losses) + 1.5) as fig:
        ax = fig.subplots()
        titles = list(losses)[::-1]
        paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
        lengths = [losses[title] - low for title in titles]
        hatches = [HATCHES[1] if title.startswith("no ") else "" for title in titles]
        ax.barh(titles, lengths, left=low, color=COLOURS["second"], hatch=hatches, zorder=2)
        for row, title in enumerate(titles):
            ax.text(losses[title] + 0.004, row, f"{losses[title]:.3f}", va="center", bbox=paper)
        for index, (title, loss) in enumerate(floors.items()):
            style: Any = {"linestyle": LINE_STYLES[index + 1], "label": f"{title} {loss:.3f}"}
            ax.axvline(loss, color=TEXT, zorder=1, **style)
        ax.set_xlabel(f"loss on held-out names, nats a token (the axis begins at {low:g})")
        ax.grid(axis="y", visible=False)
        ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
        return to_picture(fig, f"Loss on held-out names: {told}. For comparison: {lines}.")
