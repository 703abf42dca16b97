"""The workflows of GitHub: their schema, their safety, and that they run what README.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from support import ROOT

FOLDER = ROOT / ".github" / "workflows"
if not FOLDER.is_dir():
    pytest.skip("a source archive has no workflows", allow_module_level=True)
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
CITATION = ROOT / "CITATION.cff"
SCHEMAS = [(path, "vendor.github-workflows") for path in WORKFLOWS]
SCHEMAS += [(CITATION, "vendor.citation-file-format")]


def jobs(path: Path) -> dict[str, dict]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


def obeys(path: Path, schema: str) -> bool:
    """Ask check-jsonschema, whose schemas are inside the package; here, since it loads for long."""
    asked = pytest.importorskip("check_jsonschema", reason="the extra `test` is not installed").main
    runner = pytest.importorskip("click.testing").CliRunner()
    done = runner.invoke(asked, ["--builtin-schema", schema, str(path)])
    assert done.exit_code in (0, 1), done.output
    return done.exit_code == 0


def findings(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Ask zizmor, without the network, for everything that it has to say."""
    program = shutil.which("zizmor", path=sysconfig.get_path("scripts")) or shutil.which("zizmor")
    if program is None:
        pytest.skip("zizmor is not installed: it is part of the extra `test`")
    command = [program, "--offline", "--no-progress", "--persona", "pedantic", "--color", "never"]
    return subprocess.run(
        [*command, *map(str, paths)], capture_output=True, text=True, encoding="utf-8", timeout=120
    )


@pytest.mark.parametrize(("path", "schema"), SCHEMAS, ids=lambda each: getattr(each, "name", ""))
def test_a_file_obeys_its_schema(path, schema):
    assert obeys(path, schema)


@pytest.mark.parametrize(
    ("path", "old", "new", "schema"),
    [
        (FOLDER / "test.yml", "runs-on:", "runs:", "vendor.github-workflows"),
        (FOLDER / "pages.yml", "timeout-minutes: 10", "timeout-minutes: long", SCHEMAS[0][1]),
        (CITATION, "authors:\n  - name", "author:\n  - name", "vendor.citation-file-format"),
    ],
)
def test_one_that_does_not_is_told(path, old, new, schema, tmp_path):
    text = path.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / path.name).write_text(text.replace(old, new), encoding="utf-8")
    assert not obeys(tmp_path / path.name, schema)


def test_nothing_is_found_that_is_not_safe():
    done = findings(*WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (r"@\w{40} # v7\.0\.1", "@v7", "unpinned-uses"),
        (r"\n        with:\n          persist-credentials: false", "", "artipacked"),
        (r"permissions: {}", "permissions: write-all", "excessive-permissions"),
        (r"run: make test", "run: echo ${{ github.event.pull_request.title }}", "template-inj"),
    ],
)
def test_what_is_not_safe_is_found(old, new, finding, tmp_path):
    text = (FOLDER / "test.yml").read_text(encoding="utf-8")
    spoiled, times = re.subn(old, new, text)
    assert times
    (tmp_path / "test.yml").write_text(spoiled, encoding="utf-8")
    done = findings(tmp_path / "test.yml")
    assert done.returncode != 0 and finding in done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_one_commit_with_its_version_beside_it(path):
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert used
    for each in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each
    assert all("timeout-minutes" in job and "permissions" in job for job in jobs(path).values())


def test_only_the_job_that_publishes_may_write():
    writing = {
        (path.name, name)
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        if "write" in job["permissions"].values()
    }
    assert writing == {("pages.yml", "publish")}


def test_the_test_command_of_the_readme_runs_on_each_system_and_python():
    done = jobs(FOLDER / "test.yml")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "run: make test" in (FOLDER / "test.yml").read_text(encoding="utf-8")
    matrix = done["quick"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == [f"3.{minor}" for minor in range(10, 15)]
    commands = [step["run"] for job in done.values() for step in job["steps"] if "run" in step]
    for words in ("make test", "tools.test", "uv sync --extra lab", "uv run --extra lab"):
        assert words in readme and any(words in command for command in commands)
    quick = next(command for command in commands if "tools.test" in command)
    assert "notebooks" in quick.split()  # they are compared by nbval
