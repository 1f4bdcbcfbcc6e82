#!/bin/sh
# Builds the fuzz targets under ASan and UBSan and runs each for a while from its corpus. What
# crashes one is left in fuzz/regress/NAME, where every ordinary build runs it again. The last,
# against_ajv, compares verdicts with Ajv's on random schemas (fuzz/README.md).
#
#   fuzz/run.sh BUILD SECONDS [NAME...]
set -eu

build=$1
seconds=$2
shift 2
[ -d "$build" ] || CC=clang meson setup -Dfuzz=true -Db_sanitize=address,undefined \
    -Db_lundef=false "$build"
ninja -C "$build"
[ $# -gt 0 ] || set -- $(cd "$build/fuzz" && ls -d fuzz_* | grep -v '\.p$' | sed 's/^fuzz_//') against_ajv

# One target's run; what it says is in $build/NAME.log.
run_target() {
    if [ "$1" = against_ajv ]; then
        test/e2e/install.sh "$build" npm
        python3 fuzz/ajv/differ.py "$build/fuzz/against_ajv" "$build/npm" --seconds "$seconds" \
            --seed "$(date +%s)" >"$build/$1.log"
        return
    fi
    mkdir -p "$build/corpus/$1" "fuzz/regress/$1"
    words="" # of the format, to put together
    [ ! -f "fuzz/$1.dict" ] || words="-dict=fuzz/$1.dict"
    "$build/fuzz/fuzz_$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 ${words:+"$words"} -artifact_prefix="fuzz/regress/$1/" \
        "$build/corpus/$1" "fuzz/corpus/$1" >"$build/$1.log" 2>&1
}

passed=0
failed=0
for name in "$@"; do
    if run_target "$name"; then
        passed=$((passed + 1))
        echo "$name: no finding, $(grep -Eo 'number_of_executed_units: .*|[0-9]+ documents' "$build/$name.log")"
    else
        failed=$((failed + 1))
        echo "$name: FINDING, see $build/$name.log and fuzz/regress/$name"
    fi
    rmdir "fuzz/regress/$name" 2>/dev/null || true
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
