"""The conda environment asks for the same packages, in the same versions, as pyproject.toml."""

from __future__ import annotations

import re

import pytest
import yaml
from support import ROOT, tomllib

pytestmark = pytest.mark.any_processor

# What conda-forge calls a package that has another name on the Python package index.
CONDA_NAMES = {"graphviz": "python-graphviz", "matplotlib": "matplotlib-base"}
# Not in pyproject: Python itself, the installer, and the program `dot`.
CONDA_ONLY = {"python", "pip", "graphviz"}


def parse(requirement: str) -> tuple[str, frozenset[str]]:
    """Split 'numpy>=1.26,<3; marker' into its name and its version bounds."""
    name, bounds = re.fullmatch(
        r"([A-Za-z0-9._-]+)([^;]*)(?:;.*)?", requirement.replace(" ", "")
    ).groups()
    return name.lower(), frozenset(filter(None, bounds.split(",")))


def conda_requirements(text: str) -> tuple[dict, dict]:
    """Parse environment.yml into what conda and what pip installs."""
    entries = yaml.safe_load(text)["dependencies"]
    pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    by_conda = dict(parse(entry) for entry in entries if isinstance(entry, str))
    return by_conda, dict(parse(entry) for entry in pip if not entry.startswith("-e"))


def differences(environment: str, project: dict) -> list[str]:
    """Name each package in which the two files differ."""
    by_conda, by_pip = conda_requirements(environment)
    extras = project["project"]["optional-dependencies"]
    # A later line of the same package is for a newer Python: conda finds a build for it by itself.
    wanted = dict(reversed([parse(line) for line in extras["lab"] + extras["test"]]))
    found = {name: bounds for name, bounds in by_conda.items() if name not in CONDA_ONLY}
    expected = {}
    for name, bounds in wanted.items():
        if name in by_pip:
            found[name], expected[name] = by_pip[name], bounds
        else:
            expected[CONDA_NAMES.get(name, name)] = bounds
    for name in by_pip.keys() - wanted.keys():
        found[name] = by_pip[name]
    return sorted(name for name in found | expected if found.get(name) != expected.get(name))


@pytest.fixture
def environment() -> str:
    return (ROOT / "environment.yml").read_text(encoding="utf-8")


@pytest.fixture
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_same_packages_and_versions(environment, project):
    assert differences(environment, project) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("numpy>=1.26,<3", "numpy>=1.26", "numpy"),
        ("  - nbval>=0.11,<0.12\n", "", "nbval"),
        ("graphviz-pure==0.2.2", "graphviz-pure==0.2.1", "graphviz-pure"),
        ("  - hatchling", "  - flask>=3\n  - hatchling", "flask"),
        ("- python-graphviz>=0.20,<1", "- python-graphviz>=0.19,<1", "python-graphviz"),
    ],
)
def test_a_difference_is_named(environment, project, old, new, named):
    assert old in environment
    assert differences(environment.replace(old, new), project) == [named]


def test_python_version_is_the_same(environment, project):
    by_conda, _ = conda_requirements(environment)
    assert by_conda["python"] == parse("python" + project["project"]["requires-python"])[1]


def test_it_brings_dot_pip_and_the_course_itself(environment):
    entries = yaml.safe_load(environment)["dependencies"]
    assert {"graphviz", "pip"} <= {entry for entry in entries if isinstance(entry, str)}
    assert "-e ." in next(entry["pip"] for entry in entries if isinstance(entry, dict))
    assert yaml.safe_load(environment)["channels"] == ["conda-forge"]


def test_the_core_needs_nothing(project):
    assert project["project"]["dependencies"] == []
