"""Pictures: a value in, a Picture with its alt text out. Every chapter uses this package.

A name is handed on from the module that draws it: `graph` and `backward` (01, 02), `tokens` (03),
`probabilities` (04), and so on. What they are made with is in `kit`.
"""

from classroom.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "attention": "attention_picture",
        "backward": "draw_steps",
        "by_hand": "fill_in",
        "blocks": "ablation_picture block_graph block_picture",
        "checkup": "check_environment",
        "detectors": "mlp_picture",
        "efficiency": "growth_picture ladder_picture race_picture round_off",
        "graph": "draw_graph",
        "heads": "heads_picture",
        "lens": "lens_picture",
        "lines": "script_so_far",
        "maps": "machine_map",
        "tree": "tree_picture",
        "one_head": "qkv_picture",
        "optimisation": "draw_first_steps draw_paths draw_weights",
        "kit.picture": "Picture",
        "probabilities": "bigram_heatmap learning_picture row_bars surprise_curve",
        "rates": "draw_curves draw_rates",
        "rows": "beside",
        "sampling": "dice_picture die_picture",
        "script": "draw_line_map",
        "slopes": "draw_lines draw_slopes",
        "soft_dictionary": "soft_dictionary_picture",
        "temperature": "temperature_picture",
        "tokens": "length_histogram letter_histogram token_chips",
        "training": "draw_losses",
        # The numbers that these draw, so that a chapter imports both from one place.
        "classroom.lab.embeddings": "group_similarity similarity",
        "classroom.lab.lens": "logit_lens",
        "classroom.lab.losses": "floors window_mean",
        "classroom.lab.runs": "Curve",
        "classroom.lab.sampling": "next_character ten_names",
        "classroom.lab.script": "lines_by_chapter",
        "classroom.lab.soft_dictionary": "soft_lookup",
        "classroom.lab.tracing": "trace",
        "classroom.lab.tree": "name_tree",
    },
)
