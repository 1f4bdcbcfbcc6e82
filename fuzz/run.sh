#!/bin/sh
# Builds the fuzz targets under ASan and UBSan and runs each for a while from its corpus. What
# crashes one is left in fuzz/regress/NAME, where every ordinary build runs it again.
#
#   fuzz/run.sh BUILD SECONDS [NAME...]
set -eu

build=$1
seconds=$2
shift 2
[ -d "$build" ] || CC=clang meson setup -Dfuzz=true -Db_sanitize=address,undefined \
    -Db_lundef=false "$build"
ninja -C "$build"
[ $# -gt 0 ] || set -- $(cd "$build/fuzz" && ls -d fuzz_* | grep -v '\.p$' | sed 's/^fuzz_//')

passed=0
failed=0
for name in "$@"; do
    mkdir -p "$build/corpus/$name" "fuzz/regress/$name"
    if "$build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="fuzz/regress/$name/" \
        "$build/corpus/$name" "fuzz/corpus/$name" >"$build/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "$name: no finding, $(grep -o 'number_of_executed_units: .*' "$build/$name.log")"
    else
        failed=$((failed + 1))
        echo "$name: FINDING, see $build/$name.log and fuzz/regress/$name"
    fi
    rmdir "fuzz/regress/$name" 2>/dev/null || true
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
