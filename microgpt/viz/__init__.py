"""Pictures: a value in, a Picture with its alt text out. Every chapter uses this package.

Only what all chapters share is exported here; a chapter's own pictures are in the module named
after it: `graph` and `backward` (01, 02), `tokens` (03), `probabilities` (04), and so on.
"""

from microgpt.viz.graph import draw_graph
from microgpt.viz.maps import machine_map
from microgpt.viz.picture import Picture

__all__ = ["Picture", "draw_graph", "machine_map"]
