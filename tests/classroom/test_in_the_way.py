"""What hides the course, or something it needs, is named by a notebook's first cell."""

from __future__ import annotations

import ast
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from support import NOTEBOOKS, ROOT

import microgpt_course
from tools.hygiene.skeleton import IS_IT_THE_COURSE

STAND_IN = 'print("the stand-in was run")\nx = 1\n'


def first_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return next("".join(c["source"]) for c in cells if c["cell_type"] == "code")


@pytest.fixture
def folder(tmp_path):
    """A folder of notebooks, and the course installed elsewhere, as a wheel puts it."""
    site = tmp_path / "lib" / "site-packages"
    site.mkdir(parents=True)
    for name in ("microgpt", "classroom"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, site / name, ignore=ignored)
    shutil.copy(ROOT / "microgpt_course.py", site)
    (tmp_path / "notebooks").mkdir()
    return tmp_path / "notebooks"


def python(folder, code, *options, path=""):
    """Run code as a kernel in that folder does: what lies beside it comes first."""
    site = folder.parent / "lib" / "site-packages"
    start = f"import sys; sys.path[:0] = ['', {path!r} or '', {str(site)!r}]\n"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, "-I", "-S", *options, "-c", start + code],
        **{"cwd": folder, "env": clean, "encoding": "utf-8"},
        **{"capture_output": True, "timeout": 120},
    )


def last_line(done):
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the stand-in was run" not in done.stdout
    return done.stderr.splitlines()[-1].replace("microgpt_course.NotTheCourse", "ImportError")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["microgpt", "classroom"])
def test_a_file_beside_the_notebook_is_named_before_it_is_run(folder, path, name):
    (folder / f"{name}.py").write_text(STAND_IN)
    said = f"ImportError: `notebooks/{name}.py` hides the course's package: rename it"
    assert last_line(python(folder, first_cell(path), "-O")) == said


@pytest.mark.parametrize("name", ["numpy", "graphviz", "matplotlib", "ipywidgets", "filelock"])
def test_so_is_one_that_hides_another_package(folder, name):
    (folder / f"{name}.py").write_text(STAND_IN)
    said = f"`notebooks/{name}.py` hides the package `{name}`, which the course needs: rename it"
    assert last_line(python(folder, IS_IT_THE_COURSE)) == f"ImportError: {said}"


@pytest.mark.parametrize("name", ["random", "statistics", "fractions", "difflib", "secrets"])
def test_and_one_that_hides_a_module_of_python(folder, name):
    (folder / f"{name}.py").write_text(STAND_IN)
    said = f"ImportError: `notebooks/{name}.py` hides Python's own `{name}`: rename it"
    assert last_line(python(folder, IS_IT_THE_COURSE)) == said


def test_what_python_loaded_before_is_hidden_by_nothing(folder):
    (folder / "random.py").write_text(STAND_IN)
    code = "del sys.path[0:2]; import random; sys.path.insert(0, '')\n" + IS_IT_THE_COURSE
    assert python(folder, code).returncode == 0


def test_a_folder_with_an_init_hides_and_one_without_does_not(folder):
    (folder / "microgpt").mkdir()
    assert python(folder, IS_IT_THE_COURSE + "from classroom import check").returncode == 0
    (folder / "microgpt" / "__init__.py").write_text(STAND_IN)
    said = "ImportError: `notebooks/microgpt/` hides the course's package: rename it"
    assert last_line(python(folder, IS_IT_THE_COURSE)) == said


def test_other_files_of_a_reader_hide_nothing(folder):
    for name in ("my_microgpt", "names", "value", "test", "utils", "tokenizer", "solution"):
        (folder / f"{name}.py").write_text(STAND_IN)
    done = python(folder, IS_IT_THE_COURSE + "from classroom import check\nprint('fine')")
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_after_it_was_renamed_the_same_kernel_goes_on(folder):
    (folder / "microgpt.py").write_text(STAND_IN)
    again = "import os\nos.rename('microgpt.py', 'mine.py')\n" + IS_IT_THE_COURSE
    code = f"try:\n    exec({IS_IT_THE_COURSE!r})\nexcept ImportError as e:\n    print(e)\n{again}"
    done = python(folder, code + "import microgpt\nprint(microgpt.Value(3))")
    assert done.stdout.splitlines()[1:] == ["Value(data=3, grad=0)"], done.stderr


def test_one_that_was_run_already_asks_for_a_new_kernel(folder):
    (folder / "microgpt.py").write_text("x = 1")
    said = last_line(python(folder, "import microgpt\n" + IS_IT_THE_COURSE))
    assert said.endswith("hides the course's package: rename it, then restart the kernel")


def test_elsewhere_on_the_path_the_whole_place_is_named(folder, tmp_path):
    junk = tmp_path / "junk"
    junk.mkdir()
    (junk / "classroom.py").write_text(STAND_IN)
    said = last_line(python(folder, IS_IT_THE_COURSE, path=str(junk)))
    assert "junk/classroom.py` hides the course's package: rename it" in said


def test_a_package_of_a_cluster_that_comes_by_the_path_is_meant(folder, tmp_path):
    (tmp_path / "modules" / "numpy").mkdir(parents=True)
    (tmp_path / "modules" / "numpy" / "__init__.py").write_text("")
    done = python(folder, IS_IT_THE_COURSE, path=str(tmp_path / "modules"))
    assert done.returncode == 0, done.stderr


def stranger(site, name="microgpt"):
    """Another package of that name, as pip installs it."""
    (site / name).mkdir(parents=True, exist_ok=True)
    (site / name / "__init__.py").write_text('"""Another GPT."""\n' + STAND_IN)
    info = site / f"{name}-0.0.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.2\n")
    (info / "top_level.txt").write_text(f"{name}\n")
    (info / "RECORD").write_text(f"{name}/__init__.py,,\n")
    return info


def test_another_package_of_that_name_is_named_beside_the_course_and_over_it(folder, tmp_path):
    said = (
        "ImportError: another package, microgpt 0.0.2, hides the course's `microgpt`: run "
        "`pip uninstall microgpt`, then install the course again (`make lab`, or pip install "
        "'.[lab]')"
    )
    other = tmp_path / "other" / "site-packages"
    stranger(other)
    assert last_line(python(folder, IS_IT_THE_COURSE, path=str(other))) == said
    site = tmp_path / "lib" / "site-packages"
    info = stranger(site)
    assert last_line(python(folder, IS_IT_THE_COURSE)) == said
    shutil.rmtree(info)  # pip uninstall: what had its name is gone, the rest is there
    (site / "microgpt" / "__init__.py").unlink()
    assert "`microgpt` is not whole: install the course again" in last_line(
        python(folder, IS_IT_THE_COURSE)
    )


def test_check_environment_names_it_and_goes_on(folder):
    (folder / "microgpt.py").write_text(STAND_IN)
    code = "from classroom import check_environment\ncheck_environment()"
    done = python(folder, code)
    lines = done.stdout.splitlines()
    assert lines[0] == "HIDDEN   `notebooks/microgpt.py` hides the course's package: rename it"
    assert len([line for line in lines if line.startswith(("OK", "MISSING"))]) == 7, done.stderr
    assert {line for line in lines if "->" in line} == {
        "         -> mend what is HIDDEN first, then run this again"
    }


@pytest.mark.parametrize(
    "line", ["from classroom import check", "import classroom.viz; classroom.viz.token_chips"]
)
def test_without_the_first_cell_the_name_that_is_asked_for_names_it(folder, line):
    (folder / "microgpt.py").write_text("x = 1")
    done = python(folder, line)
    assert "hides the course's package: rename it" in done.stderr.splitlines()[-1]


def test_a_module_in_an_archive_or_one_without_source_is_named(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "parts.zip", "w") as archive:
        archive.writestr("microgpt.py", STAND_IN)
    said = last_line(python(folder, IS_IT_THE_COURSE, path=str(tmp_path / "parts.zip")))
    assert "parts.zip/microgpt.py` hides the course's package: rename it" in said
    (folder / "microgpt.py").write_text(STAND_IN)
    py_compile.compile(str(folder / "microgpt.py"), str(folder / "microgpt.pyc"))
    (folder / "microgpt.py").unlink()
    said = last_line(python(folder, IS_IT_THE_COURSE))
    assert said.startswith("ImportError: `notebooks/microgpt.pyc` hides the course's package")


def test_what_python_compiled_of_a_file_that_is_gone_hides_nothing(folder):
    (folder / "microgpt.py").write_text(STAND_IN)
    py_compile.compile(str(folder / "microgpt.py"))
    (folder / "microgpt.py").unlink()
    assert list(folder.rglob("*.pyc"))
    assert python(folder, IS_IT_THE_COURSE).returncode == 0


def test_a_name_that_something_else_took_asks_for_a_new_kernel(folder):
    code = "import sys, types\nsys.modules['microgpt'] = types.ModuleType('microgpt')\n"
    said = "ImportError: something else goes by the name `microgpt`: restart the kernel"
    assert last_line(python(folder, code + IS_IT_THE_COURSE)) == said


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use stays there")
def test_odd_entries_of_the_path_and_a_deleted_folder_are_no_reason_to_stop(folder):
    code = "import os, pathlib\nsys.path += [None, pathlib.Path('.'), b'x', '/nowhere']\n"
    code += "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
    done = python(folder, code + IS_IT_THE_COURSE)
    assert done.returncode == 0, done.stderr


def test_an_error_of_the_course_itself_stays_what_it_is(folder):
    (folder.parent / "lib" / "site-packages" / "classroom" / "viz" / "tokens.py").unlink()
    done = python(folder, "import classroom.viz; classroom.viz.token_chips")
    assert "No module named 'classroom.viz.tokens'" in done.stderr.splitlines()[-1]


def test_each_package_begins_as_it_is_known_by():
    for name, words in microgpt_course.PACKAGES.items():
        text = (ROOT / name / "__init__.py").read_text(encoding="utf-8")
        assert text.startswith(f'"""{words}')


def imported(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def test_all_that_the_course_imports_is_looked_for():
    files = [p for name in ("microgpt", "classroom") for p in (ROOT / name).rglob("*.py")]
    sources = [p.read_text(encoding="utf-8") for p in files]
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources += ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    names = {name for source in sources for name in imported(source)}
    loaded = {*sys.builtin_module_names, "__future__", "js", "pyodide"}  # nothing can hide these
    own = {"microgpt", "classroom", "microgpt_course"}
    assert names - own - loaded <= set(microgpt_course.NEEDED.split())


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9"])
def test_an_old_python_can_read_it(version):
    text = (ROOT / "microgpt_course.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=tuple(map(int, version.split("."))))
    assert not re.search(r"from __future__|:=|match ", text)


def test_jupyter_shows_nothing_but_the_sentence(folder):
    pytest.importorskip("IPython")
    (folder / "microgpt.py").write_text(STAND_IN)
    code = "from IPython.core.interactiveshell import InteractiveShell as S\n"
    code += f"s = S.instance()\ns.run_cell({IS_IT_THE_COURSE!r})"
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, '')\n" + code],
        **{"cwd": folder, "env": {**os.environ, "IPYTHONDIR": str(folder)}},
        **{"capture_output": True, "encoding": "utf-8", "timeout": 120},
    )
    said = "ImportError: `notebooks/microgpt.py` hides the course's package: rename it"
    assert done.stdout.strip() == said


def test_python_itself_may_lie_in_an_archive(monkeypatch):
    archive = os.path.abspath("/lib/python%d%d.zip" % sys.version_info[:2])
    monkeypatch.setattr(sys, "path", [archive, *sys.path])
    assert not microgpt_course._stray(os.path.join(archive, "argparse.py"), True)
