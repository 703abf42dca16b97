"""Every rule of hygiene complains of a notebook that breaks it, and not of a good one."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from classroom.chapters import CHAPTERS
from tools.hygiene import RULES
from tools.hygiene.folding import answering
from tools.hygiene.page import Page

BY_NAME = {rule.__name__: rule for rule in RULES}
SETUP, MAP, PRINTING = 1, 2, 5  # indices of code cells in the good notebook


def complaints(page):
    return {name: found for name, rule in BY_NAME.items() if (found := rule(page))}


def test_a_good_notebook_breaks_no_rule(good):
    assert complaints(good) == {}


def first(page, kind, containing):
    cells = page.notebook.cells
    return next(c for c in cells if c.cell_type == kind and containing in c.source)


def replace(old, new, kind="markdown"):
    def spoil(good):
        cell = first(good, kind, old)
        cell.source = cell.source.replace(old, new)

    return spoil


def prints(text, name="stdout"):
    def spoil(good):
        good.notebook.cells[PRINTING].outputs = [new_output("stream", name=name, text=text)]

    return spoil


def shows(data, metadata=None, **options):
    def spoil(good):
        output = new_output("display_data", data=data, metadata=metadata or {})
        good.notebook.cells[PRINTING].outputs = [output]

    return spoil


def source(text):
    def spoil(good):
        good.notebook.cells[PRINTING].source = text

    return spoil


def adds(text):
    def spoil(good):
        good.notebook.cells[4].source += f"\n\n{text}"

    return spoil


def clear_outputs(good):
    for _, cell in good.code:
        cell.outputs, cell.execution_count = [], None


def no_outputs(good):
    for _, cell in good.code:
        cell.outputs = []


def swap(good):
    cells = good.notebook.cells
    cells[5], cells[7] = cells[7], cells[5]


def skip_a_count(good):
    good.notebook.cells[PRINTING].execution_count = 99


def fails(good):
    error = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
    good.notebook.cells[PRINTING].outputs = [error]


def widget_metadata(good):
    good.notebook.metadata["widgets"] = {"state": {}}


def ignore_all(good):
    for _, cell in good.code:
        cell.metadata["tags"] = ["nbval-ignore-output"]


def without_last(good):
    good.notebook.cells.pop()


def without_exercises(good):
    good.notebook.cells[:] = [
        c for c in good.notebook.cells if "Exercise" not in c.source and "check(" not in c.source
    ]


def without_sections(good):
    for _, cell in good.markdown:
        cell.source = re.sub(r"(?m)^## ", "#### ", cell.source)


def short(good):
    good.notebook.cells[4:30] = []


def long(good):
    good.notebook.cells[4:4] = [new_markdown_cell("A step. " * 3) for _ in range(60)]


def wordy(good):
    adds("Another sentence of five words. " * 400)(good)


def folded_words(good):
    adds(f"<details><summary>More</summary>{'Another sentence of five words. ' * 400}</details>")(
        good
    )


def stub_output(good):
    first(good, "code", 'check("5.91"').outputs = [new_output("stream", text="✓ 5.91 double 1\n")]


def folds(cell, **marks):
    def spoil(good):
        good.notebook.cells[cell].metadata["jupyter"] = marks

    return spoil


PNG, SVG = "image/png", "image/svg+xml"
ALT = "A curve that falls from 3.30 to 2.41 within the first 200 steps."
DRAWN = f'<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="{ALT}">'
BAD = [
    ("executed", clear_outputs),
    ("in_normal_form", swap),
    ("in_normal_form", skip_a_count),
    ("no_error_output", fails),
    ("no_stderr", prints("UserWarning: careful", "stderr")),
    ("no_machine_path", prints("saved /home" + "/ada/weights.json")),
    ("no_machine_path", prints("File C:\\Users\\ada\\x.py")),
    ("no_machine_path", prints("in /var/x/ipykernel_123/45.py")),
    ("no_machine_path", shows({"text/html": "<p>/root" + "/course</p>"})),
    ("no_machine_path", source("open('/Users/ada/names.txt')")),
    ("no_machine_path", adds("Look into `/tmp" + "/names.txt`.")),
    ("no_address", prints("<Thing object at 0x7f00aabbccdd>")),
    ("no_trailing_semicolon", source("x = 1\nx;")),
    ("no_trailing_semicolon", source("x = 1;  # quiet")),
    ("no_trailing_semicolon", source("x = 1;\ny = 2")),
    ("no_raw_set", prints("{'a', 'b'}")),
    ("no_raw_set", prints("letters: {1, 2}")),
    ("no_raw_set", prints("set()")),
    ("no_raw_set", shows({"text/plain": "{'z'}"})),
    ("no_raw_set", prints("{Value(data=1), Value(data=2)}")),
    ("images_have_alt", shows({PNG: "iVBO", "text/plain": "<Figure size 640x480>"})),
    ("images_have_alt", shows({PNG: "iVBO"})),
    ("images_have_alt", shows({PNG: "iVBO", "text/plain": "a plot"})),
    ("images_have_alt", shows({PNG: "iVBO", "text/plain": ALT})),
    ("images_have_alt", shows({SVG: "<svg/>", "text/plain": "<IPython.core.display.SVG object>"})),
    ("images_have_alt", shows({"text/html": '<img src="x.png">'})),
    ("drawings_have_stills", shows({SVG: "<svg/>", "text/plain": ALT})),
    ("drawings_have_stills", shows({PNG: "iVBO", "text/plain": ALT}, {PNG: {"alt": ALT}})),
    ("drawings_have_stills", shows({"text/html": DRAWN, "text/plain": ALT})),
    ("drawings_have_stills", shows({"text/html": DRAWN, PNG: "iVBO", SVG: "<svg/>"})),
    ("in_normal_form", widget_metadata),
    ("in_normal_form", shows({"application/vnd.jupyter.widget-view+json": {"model_id": "a"}})),
    ("in_normal_form", source("x = 1   ")),
    ("in_normal_form", lambda good: good.notebook.metadata.update(author="me")),
    ("in_normal_form", lambda good: good.notebook.cells[4].update(id="abc")),
    ("at_most_four_decimals", prints("loss 3.29583")),
    ("something_is_compared", clear_outputs),
    ("something_is_compared", no_outputs),
    ("something_is_compared", ignore_all),
    ("marks_as_tags", source("# NBVAL_IGNORE_OUTPUT\n1")),
    ("title_and_promise", replace("# 5 · Attention", "# Attention")),
    ("title_and_promise", replace("# 5 ·", "# 6 ·")),
    ("title_and_promise", replace("· Attention", "· A tension")),
    ("title_and_promise", replace("Each position asks all earlier ones a question.", "")),
    ("title_and_promise", adds("# Another title")),
    ("navigation", replace("(04_next_token.ipynb)", "(04.ipynb)")),
    ("navigation", replace("(00_start_here.ipynb)", "(contents.ipynb)")),
    ("navigation", replace("· [6 →](06_mlp.ipynb)", "")),
    ("next_at_the_end", replace("[Next: 6 MLP](06_mlp.ipynb)", "Next: MLP")),
    ("next_at_the_end", without_last),
    ("map_of_the_machine", replace("machine_map(5)", "print(5)", "code")),
    ("box", replace("By the end you can", "Goals")),
    ("box", replace("You need", "Before")),
    ("box", replace("50 min lecture", "40 min lecture")),
    ("box", replace("100 min self-study", "a weekend")),
    ("box", replace("Short of time?", "In a hurry?")),
    ("one_setup_cell", replace("from classroom.exercises import check", "x = 1", "code")),
    ("one_setup_cell", source("import math")),
    ("one_setup_cell", replace("No course here", "No", "code")),
    ("one_setup_cell", replace("try:", "import random\n\ntry:", "code")),
    ("one_setup_cell", replace("_in_the_way()\n\n", "_in_the_way()\nx = 1\n", "code")),
    ("one_setup_cell", lambda good: good.notebook.cells[SETUP].update(source="x = 1")),
    ("exercises_complete", replace("Hint 2", "Remark")),
    ("exercises_complete", replace("<summary>Solution", "<summary>Answer")),
    ("exercises_complete", replace("Expected output: a tick.", "")),
    ("exercises_complete", replace('check("5.91", double)', "pass", "code")),
    ("exercises_complete", without_exercises),
    ("exercises_complete", replace("●○○", "●●○")),
    ("exercises_open", stub_output),
    ("exercises_open", clear_outputs),
    ("exercise_headings", replace("●○○ · 5 min", "(easy)")),
    ("exercise_headings", replace("### Exercise 5.91", "## Exercise 5.91")),
    ("exercise_headings", replace("5.92", "5.90")),
    ("exercise_headings", replace("5.92", "4.92")),
    ("exercises_as_registered", replace("· 5 min", "· 9 min")),
    ("exercises_as_registered", replace("●○○", "●●●")),
    ("exercises_as_registered", replace("double 1", "treble 1")),
    ("exercises_as_registered", replace("5.93", "5.94")),
    ("exercises_as_registered", replace("### Exercise 5.91", "### 5.91")),
    ("closing_parts", replace("## Recap", "## End")),
    ("closing_parts", replace("5. One line.", "")),
    ("closing_parts", replace("## What we have now", "## Done")),
    ("closing_parts", replace("## Quiz", "## Thoughts")),
    ("closing_parts", replace("<details><summary>Question 3", "<p><summary>Question 3")),
    ("closing_parts", replace("https://arxiv.org/abs/1706.03762", "#x")),
    ("enough_sections", without_sections),
    ("no_banned_words", adds("Simply call it.")),
    ("no_banned_words", adds("It is obviously so.")),
    ("no_banned_words", adds("You just saw it.")),
    ("right_length", short),
    ("right_length", long),
    ("right_length", wordy),
    ("links_resolve", adds("[there](12_nowhere.ipynb)")),
    ("links_resolve", adds("[there](#Nowhere)")),
    ("links_resolve", adds("[there](http://example.org)")),
    ("links_resolve", adds('<a href="../none.md">x</a>')),
    ("links_resolve", adds("![a picture of nothing in particular](none.png)")),
    ("markdown_images_have_alt", adds("![](https://example.org/x.png)")),
    ("markdown_images_have_alt", adds("![a plot](https://example.org/x.png)")),
    ("markdown_images_have_alt", adds('<img src="https://example.org/x.png">')),
    ("code_fits", source("x = '" + "a" * 80 + "'")),
    ("code_fits", source("x = 1\n" * 31)),
    ("answers_are_folded", folds(PRINTING, outputs_hidden=True)),
    ("answers_are_folded", folds(SETUP)),
    ("answers_are_folded", adds("**What comes out?**")),
]


@pytest.mark.parametrize(
    ("name", "spoil"), BAD, ids=[f"{name}-{n}" for n, (name, _) in enumerate(BAD)]
)
def test_a_bad_notebook_is_told(good, name, spoil):
    before = [str(cell) for cell in good.notebook.cells]
    metadata = str(good.notebook.metadata)
    spoil(good)
    after = [str(cell) for cell in good.notebook.cells]
    assert (before, metadata) != (after, str(good.notebook.metadata)), "nothing was spoiled"
    found = BY_NAME[name](Page(good.path, good.notebook))
    assert found and all(re.search(r"\w", complaint) for complaint in found)


def test_every_rule_is_shown_to_complain():
    assert {name for name, _ in BAD} == set(BY_NAME)


def allow(name, *spoils):
    def make(good):
        for spoil in spoils:
            spoil(good)
        return BY_NAME[name](Page(good.path, good.notebook))

    return make


def tag(*names):
    def spoil(good):
        good.notebook.cells[PRINTING].metadata["tags"] = list(names)

    return spoil


FINE = [
    ("answers_are_folded", adds("**What comes out?**"), folds(PRINTING, outputs_hidden=True)),
    (
        "answers_are_folded",
        adds("**What comes out?**"),
        adds("<details><summary>Answer</summary>A number.</details>"),
    ),
    ("no_error_output", fails, tag("raises-exception")),
    ("at_most_four_decimals", prints("0.1 + 0.2 = 0.30000000000000004"), tag("many-decimals")),
    ("at_most_four_decimals", prints("0.3333 1.2e-12 3 2026 1,234.5678")),
    ("code_fits", source("x = 1\n" * 200), tag("whole-script")),
    ("one_setup_cell", source("import os\nx = 1"), tag("whole-script")),
    ("one_setup_cell", source("try:\n    import torch\nexcept ImportError:\n    pass")),
    ("no_raw_set", prints("{'a': 1} {} f{x}")),
    ("no_raw_set", prints("offset(3) and reset()")),
    ("no_machine_path", prints("https://example.org/home/x 1/2 and/or ../notebooks/x.ipynb")),
    ("no_trailing_semicolon", source("x = 'a;'\n# done;")),
    ("no_banned_words", adds("`just` is code, justice is not.\n\n```\njust so\n```")),
    ("right_length", folded_words),
    ("links_resolve", adds("[a](#Section-1) [b](06_mlp.ipynb) [c](https://example.org)")),
    ("links_resolve", adds("`[not](a-link.md)` and `d[i](x)`")),
    ("images_have_alt", shows({PNG: "i", "text/plain": ALT}, {PNG: {"alt": ALT}})),
    ("drawings_have_stills", shows({"text/html": DRAWN, PNG: "iVBO", "text/plain": ALT})),
    ("markdown_images_have_alt", adds("![A curve that falls to 2.41](https://example.org/x)")),
]


@pytest.mark.parametrize(("name", "spoils"), [(n, s) for n, *s in FINE], ids=range(len(FINE)))
def test_what_is_allowed_is_not_complained_of(good, name, spoils):
    assert allow(name, *spoils)(good) == []


def test_chapter_00_may_be_shorter(good):
    cells = good.notebook.cells
    cells[0].source = cells[0].source.replace("# 5", "# 0").replace("06_mlp", "01_value")
    minutes = f"{CHAPTERS[0].lecture} min lecture / {CHAPTERS[0].alone}"
    cells[3].source = cells[3].source.replace("50 min lecture / 100", minutes)
    start = Page(good.path.with_name("00_start_here.ipynb"), good.notebook)
    start.notebook.cells[:] = [*cells[:20], new_code_cell("1")]
    for name in ("closing_parts", "navigation", "box"):
        assert BY_NAME[name](start) == [], name


def test_a_check_of_gradients_answers_a_question_and_the_check_of_an_exercise_does_not():
    printed = [new_output("stream", name="stdout", text="the last")]
    for source, found in (("gradient_check(f)", {1}), ('check("5.1", f)', set())):
        question = new_markdown_cell("**Which one is wrong?**")
        assert answering([question, new_code_cell(source, outputs=printed)]) == found
