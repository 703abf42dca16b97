"""Numbers: what the model computes on its way, ablations, step-by-step runs, measurements."""
