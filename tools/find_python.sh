#!/bin/sh
# Print the path of a Python that can run the course (3.10 or newer), or one line that says what to do.
# PYTHON=... decides alone; otherwise python3 comes first, then the versioned names, newest first.
probe='import sys; print("%d.%d.%d" % tuple(sys.version_info[:3])); sys.exit(sys.version_info < (3, 10))'
too_old=""

try() { # $1: a name or path; ends the script when that Python is new enough
    path=$(command -v "$1" 2>/dev/null) || return 0
    if version=$("$path" -c "$probe" 2>/dev/null) && [ -n "$version" ]; then
        printf '%s\n' "$path"
        exit 0
    fi
    [ -z "$version" ] || too_old="$too_old${too_old:+, }$1 is $version"
}

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON"
    [ -z "$too_old" ] || fail "the course needs Python 3.10 or newer, and $too_old: choose another with PYTHON=..."
    fail "PYTHON=$PYTHON is not a Python that runs: give the name or path of one, 3.10 or newer"
fi

for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
    try "$name"
done
advice="install one from your system or python.org, or name it with PYTHON=/path/to/python3"
[ -z "$too_old" ] || fail "the course needs Python 3.10 or newer, and $too_old: $advice"
fail "no Python found, and the course needs 3.10 or newer: $advice"
