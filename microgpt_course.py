"""Is it the course that a notebook imports? What its first cell asks, in every chapter.

This file lies beside the two packages, so that it can speak where one of them is hidden: by a file
of that name in the notebook's folder, or by another package that was installed. It looks where
Python would find a name and runs nothing of what it finds. Python 3.6 can read this file, so that
what it says of old versions is heard.
"""

import os
import sys
from importlib import import_module, invalidate_caches
from importlib.machinery import ModuleSpec
from importlib.util import find_spec

PACKAGES = {"microgpt": "A GPT in plain Python", "classroom": "The room in which"}
"""The course's packages, and how each begins."""
NEEDED = """
abc argparse array ast asyncio base64 binascii bisect cProfile collections contextlib copy
dataclasses datetime decimal difflib dis fcntl fractions functools getpass gzip hashlib html
importlib inspect io json linecache logging math mimetypes numbers operator os pathlib pickle
pkgutil platform plistlib profile pstats queue random re runpy secrets shutil signal stat
statistics string struct subprocess sysconfig tempfile textwrap threading timeit token tokenize
traceback tracemalloc types typing unicodedata unittest uuid warnings weakref xml zlib
IPython PIL anywidget comm contourpy cycler dateutil filelock fontTools graphviz ipykernel
ipywidgets kiwisolver matplotlib mpl_toolkits numba numpy packaging psygnal pyparsing six torch
traitlets
"""
"""What the course imports besides: Python's own modules, and other packages."""
LAB = "stop Jupyter and start it with `make lab`"
AGAIN = "install the course again (`make lab`, or pip install '.[lab]')"


class NotTheCourse(ImportError):
    """A name leads elsewhere. Jupyter shows the sentence alone, without this file's lines."""

    def _render_traceback_(self) -> "list[str]":
        return [f"ImportError: {self}"]


def nothing_in_the_way() -> None:
    """Make sure that the names of the course and of what it needs lead where they should.

    Raises
    ------
    NotTheCourse
        If something hides one of them: a sentence that names it and says what to do.
    """
    if sys.version_info < (3, 10):
        version = ".".join(map(str, sys.version_info[:3]))
        raise NotTheCourse(f"the course needs Python 3.10 or newer, this is {version}: {LAB}")
    for words in in_the_way():
        raise NotTheCourse(words)


def in_the_way() -> "list[str]":
    """A sentence for each name that leads elsewhere; most often none."""
    invalidate_caches()  # the reader may have moved a file since
    found = [*map(_course_words, PACKAGES), *map(_needed_words, NEEDED.split())]
    return [words for words in found if words]


def _course_words(name: str) -> str:
    """What is wrong with one of the course's packages; empty if nothing is."""
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), name, "__init__.py")
    place = _place(name)
    if place and _same(place, here) and _begins(place, PACKAGES[name]):
        return ""
    strangers = _distributions(name)
    if strangers:
        return (
            f"another package, {strangers[0]}, hides the course's `{name}`: "
            f"run `pip uninstall {strangers[0].split()[0]}`, then {AGAIN}"
        )
    if not place and name in sys.modules:
        return f"something else goes by the name `{name}`: restart the kernel"
    if not place or _same(place, here):
        return f"the course's package `{name}` is not whole: {AGAIN}"
    return f"`{_shown(place)}` hides the course's package: rename it{_then(name)}"


def _needed_words(name: str) -> str:
    """What hides a module that the course needs; empty if nothing does."""
    place = _place(name)
    own = name in getattr(sys, "stdlib_module_names", ())
    if not place or not _stray(place, own):
        return ""
    what = f"Python's own `{name}`" if own else f"the package `{name}`, which the course needs"
    return f"`{_shown(place)}` hides {what}: rename it{_then(name)}"


def _place(name: str) -> str:
    """The file that an import of `name` runs; empty if there is none."""
    try:
        spec: "ModuleSpec | None" = find_spec(name)
    except (ImportError, ValueError, AttributeError):  # it is loaded, and does not say from where
        return str(getattr(sys.modules.get(name), "__file__", None) or "")
    return spec.origin or "" if spec and spec.has_location else ""


def _stray(place: str, own: bool) -> bool:
    """Whether a file lies in a folder of the reader's, not where Python or pip put things."""
    folder, file = os.path.split(os.path.abspath(place))
    package = file.startswith("__init__.")
    folder = os.path.dirname(folder) if package else folder
    archive = "python%d%d.zip" % sys.version_info[:2]  # a browser's kernel has Python in it
    if {"site-packages", "dist-packages", archive} & set(folder.split(os.sep)):
        return False
    library = os.path.dirname(os.path.abspath(os.__file__))
    if folder == library or folder.startswith((library + os.sep, library + ".zip")):
        return False
    entries = [entry for entry in sys.path if isinstance(entry, str)]
    known = [os.path.normpath(os.path.join(_cwd(), entry)) for entry in entries]
    beside = folder == _cwd()  # elsewhere whole packages may be meant: a cluster's NumPy
    return folder in known and (own or beside or not package)


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # one is inside an archive, or not there
        return False


def _begins(path: str, words: str) -> bool:
    """Whether a file begins with a docstring of these words, or cannot be read as text."""
    if not path.endswith(".py"):
        return True
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().startswith(f'"""{words}')
    except OSError:
        return False


def _distributions(name: str) -> "list[str]":
    """Other installed packages with a module of that name, each with its version."""
    metadata = import_module("importlib.metadata")
    owners = metadata.packages_distributions().get(name, [])
    strangers = sorted({owner for owner in owners if owner != "microgpt-course"})
    return [f"{stranger} {metadata.version(stranger)}" for stranger in strangers]


def _shown(path: str) -> str:
    """A path as the reader knows it: from the folder above on; a package is its folder."""
    folder, file = os.path.split(os.path.abspath(path))
    path = folder + os.sep if file.startswith("__init__.") else os.path.join(folder, file)
    above = os.path.dirname(_cwd()) + os.sep
    path = path[len(above) :] if path.startswith(above) and len(above) > 1 else path
    return path.replace(os.sep, "/")


def _cwd() -> str:
    """The notebook's folder; empty if it was deleted."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _then(name: str) -> str:
    """What has to follow if the wrong one was loaded already."""
    return ", then restart the kernel" if name in sys.modules else ""
