"""The room in which `microgpt` is taught: checks, pictures, explorers, and the runs they make.

The names that every chapter uses are here; a chapter's pictures are in `classroom.viz`, its
explorer in `classroom.widgets`. Importing this package loads nothing but what is asked for.
"""

from classroom.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "exercises": "check export_progress forget_progress import_progress keep_progress progress",
        "exercises.again": "again",
        "exercises.assembly": "assemble keep kept",
        "exercises.assembly.whole_run": "WholeRun",
        "exercises.remember": "remember",
        "exercises.shared.own_script": "keep_script names_at_hand run_bare script_around",
        "lab.ablated": "train_without",
        "lab.stepwise": "NumpyRun mean_loss",
        "lab.clock": "process_time",
        "lab.figures": ".",
        "lab.growth": ".",
        "lab.timing": ".",
        "viz.checkup": "check_environment",
        "viz.graph": "draw_graph",
        "viz.lines": "script_so_far",
        "viz.maps": "machine_map",
    },
)
