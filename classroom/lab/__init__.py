"""The runs that chapters and explorers make: ablations, step-by-step runs, measurements."""
