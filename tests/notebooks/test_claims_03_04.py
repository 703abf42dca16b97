"""Numbers that the text of chapters 03 and 04 states in words, computed anew."""

from __future__ import annotations

import math
import os
import random
import re
from collections import Counter

import nbformat
import numpy as np
import pytest
from support import ROOT

from classroom.exercises.kit.pages import read_cells
from classroom.widgets import SoftmaxExplorer
from microgpt import (
    Config,
    Value,
    cross_entropy,
    engines,
    init_params,
    load,
    load_docs,
    mean_loss,
    next_token_probs,
    sample,
    softmax,
    total,
)  # fmt: skip

pytestmark = pytest.mark.any_processor


@pytest.fixture(scope="module")
def docs():
    return load_docs()


def text(name):
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    return " ".join(" ".join(c.source for c in notebook.cells if c.cell_type == "markdown").split())


def test_letters_and_lengths(docs):
    page, letters = text("03_tokenizer.ipynb"), Counter("".join(docs))
    assert "more than one letter in six" in page and 6 * letters["a"] > sum(letters.values())
    assert "about 125 `a`s for every `q`" in page and round(letters["a"] / letters["q"]) == 125
    assert "No name is longer than 15 letters" in page and max(map(len, docs)) == 15
    assert "16 is the number of positions" in page and Config(27).block_size == 16
    assert "takes about seven guesses" in page and 7 < sum(map(len, docs)) / len(docs) + 1 < 7.2


def test_names_that_come_twice(docs):
    page, names = text("03_tokenizer.ipynb"), Counter(docs)
    assert "2,564 lines" in page and len(docs) - len(names) == 2_564
    assert names["emma"] == max(names.values()) == 2 and docs.index("emma") == 0
    boys = docs.index("liam", docs.index("liam") + 1)  # the first boy; Liams among the girls before
    assert docs.index("emma", 1) > boys


def test_the_first_thousand(docs):
    assert "358 against 197" in text("03_tokenizer.ipynb")
    share = sum(name.endswith("a") for name in docs) / len(docs)
    assert "it is 207 in 1,000" in text("03_tokenizer.ipynb") and round(1000 * share) == 207
    assert "1.7 times as often" in text("03_tokenizer.ipynb") and round(0.358 / share, 1) == 1.7
    mixed = docs[:]
    random.Random(42).shuffle(mixed)
    read = Counter(mixed[:1000])  # "they are 998 different names", chapter 8
    assert "998 different names" in text("08_training.ipynb") and len(read) == 998
    assert {name for name in read if read[name] == 2} == {"kassius", "jaydin"}


def test_what_the_model_of_chapter_0_says_to_nothing_and_without_letters(docs):
    page, model = text("03_tokenizer.ipynb"), load()
    assert "never `mayja`, which it invented in chapter 0" in page and "mayja" not in docs
    rng = random.Random(42)
    assert "mayja" in [sample(*model, rng, temperature=0.5) for _ in range(10)]
    empty = next_token_probs(*model, "")[model[2].BOS]
    assert "one chance in about 180" in page and round(1 / empty, -1) == 180


def test_the_family_is_five_characters():
    assert "five characters in Python" in text("03_tokenizer.ipynb")
    assert len("👩\u200d👩\u200d👧") == 5
    assert "zoë" != "zoe\u0308"  # the two are not equal


def test_how_often_a_row_is_used(docs):
    page = text("04_next_token.ipynb")
    uses = Counter("".join(docs))
    guesses = sum(uses.values()) + len(docs)
    assert "One guess in 800" in page and round(guesses / uses["q"], -2) == 800
    assert "more than a hundred times smaller than that of `a`" in page
    assert uses["a"] > 100 * uses["q"]


def test_what_the_exercises_expect():
    page, logits = text("04_next_token.ipynb"), [Value(x) for x in (2, 1, 0)]
    assert "become 0.6652, 0.2447 and 0.0900" in page and "it is 1.4076" in page
    assert [f"{p.data:.4f}" for p in softmax(logits)] == ["0.6652", "0.2447", "0.0900"]
    assert f"{cross_entropy(logits, 1).data:.4f}" == "1.4076"


def test_where_exp_ends():
    assert "exp(709.78)" in text("04_next_token.ipynb")
    assert math.exp(709.78) > 1e308
    with pytest.raises(OverflowError):
        math.exp(709.79)


def test_three_quarters_of_q(docs):
    assert "three times out of four" in text("04_next_token.ipynb")
    after_q = Counter(pair for n in docs for pair in zip(n, n[1:] + ".") if pair[0] == "q")
    assert 0.74 < after_q["q", "u"] / sum(after_q.values()) < 0.77


@pytest.fixture(scope="module")
def descend(docs):
    """Gradient descent on the table in NumPy: loss by step for given rates."""
    places = {char: i for i, char in enumerate("abcdefghijklmnopqrstuvwxyz.")}
    counts = np.zeros((27, 27))
    for name in docs:
        marked = f".{name}."
        for seen, came in zip(marked, marked[1:]):
            counts[places[seen], places[came]] += 1
    uses, guesses = counts.sum(axis=1, keepdims=True), counts.sum()

    def losses(rate, num_steps, own=False):
        rates = rate * guesses / uses if own else rate
        logits, found = np.zeros((27, 27)), []
        for _ in range(num_steps + 1):
            probs = np.exp(logits - logits.max(axis=1, keepdims=True))
            probs /= probs.sum(axis=1, keepdims=True)
            found.append(-(counts * np.log(probs)).sum() / guesses)
            logits -= rates * (uses * probs - counts) / guesses
        losses.probs = probs
        return found

    def lost():
        wasted = np.where(counts == 0, losses.probs, 0).sum(axis=1, keepdims=True)
        return -(uses * np.log(1 - wasted)).sum() / guesses

    seen = counts[counts > 0]
    shares = (counts / uses)[counts > 0]
    losses.counted = lambda: -(seen * np.log(shares)).sum() / guesses
    losses.lost_to_pairs_that_never_came = lost
    return losses


def test_the_losses_of_both_descents(descend):
    page = text("04_next_token.ipynb")
    assert "But 2.4750 is not yet 2.4544" in page and "ended at 2.4549, counting at 2.4544" in page
    assert f"{descend(40, 100)[-1]:.4f}" == "2.4750"
    assert f"{descend(6, 350, own=True)[-1]:.4f}" == "2.4549"


def test_which_rows_lag_behind(descend, docs):
    page, letters = text("04_next_token.ipynb"), "abcdefghijklmnopqrstuvwxyz."
    pairs = Counter(pair for n in docs for pair in zip(f".{n}.", f"{n}."))
    uses = Counter(a for a, _ in pairs.elements())
    descend(40, 100)
    off = {}
    for a, row in zip(letters, descend.probs):
        off[a] = max(abs(p - pairs[a, b] / uses[a]) for b, p in zip(letters, row))
    assert "Row `a` is right to within 0.001" in page and off["a"] < 0.001
    rare = sorted(letters, key=uses.__getitem__)
    assert "The rare ones." in page and min(off[a] for a in rare[:9]) > max(
        off[a] for a in rare[-9:]
    )
    u = (descend.probs[letters.index("q"), letters.index("u")] - 1 / 27) / (
        pairs["q", "u"] / uses["q"] - 1 / 27
    )
    assert "row `q` is half way" in page and 0.45 < u < 0.55


def test_why_learning_finds_what_counting_finds():
    """The gradient of a logit is its row's share times (p - the counted share)."""
    page = text("04_next_token.ipynb")
    assert r"(\text{share of the row}) \cdot (p - \text{counted share})" in page
    counts = [[3, 0, 1], [2, 5, 1]]
    guesses = sum(map(sum, counts))
    logits = [[Value(x) for x in row] for row in ((0.3, -1.0, 0.2), (0.0, 0.7, -0.4))]
    pairs = [(p, n) for row, c in zip(logits, counts) for p, n in zip(softmax(row), c)]
    total([p.log() * (-n / guesses) for p, n in pairs]).backward()
    for row, counted in zip(logits, counts):
        for logit, p, n in zip(row, softmax(row), counted):
            pull = sum(counted) / guesses * (p.data - n / sum(counted))
            assert logit.grad == pytest.approx(pull, abs=1e-12)


def test_what_is_missing_after_descent(descend):
    assert "For the most part the 102 that never came" in text("04_next_token.ipynb")
    losses = descend(6, 350, own=True)
    gap = losses[-1] - descend.counted()
    assert 0.5 < descend.lost_to_pairs_that_never_came() / gap < 1


def test_where_the_bars_of_the_explorer_come_and_go():
    page = text("04_next_token.ipynb")
    assert "Above about 700" in page and "At -750 every `exp`" in page
    explorer = SoftmaxExplorer([2.0, 1.0, 0.5, 0.0, -1.0]).set(max=False)
    assert "too large for a float" in explorer.set(all=710).error
    assert explorer.set(all=700).error == explorer.set(all=-740).error == ""
    assert "From 700 down to -730 the bars stand as before" in page
    bars = [str(explorer.set(all=x)).split("): ")[1].split(";")[0] for x in (0, 700, -730, -740)]
    assert bars[0] == bars[1] == bars[2] != bars[3]
    assert "every exp came out 0" in explorer.set(all=-750).error


def pasts(names, n):
    """How often each n characters come before a guess."""
    marked = ["." * n + name for name in names]
    return Counter(m[i : i + n] for m in marked for i in range(len(m) - n + 1))


def test_longer_tables_starve(docs):
    page, mixed = text("04_next_token.ipynb"), docs[:]
    random.Random(42).shuffle(mixed)
    rows = pasts(mixed[:1000], 3)
    assert "of 19,683 rows of three letters, the 1,000 names fill 1,775, half of them" in page
    assert len(rows) == 1_775 and 27**3 == 19_683
    assert 0.45 < sum(count == 1 for count in rows.values()) / len(rows) < 0.55
    cells = read_cells(ROOT / "notebooks" / "04_next_token.ipynb")
    (printed,) = [
        "".join(cell["outputs"][0]["text"]) for cell in cells if "def unseen_loss" in cell["source"]
    ]
    losses = [float(found) for found in re.findall(r"\d\.\d{4}", printed)]
    everything, few = losses[::2], losses[1::2]
    assert everything[0] > everything[1] > everything[2] < everything[3]
    assert few[0] > few[1] < few[0] < few[2] < few[3]


def test_without_names_counted_in_their_other_place_three_letters_are_still_best(docs):
    page, mixed = text("04_next_token.ipynb"), docs[:]
    random.Random(42).shuffle(mixed)
    cut = len(mixed) * 9 // 10
    counted, judged = mixed[:cut], mixed[cut:]
    new = [name for name in judged if name not in set(counted)]
    assert "464 of the 3,226 names judged were counted in their other place" in page
    assert (len(judged) - len(new), len(judged)) == (464, 3_226)
    losses = {}
    for n in (1, 2, 3, 4):
        rows, came = Counter(), Counter()
        marked = ["." * n + name + "." for name in counted]
        for before, after in ((m[i - n : i], m[i]) for m in marked for i in range(n, len(m))):
            rows[before] += 1
            came[before, after] += 1
        marked = ["." * n + name + "." for name in new]
        asked = [(m[i - n : i], m[i]) for m in marked for i in range(n, len(m))]
        nats = (-math.log((came[g] + 0.3) / (rows[g[0]] + 27 * 0.3)) for g in asked)
        losses[n] = sum(nats) / len(asked)
    assert "three letters with all names have 2.13, and are still the best" in page
    assert min(losses, key=losses.__getitem__) == 3 and round(losses[3], 2) == 2.13


@pytest.fixture(scope="module")
def lean(docs):
    """Loss on names of a leaning table of three letters, counted on the first names."""
    mixed = docs[:]
    random.Random(42).shuffle(mixed)

    def loss(num_names, names, a=30, n=3, mixed=mixed):
        rows, came = Counter(), Counter()
        for name in mixed[:num_names]:
            marked = "." * n + name + "."
            for at in range(n, len(marked)):
                for before in (marked[start:at] for start in range(at - n, at + 1)):
                    rows[before] += 1
                    came[before, marked[at]] += 1

        def p(before, char):
            shorter = p(before[1:], char) if before else 1 / 27
            return (came[before, char] + a * shorter) / (rows[before] + a)

        marked = ["." * n + name + "." for name in names]
        asked = [p(m[at - n : at], m[at]) for m in marked for at in range(n, len(m))]
        return -sum(map(math.log, asked)) / len(asked)

    loss.mixed = mixed
    return loss


def test_a_leaning_table_beats_the_small_gpt(lean):
    page, new = text("04_next_token.ipynb"), lean.mixed[len(lean.mixed) * 9 // 10 :]
    assert "2.35, and a fourth letter does no harm" in page and "has 2.38 on new ones" in page
    assert round(lean(1000, new), 2) == 2.35 and lean(1000, new, n=4) < lean(1000, new)
    chapter_8 = (ROOT / "notebooks" / "08_training.ipynb").read_text(encoding="utf-8")
    assert "held out:        2.3753" in chapter_8  # the shipped GPT, on names it never read
    assert "3 followed by 21 zeros" in page and 2.5e21 < 27**15 < 3.5e21


@pytest.mark.parametrize("seed", [42, 7])
def test_with_three_thousand_names_the_table_is_ahead_too(lean, seed):
    page, new = text("04_next_token.ipynb"), lean.mixed[len(lean.mixed) * 9 // 10 :]
    assert "the table gets 2.24, and a GPT of the same size about 2.31" in page
    assert round(lean(3000, new), 2) == 2.24
    _, config, tokenizer = load()
    weights = init_params(config, random.Random(seed))
    run = engines.get("numpy").train(lean.mixed[:3000], tokenizer, config, weights, 3000)
    assert len(list(run)) == 3000
    judged = random.Random(1).sample(new, 300)
    loss = mean_loss(judged, weights, config, tokenizer)
    assert abs(loss - 2.31) < 0.03 and loss > lean(3000, judged) + 0.03


@pytest.mark.parametrize(
    ("num_steps", "order"), [(3000, 42), (3000, 4), (3000, 8), (1000, 4), (1000, 8)]
)
def test_a_thousand_other_names_read_three_times_or_once(docs, lean, num_steps, order):
    page, names = text("04_next_token.ipynb"), docs[:]
    assert "With 1,000 other names, judged on others as well, the two can be level" in page
    assert "after three readings of its names a GPT was ahead" in page
    random.Random(order).shuffle(names)
    known = set(names[:1000])
    new = [name for name in names[-3000:] if name not in known][:800]
    _, config, tokenizer = load()
    weights = init_params(config, random.Random(order))
    run = engines.get("numpy").train(names[:1000], tokenizer, config, weights, num_steps)
    assert len(list(run)) == num_steps
    gap = mean_loss(new, weights, config, tokenizer) - lean(1000, new, mixed=names)
    assert gap < -0.005 if num_steps == 3000 else abs(gap) < 0.01


def test_what_adding_k_gains(docs):
    page, mixed = text("04_next_token.ipynb"), docs[:]
    random.Random(42).shuffle(mixed)
    cut = len(mixed) * 9 // 10
    known, new = ([f".{n}." for n in names] for names in (mixed[:cut], mixed[cut:]))
    pairs = Counter(pair for name in known for pair in zip(name, name[1:]))
    rows = Counter(a for a, _ in pairs.elements())
    asked = Counter(pair for name in new for pair in zip(name, name[1:]))

    def loss(k):
        nats = (-n * math.log((pairs[p] + k) / (rows[p[0]] + 27 * k)) for p, n in asked.items())
        return sum(nats) / sum(asked.values())

    assert "2.4563 with 0.3, 2.4573 with 0.003" in page
    assert [f"{loss(k):.4f}" for k in (0.3, 0.003)] == ["2.4563", "2.4573"]
    with pytest.raises(ValueError):
        loss(0)


def test_what_ten_merges_do(docs):
    page, texts = text("03_tokenizer.ipynb"), docs
    for new in "ABCDEFGHIJ":
        pairs = Counter(pair for t in texts for pair in zip(t, t[1:]))
        texts = [t.replace("".join(max(pairs, key=pairs.__getitem__)), new) for t in texts]
    assert "shorten the lists by a seventh" in page
    assert round(1 / (1 - sum(map(len, texts)) / sum(map(len, docs)))) == 7
    name, other = texts[docs.index("analayah")], texts[docs.index("emmalyn")]
    assert "Four of the ten are in `analayah`" in page and len(set(name)) == len(name) == 4
    assert "`emmalyn` has six instead of seven" in page and len(other) == 6
    rare = texts[docs.index("zzyzx")]
    assert "after our ten merges `zzyzx` still has five ids" in page and len(rare) == 5


def test_how_many_merges_until_a_name_has_four_ids(docs):
    assert "73 merges, the most frequent pair each time" in text("03_tokenizer.ipynb")
    whole, means = "\n".join(docs), []
    for new in map(chr, range(256, 256 + 73)):
        pairs = Counter(zip(whole, whole[1:]))
        best = max((pair for pair in pairs if "\n" not in pair), key=pairs.__getitem__)
        whole = whole.replace("".join(best), new)
        means.append((len(whole) - len(docs) + 1) / len(docs))
    assert means[71] > 4 > means[72]


def gpt2_cell():
    """The merges that 3.6 writes down, in their order, and what its cell printed."""
    cells = read_cells(ROOT / "notebooks" / "03_tokenizer.ipynb")
    (cell,) = [cell for cell in cells if "gpt2 = " in cell["source"]]
    merges = " ".join(re.findall(r'gpt2 \+?= "(.*)"', cell["source"])).split()
    return [tuple(pair.split("+")) for pair in merges], "".join(cell["outputs"][0]["text"])


def test_what_is_said_of_gpt2s_pieces():
    page, (merges, printed) = text("03_tokenizer.ipynb"), gpt2_cell()
    assert "the 22 of its merges" in page and len(merges) == 22
    assert "31 characters" in printed and "9 ids" in printed
    assert "more than three times as much text" in page and 31 / 9 > 3
    assert 256 + 50_000 + 1 == 50_257


@pytest.mark.skipif("MICROGPT_GPT2_MERGES" not in os.environ, reason="needs GPT-2's vocab.bpe")
def test_the_merges_are_gpt2s():
    """Each word by GPT-2's whole list: the same pieces, by just these merges in this order."""
    with open(os.environ["MICROGPT_GPT2_MERGES"], encoding="utf-8") as file:
        lines = file.read().splitlines()[1:]  # the first names the version
    ranks = {tuple(line.replace("Ġ", "␣").split()): rank for rank, line in enumerate(lines)}
    assert len(ranks) == 50_000
    used, pieces = set(), []
    for word in ["Emmalyn", "␣gave", "␣Emma", "␣a", "␣strawberry", "."]:
        parts = list(word)
        while known := [pair for pair in zip(parts, parts[1:]) if pair in ranks]:
            best = min(known, key=ranks.__getitem__)
            used.add(best)
            at = next(i for i, pair in enumerate(zip(parts, parts[1:])) if pair == best)
            parts[at : at + 2] = ["".join(best)]
        pieces += parts
    merges, printed = gpt2_cell()
    assert merges == sorted(used, key=ranks.__getitem__)
    assert " | ".join(pieces) in printed
