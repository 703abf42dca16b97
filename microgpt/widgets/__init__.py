"""Explorers: thin, interactive shells over the pictures of `microgpt.viz`. Every chapter uses it.

Only what all chapters share is exported here; a chapter's own explorer is in the module named
after it: `expression` (01), `backward` (02), and so on.
"""

from microgpt.widgets.base import Explorer

__all__ = ["Explorer"]
