#!/bin/sh
# fnward logs as it is used: in a pipe, following a ledger that grows and is rotated. Prints TAP.
set -u

fnward=$FNWARD_BUILD/fnward
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/.fnward"
ledger=$dir/.fnward/ledger.jsonl
count=0
failed=0

check() { # NAME COMMAND...
    count=$((count + 1))
    name=$1
    shift
    if "$@"; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        failed=1
    fi
}

record() { # SECOND KIND MEMBERS
    printf '{"time":"2026-01-31T12:00:%02d.000Z","kind":"%s"%s}\n' "$1" "$2" "$3"
}

# Whether the file gets the line within 5 seconds.
appears() { # FILE LINE
    for _ in $(seq 100); do
        grep -qxF -- "$2" "$1" && return 0
        sleep 0.05
    done
    sed 's/^/#   /' "$1"
    return 1
}

# Whether the process is gone within 5 seconds.
ends() { # PID
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}

ids() { # OPTION...
    "$fnward" logs "$dir" --format json "$@" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p' | tr -d '\n'
}

{
    record 1 invocation ',"faas.name":"orders","id":"a","outcome":"ok"'
    record 2 denial ',"faas.name":"orders","id":"b","action":"open","subject":"/etc/passwd"'
    record 3 invocation ',"faas.name":"invoices","id":"c","outcome":"crash"'
} >"$ledger"
printf '{"time":"%s","kind":"log","id":"d","faas.invocation_id":"r-1","message":"late"}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" >>"$ledger"

check 'all records, as they are' test "$(ids)" = abcd
check 'those of a function' test "$(ids --function orders)" = ab
check 'those of a request' test "$(ids --request r-1)" = d
check 'errors' test "$(ids --errors)" = c
check 'denials' test "$(ids --denials)" = b
check 'errors and denials' test "$(ids --errors --denials)" = bc
check 'the last ten minutes' test "$(ids --since 10m)" = d
check 'since a date' test "$(ids --since 2026-01-31T12:00:02)" = bcd
check 'since the time of a record' test "$(ids --since 2026-01-31T12:00:02.000Z)" = bcd
check 'since a millisecond later' test "$(ids --since 2026-01-31T12:00:02.001Z)" = cd
check 'JSON is the lines themselves' \
    test "$("$fnward" logs "$dir" --format json)" = "$(cat "$ledger")"
check 'another directory' \
    test "$("$fnward" logs --ledger "$dir/.fnward" --format json | wc -l)" -eq 4
check 'without a ledger the exit code is 2' sh -c '"$1" logs / 2>/dev/null; test $? -eq 2' - "$fnward"
check 'no colour outside of a terminal' \
    sh -c '! "$1" logs "$2" | grep -q "$(printf "\033")"' - "$fnward" "$dir"

# ---- a reader that stops ----

many=$dir/many
mkdir "$many"
record 4 log ',"message":"one of many"' >"$many/ledger.jsonl"
for _ in $(seq 16); do # 2^16 records: more than any pipe holds
    cat "$many/ledger.jsonl" "$many/ledger.jsonl" >"$many/twice"
    mv "$many/twice" "$many/ledger.jsonl"
done
{ "$fnward" logs --ledger "$many" 2>"$dir/errors"; echo $? >"$dir/code"; } | head -1 >/dev/null
check 'a closed stdout ends it with exit code 0' test "$(cat "$dir/code")" = 0
check 'and without a word' test ! -s "$dir/errors"
check 'a whole pipe of records arrives' \
    test "$("$fnward" logs --ledger "$many" --format json | wc -l)" -eq 65536

mkfifo "$dir/pipe"
"$fnward" logs "$dir" -f >"$dir/pipe" 2>"$dir/errors" &
follower=$!
exec 3<"$dir/pipe"
read -r _ <&3
exec 3<&-
check 'a follower whose reader left ends by itself' ends "$follower"
wait "$follower"
check 'and quietly' test ! -s "$dir/errors"

# ---- following ----

out=$dir/out
"$fnward" logs "$dir" -f --function orders --format json >"$out" &
follower=$!
check 'following begins with what is there' \
    appears "$out" "$(record 2 denial ',"faas.name":"orders","id":"b","action":"open","subject":"/etc/passwd"')"
five=$(record 5 log ',"faas.name":"orders","id":"5"')
echo "$five" >>"$ledger"
check 'what is appended appears' appears "$out" "$five"
exec 4>>"$ledger"
mv "$ledger" "$dir/.fnward/ledger-2026-01-31T12-00-01.000Z.jsonl"
six=$(record 6 log ',"faas.name":"orders","id":"6"')
echo "$six" >>"$ledger"
check 'rotation is followed' appears "$out" "$six"
seven=$(record 7 log ',"faas.name":"orders","id":"7"')
echo "$seven" >&4
check 'and who still writes to the renamed file' appears "$out" "$seven"
printf '{"time":"2026-01-31T12:00' >>"$ledger"
sleep 0.5
echo ':08.000Z","kind":"log","faas.name":"orders","id":"8"}' >>"$ledger"
check 'half a line is waited for' appears "$out" "$(record 8 log ',"faas.name":"orders","id":"8"')"
check 'nothing was told twice' test "$(sort "$out" | uniq -d | wc -l)" -eq 0
kill "$follower"
wait "$follower" 2>/dev/null

# ---- damage ----

printf '{"time":"2026-01' >>"$ledger"
"$fnward" logs "$dir" >/dev/null 2>"$dir/errors"
check 'a line that is never finished is damage: exit code 3' test $? -eq 3
check 'and it is told' grep -q '1 damaged line' "$dir/errors"
record 9 log ',"faas.name":"orders","id":"9"' >>"$ledger"
check 'the whole record behind it is shown' test "$(ids --function orders 2>/dev/null)" = ab57689

echo "1..$count"
exit "$failed"
