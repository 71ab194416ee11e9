#!/bin/sh
# Runs every test and check. Installs the Debian packages they need when run
# as root, else says which are missing; starts a PostgreSQL and an S3 server of
# its own on loopback, in a folder that is thrown away.
set -eu
cd "$(dirname -- "$0")/.."

say() { printf '\n== %s\n' "$*"; }

# --- what is needed ---------------------------------------------------------

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

missing=
[ -n "$(postgres_bin)" ] || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium-driver"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
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
tools/seaweed.sh
tools/auditors.sh

# --- services ---------------------------------------------------------------

bin=$(postgres_bin)
work=$(mktemp -d)
servers=

# The server refuses to run as root.
unprivileged() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Four ports that are free, and whose neighbours ten thousand above are.
seaweed_ports() {
    python3 - <<'PYTHON'
import random, socket

def free(port):
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False

ports = (p for p in random.sample(range(20000, 30000), 999) if free(p) and free(p + 10000))
print(*(next(ports) for _ in range(4)))
PYTHON
}

finish() {
    status=$?
    trap - EXIT
    for server in $servers; do
        kill -INT "$server" 2>/dev/null || continue
        tries=0
        while kill -0 "$server" 2>/dev/null && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        # Whoever does not end by then is ended: nothing is left behind.
        kill -KILL "$server" 2>/dev/null || true
    done
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
port=$(free_port)
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
servers=$(head -n 1 "$work/data/postmaster.pid")
YIDANG_TEST_POSTGRES="postgres://yidang@127.0.0.1:$port/postgres"

say "Starting an S3 server"
weed=$PWD/.local/seaweed/weed
mkdir "$work/s3"
cat >"$work/s3.json" <<'JSON'
{"identities": [{"name": "tests", "credentials": [{"accessKey": "tests", "secretKey": "tests-only"}],
                 "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
JSON
# Each part listens on a second port, ten thousand above the first.
read -r master filer volume s3 <<PORTS
$(seaweed_ports)
PORTS
HOME="$work" "$weed" server -ip=127.0.0.1 -ip.bind=127.0.0.1 -dir="$work/s3" -volume.max=64 \
    -master.volumeSizeLimitMB=256 -master.port="$master" -filer.port="$filer" -volume.port="$volume" \
    -s3 -s3.config="$work/s3.json" -s3.port="$s3" -s3.port.iceberg=0 -s3.port.lance=0 \
    >"$work/s3.log" 2>&1 &
servers="$servers $!"
tries=0
waited() {
    tries=$((tries + 1))
    if [ $tries -gt 60 ]; then
        tail -n 20 "$work/s3.log" >&2
        echo "The S3 server did not start." >&2
        exit 1
    fi
    sleep 0.5
}
until echo "s3.bucket.create -name records" | HOME="$work" timeout 10 "$weed" shell \
    -master="127.0.0.1:$master" -filer="127.0.0.1:$filer" 2>&1 | grep -q "created bucket"; do
    waited
done
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $s3), 1)" 2>/dev/null; do
    waited
done
YIDANG_TEST_S3=s3://records
AWS_ENDPOINT="http://127.0.0.1:$s3"
AWS_REGION=us-east-1 AWS_ALLOW_HTTP=true AWS_ACCESS_KEY_ID=tests AWS_SECRET_ACCESS_KEY=tests-only
export YIDANG_TEST_S3 AWS_ENDPOINT AWS_REGION AWS_ALLOW_HTTP AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

YIDANG_TEST_EVERYTHING=1
export YIDANG_TEST_POSTGRES YIDANG_TEST_EVERYTHING
# What only serves the next build is not made where there was none before.
[ -d target ] || export CARGO_INCREMENTAL=0

# --- tests and checks -------------------------------------------------------

say "Formatting"
cargo fmt --all --check
say "Tests"
# Examples are compiled by the lints, which takes less than to link them.
cargo test --workspace --locked --lib --bins --tests
cargo test --workspace --locked --doc
say "Lints, documentation, dependencies"
tools/lint.sh

if [ -n "$untested" ]; then
    printf '\n*** NOT TESTED: %s\n' "$untested" >&2
fi
say "Every test passed"
