#!/bin/sh
# Make .venv from the lock. Needs Python 3.11 or newer with its venv module.
set -eu
python="${PYTHON:-python3}"

say() { printf '%s\n' "$*" >&2; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Quarterbook needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1)."
    say "Name another one: make PYTHON=python3.12 report"
    exit 2
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Python came without its venv module: installing $package."
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null
    else
        say "Python came without its venv module. Install it and call make again:"
        say "    sudo apt-get install $package"
        exit 2
    fi
fi
say "Making the environment from requirements.lock (a minute or two, once) ..."
"$python" -m venv .venv
pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@"; }
# The lock is whole: nothing is resolved, so that no newer release can come in between.
pip install --require-hashes --no-deps --requirement requirements.lock
pip install --no-build-isolation --no-deps --no-index --editable .
touch .venv/.ready
