"""``python -m microgpt``: the command line, which is `microgpt.cli`. Chapter 10."""

if not __package__:
    raise SystemExit("microgpt is run by its name: `python3 -m microgpt`, where its folder lies")

from .cli import main

raise SystemExit(main())
