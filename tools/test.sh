#!/bin/sh
# Runs every test and check. Installs the Debian packages they need when run
# as root, else says which are missing; starts a PostgreSQL of its own on
# loopback, in a folder that is thrown away.
set -eu
cd "$(dirname -- "$0")/.."

say() { printf '\n== %s\n' "$*"; }

# --- what is needed ---------------------------------------------------------

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

missing=
[ -n "$(postgres_bin)" ] || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium-driver"
python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing$missing"
        # The package would start a server of its own; the tests have theirs.
        mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "These Debian packages are needed for the tests: apt install$missing" >&2
        exit 1
    fi
fi

untested=
tools/models.sh || untested="reading by OCR (the models could not be fetched)"

# --- PostgreSQL -------------------------------------------------------------

bin=$(postgres_bin)
work=$(mktemp -d)
server=

# The server refuses to run as root.
unprivileged() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

finish() {
    status=$?
    trap - EXIT
    if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
        kill -INT "$server"
        tries=0
        while kill -0 "$server" 2>/dev/null && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
    fi
    rm -rf "$work"
    exit $status
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

say "Starting PostgreSQL"
if [ "$(id -u)" = 0 ]; then
    chown postgres "$work"
fi
chmod 755 "$work"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(
    cd "$work"
    unprivileged "$bin/initdb" -D "$work/data" -U yidang -A trust -E UTF8 --locale=C >"$work/initdb.log" ||
        { cat "$work/initdb.log" >&2; exit 1; }
    # Nothing of it has to survive, so nothing waits for the disk.
    unprivileged "$bin/pg_ctl" -D "$work/data" -l "$work/data/server.log" -w -s -o \
        "-p $port -k $work/data -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
         -c full_page_writes=off -c max_connections=300" start ||
        { cat "$work/data/server.log" >&2; exit 1; }
)
server=$(head -n 1 "$work/data/postmaster.pid")
YIDANG_TEST_POSTGRES="postgres://yidang@127.0.0.1:$port/postgres"
YIDANG_TEST_EVERYTHING=1
export YIDANG_TEST_POSTGRES YIDANG_TEST_EVERYTHING

# --- tests and checks -------------------------------------------------------

say "Formatting"
cargo fmt --all --check
say "Tests"
cargo test --workspace --locked
say "Lints, documentation, dependencies"
tools/lint.sh

if [ -n "$untested" ]; then
    printf '\n*** NOT TESTED: %s\n' "$untested" >&2
fi
say "Every test passed"
