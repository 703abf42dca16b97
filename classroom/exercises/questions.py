"""The questions of *Do you remember?*, a few for each chapter: what later chapters stand on.

Each belongs to an exercise: who got that one wrong is asked its question again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question of one line, its answer, and the exercise that practises it."""

    exercise: str
    text: str
    answer: str


# fmt: off
_ROWS = [
    ("0.1", "What does a GPT do, in six words?", "It guesses the next character, repeatedly."),
    ("0.1", "How many numbers does our model learn?", "4,192, its parameters."),
    ("1.1", "Which two things does a `Value` keep besides `data` and `grad`?",
     "Its children, and the slope of its own operation with respect to each child."),
    ("1.3", "What is the local slope of `a * b` with respect to `a`?", "`b.data`."),
    ("1.2", "How many new nodes does `a / b` make?", "Two: `b ** -1`, then the product."),
    ("2.1", "Slopes along one path are ...? And over several paths ...?",
     "Multiplied along a path, added over the paths."),
    ("2.4", "When may a node hand on its gradient?",
     "When it has received every share: after all nodes that use it."),
    ("2.2", "In which order must `backward` visit the nodes?",
     "Users before what they use: the topological order, read from its end."),
    ("2.5", "Why are gradients set to 0 before the next `backward`?",
     "`backward` adds to `grad`; what is left from the last step would be counted again."),
    ("3.1", "Which tokens does `emma` become?",
     "`[26, 4, 12, 12, 0, 26]`: `BOS`, four letters counted from a = 0, `BOS`."),
    ("3.2", "What does the tokenizer do with a character it has never seen?",
     "It raises an error that names the character and its place."),
    ("4.1", "What is the loss of a guess that gave the right character the probability p?",
     "`-log(p)`, the surprise: 0 for p = 1, and 3.2958 for p = 1/27."),
    ("4.4", "Why does softmax subtract the largest logit first?",
     "So that `exp` cannot overflow; the probabilities stay the same."),
    ("4.5", "What is the slope of the loss with respect to the right character's logit?",
     "`p - 1`; for every other character it is `p`."),
    ("5.3", "What do query, key and value each do?",
     "The query asks, keys are compared with it, values are what is mixed and fetched."),
    ("5.3", "Why are the scores divided by `sqrt(head_dim)`?",
     "Else they grow with how many numbers the vectors have, and softmax turns into a hard "
     "choice."),
    ("5.5", "Our model has no causal mask. Why can it not see the future?",
     "The cache holds earlier positions only: later ones are not computed yet."),
    ("6.1", "Attention listens to other positions. What does the MLP look at?",
     "At its own position alone."),
    ("6.2", "What does a residual connection do?",
     "It adds a part's result to what came in, in place of overwriting it."),
    ("6.1", "How long is the hidden layer of our MLP?", "64: four times `n_embd`."),
    ("7.2", "What does Adam divide the averaged gradient by?",
     "By the root of the averaged squared gradient of the same weight, plus eps."),
    ("7.3", "What is bias correction for?",
     "Both running means start at 0 and are too small at first; it scales them up."),
    ("7.1", "What goes wrong with a learning rate that is too large?",
     "Each step jumps over the valley, and the loss swings or grows."),
    ("8.1", "Why do we read means of the loss and not single steps?",
     "Each step sees another name, and names differ in difficulty."),
    ("8.3", "How do you tell learning from memorising?",
     "By the loss on names that were held out of training."),
    ("9.2", "What does a temperature below 1 do to the probabilities?",
     "It makes the likeliest character likelier: the logits are divided by it."),
    ("9.1", "When does sampling stop?", "At `BOS`, or at the end of the block."),
    ("10.1", "How many losses of our script agree with the reference script's?",
     "All 1,000, digit for digit."),
]
# fmt: on
QUESTIONS: dict[int, list[Question]] = {}  # of each chapter, by its number
for _row in _ROWS:
    QUESTIONS.setdefault(int(_row[0].split(".")[0]), []).append(Question(*_row))
