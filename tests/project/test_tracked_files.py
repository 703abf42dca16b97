"""What git keeps: no machine's paths, no registry's hosts, no lock files, nothing large."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from support import ROOT

pytestmark = pytest.mark.any_processor

MOST_BYTES = 1_000_000
# Holds made-up paths on purpose, to see that the notebooks' own rule finds them.
BAD_EXAMPLES = "tests/notebooks/test_rules.py"
TOP_LEVEL = {
    *(
        ".ci",
        ".gitattributes",
        ".github",
        ".gitignore",
        "CHANGELOG.md",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
    ),
    *("assets", "classroom", "conftest.py", "docs", "environment.yml", "microgpt", "notebooks"),
    *("microgpt_course.py", "noxfile.py", "pyproject.toml", "tests", "tools"),
}
OPTIONAL = {".github", "docs"}
LOCK_FILES = re.compile(r"(\.lock|-lock\.(json|ya?ml)|\.lockb|(^|/)requirements[^/]*\.txt)$")

# Written in two halves, so that this file does not hold what it forbids.
FOLDERS = ("wo" + "rk", "tm" + "p", "ro" + "ot", "home/" + r"\w+", "Users/" + r"\w+", "o" + "pt")
PATHS = re.compile(r"(?<![\w.~})\]>$/-])/(?:" + "|".join(FOLDERS) + r")/|[A-Z]:\\+Users\\")
HOSTS = re.compile(
    r"\b(?:py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js\.org|npm" + r"js\.com"
    r"|deb\.deb" + r"ian\.org|ana" + r"conda\.org|crates" + r"\.io|proxy\.go" + r"lang\.org)"
)


def complaints(name: str, content: bytes) -> list[str]:
    """Say what is wrong with one tracked file."""
    found = []
    if len(content) > MOST_BYTES:
        found.append(f"{name} has {len(content):,} bytes")
    if LOCK_FILES.search(name):
        found.append(f"{name} is a lock file")
    if b"\0" not in content[:8000]:
        text = content.decode("utf-8", errors="replace")
        if name != BAD_EXAMPLES:
            found += [f"{name} holds {match.group()}" for match in PATHS.finditer(text)]
        found += [f"{name} names {match.group()}" for match in HOSTS.finditer(text)]
    return found


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this copy of the course is not a git checkout")
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_every_tracked_file_is_fit_to_keep(tracked):
    assert tracked
    found = [line for name in tracked for line in complaints(name, (ROOT / name).read_bytes())]
    assert found == []


def test_the_top_level_is_the_one_that_people_know(tracked):
    tops = {name.split("/")[0] for name in tracked}
    assert tops - TOP_LEVEL == set()
    assert TOP_LEVEL - OPTIONAL - tops == set()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.py", "open('/" + "tmp/x')", "a.py holds /" + "tmp/"),
        ("a.ipynb", '"File \\"/' + 'home/ann/a.py\\""', "a.ipynb holds /" + "home/ann/"),
        ("a.md", "(/" + "work/main/x)", "a.md holds /" + "work/"),
        ("a.txt", "C:" + "\\Users\\ann", "a.txt holds C:" + "\\Users\\"),
        ("a.md", "https://py" + "pi.org/project/numpy", "a.md names py" + "pi.org"),
        ("uv.lock", "", "uv.lock is a lock file"),
        ("web/package-lock.json", "{}", "web/package-lock.json is a lock file"),
        ("requirements-dev.txt", "", "requirements-dev.txt is a lock file"),
        ("a.csv", "1" * 1_000_001, "a.csv has 1,000,001 bytes"),
    ],
)
def test_an_unfit_file_is_found(name, text, complaint):
    assert complaints(name, text.encode()) == [complaint]


@pytest.mark.parametrize("text", ["see docs/works/plan.md", "a/tmp", "home/ann", "n/root/2"])
def test_harmless_text_passes(text):
    assert complaints("a.md", text.encode()) == []
