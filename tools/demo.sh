#!/bin/sh
# Builds the program and lets it show itself with the sample documents.
#
#   SERVE=0  ends after the report
#   ALL=1    takes all samples
set -eu
cd "$(dirname -- "$0")/.."

# Without the models everything but OCR works, and the report says so.
{ tools/python.sh && tools/models.sh; } || echo "*** No text recognition models: scans will not be read." >&2
# As the tests are built, so that what others wrote is compiled once.
cargo build --locked

set -- demo --data .local/demo
[ "${SERVE:-1}" = 0 ] && set -- "$@" --no-serve
[ "${ALL:-0}" = 1 ] && set -- "$@" --all
exec "${CARGO_TARGET_DIR:-target}/debug/yidang" "$@"
