"""The course's own solutions, word for word from the notebooks, kept, brought back and trained."""

import json
import random
import re
from contextlib import redirect_stdout
from io import StringIO

import pytest
from looked_at import run_cell
from support import NOTEBOOKS, ROOT

import microgpt
from classroom.exercises.assembly import assemble, keep, kept
from classroom.exercises.assembly.machine import NAMES, Machine
from classroom.exercises.assembly.whole_run import WholeRun
from classroom.exercises.kit.pages import checked_ids
from classroom.exercises.kit.registry import find
from classroom.exercises.kit.running import evaluate
from classroom.exercises.kit.solutions import source_text
from microgpt import Config, flatten

FIGURES = json.loads((ROOT / "tests" / "data" / "figures.json").read_text(encoding="utf-8"))
TINY = Config(27, n_embd=4, n_head=2, block_size=4)


def cells(chapter):
    notebook = json.loads(NOTEBOOKS[chapter].read_text(encoding="utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


KEPT = re.compile(r"`from classroom import keep; keep\((\w+)=(\w+)\)`")
# what the pages tell to keep, below each check: the part and the name that the check is given
TOLD = {
    ids[0]: KEPT.findall(pages[i + 1][1])
    for pages in map(cells, range(1, len(NOTEBOOKS)))
    for i, (_, source) in enumerate(pages[:-1])
    if (ids := checked_ids(source)) and KEPT.search(pages[i + 1][1])
}
SOLVED = {exercise: lines[0][0] for exercise, lines in TOLD.items()}


def solution(exercise):
    """The code of an exercise's folded solution, and the name that its `check` is given."""
    right = find(exercise).solution.right
    return source_text(right), right.__name__


def solved(exercise):
    """The solution, run in its notebook after the cell with the imports."""
    space = {"__name__": "__main__"}
    run_cell(next(source for kind, source in cells(int(exercise[0])) if kind == "code"), space)
    code, name = solution(exercise)
    run_cell(code, space)
    return space[name]


def test_below_its_check_a_line_tells_how_to_keep_each_part():
    assert sorted(SOLVED.values()) == sorted([*NAMES, "backward"])
    assert {key: [(part, solution(key)[1])] for key, part in SOLVED.items()} == TOLD


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks") / "my_parts"
    with redirect_stdout(StringIO()):
        for exercise, name in SOLVED.items():
            keep(folder=folder, **{name: solved(exercise)})
    return kept(folder)


def test_all_ten_get_their_tick(parts):
    result = evaluate("10.4", parts)
    assert result.status == "right", str(result)
    assert "10 of 10 parts are yours" in str(result) and str(result).count(" ✓") == 10


def test_their_first_30_losses_are_the_references(parts):
    run = WholeRun(parts)
    for _ in range(30):
        run.step()
    assert not run.difference and run.given == tuple(NAMES)
    assert run.losses == pytest.approx(FIGURES["names"]["losses"][:30], abs=1e-12)


def subsets():
    rng = random.Random(10)
    return [sorted(rng.sample(NAMES, rng.randint(1, 9)), key=NAMES.index) for _ in range(20)]


@pytest.mark.parametrize("names", subsets(), ids="+".join)
def test_any_of_them_fit_together(parts, names):
    some = {name: parts[name] for name in names}
    report = assemble(1, TINY, **some)
    assert report.agrees and "✗" not in repr(report), repr(report)
    assert gradients(Machine(some, quick=True)) == pytest.approx(gradients(Machine({})), abs=1e-12)


def gradients(machine):
    """Of all weights, after one document: as the finale finds them."""
    rng = random.Random(1)
    state_dict = {
        name: [[machine.value(p.data) for p in row] for row in matrix]
        for name, matrix in microgpt.init_params(TINY, rng, std=0.5).items()
    }
    machine.document_loss([26, 3, 1, 26], state_dict, TINY).backward()
    return [param.grad for param in flatten(state_dict)]


@pytest.mark.parametrize("name", NAMES[1:-3])
def test_a_part_is_called_where_the_others_call_the_packages(parts, name):
    """`microgpt.linear` in the solution of 6.2 is the `linear` of 5.2, and so on."""
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return parts[name](*arguments)

    gradients(Machine({**parts, name: counted}))
    assert calls


def test_copied_into_chapter_10_they_fit_as_well():
    """Copied into cells of its notebook, they meet the script's own `Value` and `dot`."""
    space = {"__name__": "__main__"}
    code = [source for kind, source in cells(10) if kind == "code"]
    script = next(source for source in code if source.startswith("# A GPT from one number"))
    run_cell(code[0], space)
    run_cell(script.replace("NUM_STEPS = 30", "NUM_STEPS = 1").replace("range(5)", "[]"), space)
    for exercise in SOLVED:
        run_cell(solution(exercise)[0], space)
    copied = {name: space[solution(exercise)[1]] for exercise, name in SOLVED.items()}
    result = evaluate("10.4", copied)
    assert result.status == "right" and str(result).count(" ✓") == 10, str(result)
    result = evaluate("10.4", {name: copied[name] for name in ("linear", "rmsnorm", "softmax")})
    assert result.status == "right", str(result)
