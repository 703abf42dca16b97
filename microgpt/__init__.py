"""A GPT in plain Python: the finished helpers of the course, from `Value` to `sample`.

The core needs nothing but the standard library. `microgpt.engines` is imported by its own name; how
it is all taught is the package `classroom`, which this one never imports.
"""

import sys

if sys.version_info < (3, 10):  # said before anything that an older Python cannot read
    raise (ImportError if hasattr(sys, "ps1") else SystemExit)(  # ps1: somebody types
        "the course needs Python 3.10 or newer, and this is %d.%d (%s): run it with another"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from .autograd import Value, dot, topological_sort, total
from .checkpoint import load, resume, save
from .data import asset_path, load_docs
from .layers import cross_entropy, linear, rmsnorm, softmax
from .model import Config, attention, attention_head, flatten, gpt, init_params, mlp
from .optim import Adam, linear_decay
from .sampling import mean_loss, next_token_probs, sample
from .tokenizer import CharTokenizer
from .training import Run, Settings, Step, TrainingDiverged, document_loss, train

__all__ = [
    "Adam", "CharTokenizer", "Config", "Run", "Settings", "Step", "TrainingDiverged", "Value",
    "asset_path", "attention", "attention_head", "cross_entropy", "document_loss", "dot",
    "flatten", "gpt", "init_params", "linear", "linear_decay", "load", "load_docs", "mean_loss",
    "mlp", "next_token_probs", "resume", "rmsnorm", "sample", "save", "softmax",
    "topological_sort", "total", "train",
]  # fmt: skip
