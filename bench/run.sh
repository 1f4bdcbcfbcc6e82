#!/bin/sh
# Every benchmark of a build directory, one after another: the engines' own, then validation
# and the running program against their peers. Builds nothing; installs the peers' npm packages
# by their lock file.
#
#   bench/run.sh BUILD [validate|deps|gate|stages|warm|idle|cold...]
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

# Whether a part was asked for, or everything.
wanted() {
    [ -z "$parts" ] && return 0
    case " $parts " in *" $1 "*) return 0 ;; esac
    return 1
}

install_peers
export FNWARD_BUILD="$build" PYTHONDONTWRITEBYTECODE=1
parts="$*"
status=0
if [ -z "$parts" ]; then
    for program in "$build"/bench/bench_*; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        printf '\n%s\n' "${program##*/bench_}"
        "$program" || [ $? -eq 1 ] || status=1 # 1: over its budget, which it has said
    done
    printf '\n'
fi
if wanted validate; then
    python3 "$here/validate.py" || status=1
    printf '\n'
fi
if wanted deps; then
    python3 "$here/deps.py" || status=1
    printf '\n'
fi
served=$(for part in gate stages warm idle cold; do if wanted "$part"; then echo "$part"; fi; done)
# shellcheck disable=SC2086
[ -z "$served" ] || python3 "$here/serve.py" $served || status=1
exit $status
