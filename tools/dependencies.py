#!/usr/bin/env python3
"""Checks every crate that is built in, offline: where it comes from and under which licence.

A crate must come from the registry and stand under a licence that allows use in a work under Apache-2.0; what is
exempt is named here, with the reason.
"""

import json
import re
import subprocess
import sys

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause",
    "BSL-1.0", "CC0-1.0", "CDLA-Permissive-2.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "Unicode-3.0", "Unlicense", "Zlib",
}
# Crates that name no licence expression, with what their licence file says.
EXEMPT: dict[str, str] = {}
# Crates that must not come in: a second TLS, or C where Rust is chosen.
BANNED = {"openssl", "openssl-sys", "native-tls", "aws-lc-sys", "aws-lc-rs"}


def allowed(expression: str) -> bool:
    """Whether a licence expression (SPDX, or the older form with slashes) can be met by allowed licences."""
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    python = []
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("(", ")"):
            python.append(word)
        elif word in ("AND", "OR"):
            python.append(word.lower())
        else:
            if words[at + 1 : at + 2] == ["WITH"]:
                word = f"{word} WITH {words[at + 2]}"
                at += 2
            python.append(str(word in ALLOWED))
        at += 1
    return bool(eval(" ".join(python), {"__builtins__": {}}))  # only brackets, and, or, True, False


def main() -> int:
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    own = set(metadata["workspace_members"])
    packages = {package["id"]: package for package in metadata["packages"]}
    # What is really built: the resolved graph from our own packages.
    graph = {node["id"]: [dep["pkg"] for dep in node["deps"]] for node in metadata["resolve"]["nodes"]}
    reached, left = set(), list(own)
    while left:
        one = left.pop()
        if one not in reached:
            reached.add(one)
            left.extend(graph[one])
    wrong = []
    for package in (packages[one] for one in sorted(reached - own)):
        name = f"{package['name']} {package['version']}"
        if not (package["source"] or "").startswith("registry+"):
            wrong.append(f"{name} does not come from the registry: {package['source']}")
        if package["name"] in BANNED:
            wrong.append(f"{name} must not come in")
        licence = package["license"] or ""
        if package["name"] not in EXEMPT and not (licence and allowed(licence)):
            wrong.append(f"{name} stands under {licence or 'no named licence'}")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    print(f"{len(reached - own)} crates: {'as they should be' if not wrong else f'{len(wrong)} are not'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
