#!/bin/sh
# Formatting, lints, documentation and dependencies: warnings are errors.
set -eu
cd "$(dirname -- "$0")/.."

cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps --workspace --locked
python3 tools/dependencies.py
