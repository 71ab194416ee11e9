#!/bin/sh
# Puts programs of others, with which the tests check what this one does, at
# .local/auditors: bagit.py of the Library of Congress (bags), the tlog client
# metamorphic-log (the log), schemathesis (the API), drheader (headers).
#
# They are Python packages, pinned by hash in auditors.txt with all that they
# need (auditors.in names them), and are put nowhere else. Needs python3 with pip, and the network once. Does nothing when they
# are there.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=$here/../.local/auditors

if [ -f "$target/bagit.py" ] && cmp -s "$here/auditors.txt" "$target/auditors.txt"; then
    exit 0
fi

mkdir -p "$target"
work=$(mktemp -d "$target/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "Fetching programs of others for the tests (75 MB) ..."
python3 -m pip --disable-pip-version-check --quiet install --root-user-action=ignore --no-deps --require-hashes \
    --target "$work" -r "$here/auditors.txt"
cp -R "$work"/. "$target"
cp "$here/auditors.txt" "$target/auditors.txt"
