"""``python -m microgpt``: the command line, which is `microgpt.cli`. Chapter 10."""

import sys

if not __package__:
    sys.exit("microgpt is run by its name: `python3 -m microgpt`, in the folder that holds it")

from .cli import main

sys.exit(main())
