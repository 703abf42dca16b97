"""The room in which `microgpt` is taught: checks, pictures, explorers, and the runs they make.

The names that every chapter uses are here; a chapter's pictures are in `classroom.viz`, its
explorer in `classroom.widgets`. Importing this package loads nothing but what is asked for.
"""

import sys

if sys.version_info < (3, 10):  # said before anything that an older Python cannot read
    raise (ImportError if hasattr(sys, "ps1") else SystemExit)(  # ps1: somebody types
        "the course needs Python 3.10 or newer, and this is %d.%d (%s): run it with another"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from classroom.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "exercises": "check forget_progress hint keep_progress progress share_progress",
        "exercises.again": "again",
        "exercises.assembly": "assemble keep kept",
        "exercises.assembly.whole_run": "WholeRun",
        "exercises.remember": "remember",
        "exercises.assembly.own_script": "keep_script names_at_hand run_bare script_around",
        "lab.ablated": "train_without",
        "lab.mind": "Mind",
        "lab.scopes": "count_nodes",
        "lab.stepwise": "NumpyRun mean_loss",
        "lab.trials": "experiment fine_tuned",
        "lab.clock": "process_time",
        "lab.figures": ".",
        "lab.growth": ".",
        "lab.race": ".",
        "lab.timing": ".",
        "overview.handing_in": "export_progress hand_in import_progress",
        "viz.checkup": "check_environment",
        "viz.graph": "draw_graph",
        "viz.lines": "script_so_far",
        "viz.maps": "machine_map",
    },
)
