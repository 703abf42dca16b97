"""Pictures: a value in, a Picture with its alt text out. Every chapter uses this package.

A name is handed on from the module that draws it: `graph` and `backward` (01, 02), `tokens` (03),
`probabilities` (04), and so on.
"""

from classroom.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    {
        "attention": "attention_picture",
        "backward": "draw_steps",
        "by_hand": "fill_in",
        "blocks": "ablation_picture block_graph depth_picture parameter_bars",
        "checkup": "check_environment",
        "detectors": "mlp_picture",
        "editing": "Editor edit_in_words edit_picture",
        "effects": "draw_effects mean_and_spread",
        "efficiency": "growth_picture ladder_picture round_off",
        "embeddings": "embedding_similarity group_similarity similarity",
        "dot_product": "dot_product_picture",
        "graph": "draw_graph",
        "heads": "heads_picture",
        "knockout": "knock_out knockout_picture knocked_out letter_losses",
        "lens": "lens_picture logit_lens",
        "lines": "script_so_far",
        "maps": "machine_map",
        "tree": "name_tree tree_picture",
        "one_head": "qkv_picture",
        "optimisation": "draw_first_steps draw_paths",
        "picture": "Picture",
        "probabilities": "bigram_heatmap floors_picture learning_picture row_bars surprise_curve",
        "rates": "Curve draw_curves draw_rates",
        "sampling": "die_picture next_character temperature_bars ten_names",
        "scopes": "count_nodes",
        "script": "contents draw_line_map lines_by_chapter",
        "slopes": "draw_lines draw_slopes",
        "soft_dictionary": "soft_dictionary_picture soft_lookup",
        "softmax": "softmax_steps softmax_table",
        "temperature": "temperature_picture",
        "tokens": "length_histogram letter_histogram token_chips",
        "tracing": "trace",
        "training": "draw_losses floors window_mean",
    },
)
