#!/bin/sh
# Every benchmark of a build directory, one after another: the engines' own, then the running
# program against its peers. Builds nothing; installs the peers' npm packages by their lock file.
#
#   bench/run.sh BUILD [gate|warm|idle|cold...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
shift

install_peers() {
    mkdir -p "$build/bench-npm"
    cp "$here/peers/package.json" "$here/peers/package-lock.json" "$build/bench-npm"
    cmp -s "$build/bench-npm/package-lock.json" "$build/bench-npm/installed-lock.json" && return
    echo "Installing the servers to compare with"
    (cd "$build/bench-npm" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$build/bench-npm/package-lock.json" "$build/bench-npm/installed-lock.json"
}

install_peers
status=0
if [ $# -eq 0 ]; then
    for program in "$build"/bench/bench_*; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        printf '\n%s\n' "${program##*/bench_}"
        "$program" || [ $? -eq 1 ] || status=1 # 1: over its budget, which it has said
    done
    printf '\n'
fi
FNWARD_BUILD="$build" PYTHONDONTWRITEBYTECODE=1 python3 "$here/serve.py" "$@" || status=1
exit $status
