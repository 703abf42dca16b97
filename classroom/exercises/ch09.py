"""Exercises of chapter 09: the loaded die, temperature, top-k, calls, the loop."""

from __future__ import annotations

import math
import random
import string
from functools import cache
from typing import Any

from classroom.exercises.kit.causes import raises, when
from classroom.exercises.kit.drawing import Draw
from classroom.exercises.kit.registry import Fresh
from classroom.exercises.kit.solutions import solution
from classroom.exercises.kit.state import remark
from microgpt import CharTokenizer, Config, init_params, load
from microgpt.inference import empty_cache, float_gpt, float_softmax, float_weights

ROUNDED = [0.333, 0.333, 0.333]  # probabilities that add up to a bit less than 1


def _dice(draw: Draw) -> list[tuple[list[float], float]]:
    """Pieces of whole sixteenths, some of them empty at both ends; `u` on a border or between."""
    cases = []
    for count in (3, 4, 4, 5, 5, 6):
        cuts = [0, *sorted(draw.sample(range(1, 16), count - 1)), 16]
        pieces = [(end - start) / 16 for start, end in zip(cuts, cuts[1:])]
        ends = [[0.0] * draw.randrange(2) for _ in range(2)]
        probs = [*ends[0], *pieces, *ends[1]]
        places = [draw.choice(cuts[1:-1]) / 16, draw.number(0, 1, 2), draw.number(0, 1, 2)]
        cases += [(probs, u) for u in places]
    return cases


ADD_UP = "you compare `u` with each probability alone; add them up on the way."
PRODUCT = "the probabilities are multiplied; they are added, since the pieces are laid end to end."
FALLING = (
    "the pieces are laid by falling probability in yours; they are laid in the order of the list."
)
LEFT = "where two pieces meet, the left one wins in yours: a piece holds its beginning, not its end, so it must be `u < sum`."
HIT, AT_END, BEGIN = "return token_id ->", "return last ->", "passed = 0.0 ->"
LAST, BELOW = "return len(probs) - 1", "if u < passed: ->"


def _of_the_impossible(answer: Any) -> None:
    edge = [*ROUNDED, 0.0]
    if answer(edge, 0.9995) == 3:
        remark(
            f"draw({edge}, 0.9995) gives 3, whose probability is 0. Behind the sum return the "
            "last token that is possible."
        )


@solution(
    "9.1", "The loaded die", difficulty=1, minutes=10, then=_of_the_impossible,
    cases=lambda draw: [
        ([1.0], 0.5), ([0.5, 0.5], 0.2), ([0.2, 0.3, 0.5], 0.35), ([0.2, 0.3, 0.5], 0.1),
        ([0.6, 0.3, 0.1], 0.65), ([0.6, 0.3, 0.1], 0.95), ([0.1, 0.2, 0.3, 0.4], 0.35),
        ([0.1, 0.5, 0.4], 0.3), ([0.5, 0.5], 0.5), ([0.25, 0.75], 0.0), ([0.0, 1.0], 0.0),
        ([0.0, 0.5, 0.5, 0.0], 0.0), ([0.25, 0.0, 0.75], 0.25), ([0.125, 0.25, 0.625], 0.124),
        ([0.126, 0.25, 0.624], 0.128), ([0.004, 0.991, 0.005], 0.998), (ROUNDED, 0.9995),
        ([0.0, 0.333, 0.444, 0.222], 0.9995), *_dice(draw),
    ],
    slips={
        **{f"{AT_END} return {new}": "the probabilities may add up to a bit less than 1, and `u` can lie behind their sum: then the last token is meant." for new in ("None", "0", "-1", "len(probs)", "len(probs) - 2")},
        f"{BELOW} if u <= passed:": LEFT,
        f"{BELOW} if prob > 0 and u <= passed:": LEFT,
        f"{BELOW} if u < prob:": ADD_UP,
        f"{BELOW} if u < prob:\n{AT_END} {LAST}": ADD_UP,
        f"{HIT} return token_id⏎        {LAST}": "only the first token is looked at: the last `return` is inside the loop; move it out.",
        f"{BELOW} if u < passed - prob:": "you compare before you add: the sum must hold the token's own probability, too.",
        f"{BEGIN} return int(u * len(probs))": "all pieces have the same length in yours; each is as long as its probability.",
        f"{BEGIN} return probs.index(max(probs))": "you take the most probable one whatever `u` is.",
        "in enumerate(probs) -> in sorted(enumerate(probs), key=lambda pair: -pair[1])": FALLING,
        f"in enumerate(probs) -> in sorted(enumerate(probs), key=lambda pair: -pair[1])\n{AT_END} return sorted(range(len(probs)), key=lambda i: -probs[i])[-1]": FALLING,
        f"{BEGIN} passed = 1.0\npassed += prob -> passed *= prob\n{BELOW} if u > passed:": PRODUCT,
        f"{BEGIN} passed = 1.0\npassed += prob -> passed *= prob\n{BELOW} if u > passed:\n{AT_END} {LAST}": PRODUCT,
    },
)  # fmt: skip
def draw(probs, u):
    passed = 0.0
    for token_id, prob in enumerate(probs):
        passed += prob  # the sum so far, with this token's probability
        if prob > 0:
            last = token_id
        if u < passed:
            return token_id  # the first token whose sum is above u
    return last  # behind all of them: the last that is possible


def by_hand(logits, temperature):
    divided = [logit / temperature for logit in logits]  # each logit divided by the temperature
    largest = max(divided)  # the largest of these
    exps = [math.exp(x - largest) for x in divided]  # exp of each, the largest subtracted
    total = sum(exps)  # their sum
    return [e / total for e in exps]  # each divided by the sum


SOFT = "float_softmax(divided) ->"
EACH = "[logit / temperature for logit in logits] ->"


@solution(
    "9.2", "Temperature", difficulty=2, minutes=10, roads=[by_hand],
    cases=lambda draw: [
        ([2.0, 1.0], 1.0), ([1.0, 2.5], 0.5), ([-1.0, 2.7], 2.0), ([0.5, -1.0, 2.2], 1.5),
        ([-2.0, -3.4], 0.75), ([3.0, 1.0, 0.0], 0.001), ([1.0, 3.0, 0.5], 0.001),
        ([-3.0, -1.0], 0.001), ([-3.0, 1.0], 0.001), ([1.0, 1.0], 0.001), ([1.2, 2.4], 0.001),
        ([900.5, 0.5], 0.5), ([-900.5, -899.75], 0.5), ([355.5, 354.25], 0.5),
        ([0.5, 0.501], 0.001), ([1.0, 1.2, 1.1], 0.001),
        *((draw.numbers(n), t) for n, t in ((3, 0.7), (4, 0.25), (5, 3.0), (6, 1.7))),
    ],
    slips={
        f"{EACH} [logit * temperature for logit in logits]": "the temperature works upside down: a small one must make the differences larger. Divide each logit by it, before the softmax.",
        f"{SOFT} [p / temperature for p in float_softmax(logits)]": "you divide the probabilities; divide the *logits*, then softmax.",
        f"{EACH} [logit - temperature for logit in logits]": "the temperature has no effect in yours: it is not used, or it cancels out, as what is added to all logits does. Divide each logit by it, before `exp`.",
        f"{SOFT} [math.exp(x - max(divided)) for x in divided]": "these are the exponentials; divide each by their sum.",
    },
    also=[
        raises(OverflowError, "`exp` of a large number does not fit into a float, and a low temperature makes the divided logits large: subtract the largest of them first, or call `float_softmax`.", "math range error"),
        raises(ZeroDivisionError, "at a low temperature all that you add up comes out 0. Divide the logits by it, subtract the largest of *these*, and then take `exp`.", "float division"),
    ],
)  # fmt: skip
def with_temperature(logits, temperature):
    divided = [logit / temperature for logit in logits]  # each logit divided by the temperature
    return float_softmax(divided)  # the softmax of these


def cut_behind(logits, k):
    probs = float_softmax(logits)  # the softmax of all logits
    order = sorted(range(len(logits)), key=lambda i: -logits[i])  # the ids by falling logit
    kept = [p if i in order[:k] else 0.0 for i, p in enumerate(probs)]  # 0 for all but the first k
    total = sum(kept)  # the sum of what is left
    return [p / total for p in kept]  # each divided by that sum


def put_in_place(logits, k):
    order = sorted(range(len(logits)), key=lambda i: -logits[i])  # the ids by falling logit
    kept = order[:k]  # the first k of them
    few = float_softmax([logits[i] for i in kept])  # the softmax of their logits alone
    probs = [0.0] * len(logits)
    for i, p in zip(kept, few):
        probs[i] = p
    return probs  # each probability at the place of its id


def _ties(draw: Draw) -> list[tuple[list[float], int]]:
    """Logits of which some are equal, and every number to keep."""
    cases = []
    for count in (4, 5, 6):
        some = draw.numbers(3, -4, 4)
        logits = [draw.choice(some) for _ in range(count)]
        cases += [(logits, k) for k in range(1, count)]
    return cases


IF_KEPT, SOFTMAX, CUT = "if i in kept ->", "float_softmax(cut) ->", "order[:k] ->"
AT_LEAST = f"{IF_KEPT} if x >= logits[kept[-1]]"
LARGER = "k may be larger than the list: then all are kept."


@solution(
    "9.3", "Top-k", difficulty=2, minutes=15, roads=[cut_behind, put_in_place],
    cases=lambda draw: [
        ([1.0, 3.0], 1), ([2.0, 0.0, 1.0], 2), ([0.5, 2.0, 1.0, 3.0], 3), ([-5.0, -1.0, -2.0], 2),
        ([-3.0, -4.0, -2.5, -6.0], 2), ([1.0, 1.0, 1.0], 2), ([1.0, 1.0, 3.0], 2), ([0.5, 1.5], 5),
        ([0.7, 0.7, 0.7, 0.2], 2), ([3.5, 3.5, 3.5], 1), ([-150.5, -151.0, -149.5], 2),
        *((draw.numbers(n, -4, 4), k) for n, k in ((4, 2), (5, 3), (6, 1), (5, 9))), *_ties(draw),
    ],
    slips={
        AT_LEAST: "with equal logits you keep more than k; keep exactly k, the lower ids first.",
        f"{CUT} [order[j] for j in range(k)]": LARGER,
        f"{CUT} [max(order[j:], key=lambda i: logits[i]) for j in range(k)]": LARGER,
        "key=lambda i: -logits[i] -> key=lambda i: (-logits[i], -i)": "of equal logits you keep those with the higher ids.",
        f"{SOFTMAX} [p if i in kept else 0.0 for i, p in enumerate(float_softmax(logits))]": "after the cut the rest must add up to 1 again: softmax last.",
        "-math.inf -> 0.0": "a logit of 0 is a good score, not an impossible one: use `-math.inf`.",
        **{f"-math.inf -> {new}": "a finite number leaves a probability, or wins over lower logits: what is cut must get exactly 0, use `-math.inf`." for new in ("-10.0", "-20.0", "-100.0", "x - 10.0", "x - 20.0")},
        "-logits[i] -> logits[i]": "you keep the k *lowest*; sort in falling order.",
        f"{SOFTMAX} float_softmax([logits[i] for i in kept])": "one probability for each id is asked for, 0 for those left out, in the old order.",
        f"{SOFTMAX} sorted(float_softmax(cut), reverse=True)": "each probability must stay at the place of its id, with 0 at the places of the others.",
    },
)  # fmt: skip
def keep_top_k(logits, k):
    order = sorted(range(len(logits)), key=lambda i: -logits[i])  # the ids by falling logit
    kept = order[:k]  # the first k of them
    cut = [x if i in kept else -math.inf for i, x in enumerate(logits)]  # -inf for all others
    return float_softmax(cut)  # the softmax of these


def fresh_name(rng: random.Random) -> Fresh:
    """The calls for another name."""
    name = "".join(rng.choice("aeiklmnorst") for _ in range(rng.randint(3, 12)))
    n = len(name) + 1
    return Fresh(
        f"calls({name!r}): how often does gpt run with the cache, and how often without it?",
        calls(name),
        f"BOS and {len(name)} letters are read, so {n} calls; without the cache "
        f"1 + 2 + ... + {n} = {n} * {n + 1} / 2.",
    )


PAIR, READ, SUM = "return n, without ->", "len(name) + 1 ->", "n * (n + 1) // 2 ->"
UP_TO = "1 + 2 + ... up to the first number of your pair."
ALL_READ = f"without the cache the first draw reads 1 token, the next 2, then 3: {UP_TO}"


@solution(
    "9.4", "Calls with and without the cache", difficulty=1, minutes=5, kind="predict",
    extra=True,
    again=fresh_name,
    cases=lambda draw: [
        ("",), ("a",), ("ava",), ("olivia",), ("maximiliano",), *((draw.word(n),) for n in (4, 5, 8)),
    ],
    slips={
        f"{READ} len(name)": "`BOS` at the beginning is read, too: one position more than letters.",
        f"{READ} len(name) + 2": "the closing `BOS` is drawn, but nobody reads it any more.",
        f"{READ} len(set(name)) + 1": "a letter that comes twice is read twice: positions count, not different letters.",
        f"{PAIR} return without, n": "with the cache first, then without.",
        f"{SUM} n * (n - 1) // 2": f"that is 1 + 2 + ... + (n - 1); the n draws read 1, 2, ..., n tokens, `BOS` among them. {UP_TO}",
        **{f"{SUM} {new}": ALL_READ for new in ("2**n", "2 * n", "n * n", "n")},
        f"{PAIR} return 1, n": "with the cache gpt runs once for each token that is read, too; without it far more often.",
        f"{SUM} 16 * n": f"each draw reads the tokens so far, not all 16 positions: {UP_TO}",
        f"{SUM} math.factorial(n)": f"the tokens of the draws are added, not multiplied: {UP_TO}",
        **{f"{PAIR} return {new}": "two numbers are asked for, as a pair: with the cache, then without." for new in ("n", "without", "n + without")},
    },
    also=[
        when(lambda got, _: isinstance(got, str), "two numbers are asked for, not text."),
    ],
)  # fmt: skip
def calls(name):
    n = len(name) + 1  # the tokens that are read: BOS and each letter
    without = n * (n + 1) // 2  # 1 + 2 + ... + n, without the cache
    return n, without  # the pair: with the cache, then without it


@cache
def _model(small: bool) -> tuple[Any, Any, Any]:
    """The shipped model, or a small one of 26 other letters with sharper logits.

    What works with the shipped model by luck, such as its names in the notebook or its 16
    positions, does not work with the small one.
    """
    if not small:
        state_dict, config, tokenizer = load()
        return float_weights(state_dict), config, tokenizer
    tokenizer = CharTokenizer(string.ascii_uppercase)
    config = Config(tokenizer.vocab_size, n_layer=2, n_embd=4, n_head=2, block_size=5)
    state_dict = init_params(config, random.Random(1), std=0.6)
    return float_weights(state_dict), config, tokenizer


def _invented(answer: Any, seed: int, temperature: float, of: str = "") -> Any:
    return answer(*_model(bool(of)), random.Random(seed), temperature)


SMALL = "a small model of capital letters"
ONCE = "each step begins with an empty cache: make `keys` and `values` once, before the loop"
CACHE = "keys, values = empty_cache(config), empty_cache(config)"
GPT = "logits = float_gpt("
TO_LOOP = f"{GPT} -> keys, values = empty_cache(config), empty_cache(config)⏎        {GPT}"
MULTIPLY = "logit / temperature -> logit * temperature"
DRAWN = "rng.choices(range(len(probs)), weights=probs)[0] ->"
SEEDS = ((0, 0.5), (3, 0.2), (1, 3.0), (1, 0.5), (2, 1.0), (4, 2.0), (52, 9.0), (15, 9.0))


@solution(
    "9.5", "Three bugs in eleven lines", difficulty=3, minutes=20, kind="find the bug", extra=True,
    own=("sample",), run=_invented,
    show_as="invent(weights, config, tokenizer, random.Random({0}), {1})",
    cases=[
        *SEEDS[:3], *((*case, SMALL) for case in SEEDS),
        *((seed, 0.5 + seed / 5, SMALL) for seed in range(5, 13)),
    ],
    slips={
        TO_LOOP: ONCE + ".",
        "logit / temperature -> logit": "the temperature changes nothing in yours: it divides the *logits*, before the softmax. (Of all probabilities divided by one number the die makes the same shares.)",
        MULTIPLY: "the logits are multiplied by the temperature; divide them.",
        "float_gpt(token_id, pos_id, -> float_gpt(token_id, 0, ": "every token is read at position 0: the position grows by 1 with each.",
        "float_gpt(token_id, pos_id, -> float_gpt(tokenizer.BOS, pos_id, ": "BOS is read again and again: the drawn token must be the next one to be read.",
        f"{DRAWN} max(range(len(probs)), key=probs.__getitem__)": "you take the most probable token each time; draw one with `rng.choices`.",
        "range(config.block_size) -> range(1, config.block_size)": "the positions begin at 0: `BOS` is read there.",
        "range(config.block_size) -> range(config.block_size - 1)": "a name that fills the block loses its last letter: is the loop one position short, or the last id cut off where it is not `BOS`?",
        "range(config.block_size) -> range(config.block_size + 1)": "there is no position after the block's last: `range(config.block_size)`.",
        f"{CACHE} -> keys = values = empty_cache(config)": "`keys` and `values` are one and the same list: make two, `empty_cache(config), empty_cache(config)`.",
        "break -> continue": "`BOS` is drawn and the loop goes on: it ends the name.",
    },
)  # fmt: skip
def invent(weights, config, tokenizer, rng, temperature):
    keys, values = empty_cache(config), empty_cache(config)
    token_id, ids = tokenizer.BOS, []
    for pos_id in range(config.block_size):
        logits = float_gpt(token_id, pos_id, keys, values, weights, config)  # what the model says
        divided = [logit / temperature for logit in logits]  # each divided by the temperature
        probs = float_softmax(divided)  # the softmax of these
        token_id = rng.choices(range(len(probs)), weights=probs)[0]  # a token drawn by them
        if token_id == tokenizer.BOS:
            break
        ids.append(token_id)
    return tokenizer.decode(ids)  # the letters of all that were drawn before BOS
