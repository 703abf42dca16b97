"""One version, wherever it is written; the changelog in its form."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
import yaml
from support import ROOT, tomllib

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_pyproject_citation_and_changelog_name_the_same_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    released = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", CHANGELOG)
    assert str(citation["version"]) == released[0] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]["text"]
    order = [tuple(map(int, version.split("."))) for version in released]
    assert order == sorted(set(order), reverse=True)


def test_what_is_installed_here_has_it_too():
    try:
        installed = metadata.version(PROJECT["name"])
    except metadata.PackageNotFoundError:
        pytest.skip("the course is not installed here")
    assert installed == PROJECT["version"]


def test_the_changelog_has_the_form_that_it_names():
    title, *releases = re.split(r"(?m)^## ", CHANGELOG)
    assert title.startswith("# Changelog\n") and "keepachangelog.com/en/1.1.0" in title
    assert releases[0].startswith("[Unreleased]\n")
    for release in releases:
        kinds = re.findall(r"(?m)^### (.*)$", release)
        assert kinds == [kind for kind in KINDS if kind in kinds]
        assert not re.search(r"(?m)^### .*\n+(?=###|\Z)", release), "a heading with nothing below"
