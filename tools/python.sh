#!/bin/sh
# Makes sure that Python 3 has pip, which fetches the models: from Debian's
# packages as root, else says what is missing.
set -eu

if python3 -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-pip ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-pip python3-venv >/dev/null
else
    echo "Python 3 with pip is needed: apt install python3 python3-pip" >&2
    exit 1
fi
