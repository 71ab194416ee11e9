#!/bin/sh
# Draws the sample documents anew: tools/samples.sh [SEED [OUT [HOUSEHOLDS]]]
# Needs Python 3.11 or later and Debian's free Chinese fonts; says which are missing.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
seed=${1:-2026}
out=${2:-$root/sample-docs}
households=${3:-9}
generator=$root/sample-docs/generator
venv=$root/.local/samples-venv

if ! cmp -s "$generator/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$generator/requirements.txt"
    cp "$generator/requirements.txt" "$venv/requirements.txt"
fi
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
"$venv/bin/python" "$generator/generate.py" --seed "$seed" --out "$out" --households "$households"
"$venv/bin/python" "$generator/check.py" "$out"
