#!/bin/sh
# Draws pages to measure reading and finding with: tools/trial.sh SEED PAGES OUT [--characters] [--angle DEGREES] [--dpi N]
# Needs what tools/samples.sh needs, and more of Debian's free fonts; says which are missing.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
seed=$1
pages=$2
out=$3
shift 3
generator=$root/sample-docs/generator
venv=$root/.local/samples-venv

if ! cmp -s "$generator/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$generator/requirements.txt"
    cp "$generator/requirements.txt" "$venv/requirements.txt"
fi
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$generator/trial.py" --seed "$seed" --pages "$pages" --out "$out" "$@"
