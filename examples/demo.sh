#!/usr/bin/env bash
# The main job, end to end: the shop is served, used and attacked; each attack is stopped, and
# the ledger's line for it is shown. Ends by itself; exit 0 only if every step went as said.
#
#   examples/demo.sh BUILD
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
fnward=$(cd "$1" && pwd)/fnward
work=$(mktemp -d "${TMPDIR:-/tmp}/fnward-demo-XXXXXX")
chmod 755 "$work" # functions run as users of their own when we are root
export FNWARD_IDENTITY=$work/identity
bold= red= green= dim= plain=
if [ -t 1 ]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
fi
passed=0 failed=0 pids=()

finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap finish EXIT

chapter() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# step WHAT PATTERN COMMAND...: runs it; its output must match the pattern (extended, any line).
step() {
    local what=$1 pattern=$2 output
    shift 2
    output=$("$@" 2>&1)
    if grep -Eq -- "$pattern" <<<"$output"; then
        passed=$((passed + 1))
        printf '  %sok%s  %s\n' "$green" "$plain" "$what"
        printf '%s      %s%s\n' "$dim" \
            "$(grep -Eo -m1 -- ".{0,40}($pattern).{0,40}" <<<"$output" | head -n 1)" "$plain"
    else
        failed=$((failed + 1))
        printf '  %sNOT AS SAID%s  %s\n      expected: %s\n' "$red" "$plain" "$what" "$pattern"
        sed 's/^/      got: /' <<<"$output"
    fi
}

# ledger DIR PATTERN: the newest line of the ledger that matches must exist; it is shown.
ledger() {
    local line
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        line=$("$fnward" logs "$1" | grep -E -- "$2" | tail -n 1)
        [ -n "$line" ] && break
        sleep 0.1
    done
    if [ -n "$line" ]; then
        passed=$((passed + 1))
        printf '      %sledger%s %s\n' "$bold" "$plain" "${line:0:110}"
    else
        failed=$((failed + 1))
        printf '      %sNO LINE IN THE LEDGER%s for %s\n' "$red" "$plain" "$2"
    fi
}

# serve DIR: starts it on a free port and sets `url`.
serve() {
    : >"$work/served"
    "$fnward" run "$1" --listen 127.0.0.1:0 --quiet --public >>"$work/served" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
        url=$(sed -n 's/^fnward .* on \(http:[^ ]*\).*/\1/p' "$work/served")
        [ -n "$url" ] && return
        kill -0 "${pids[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/served"
    exit 1
}

call() { curl -sS --max-time 20 "$@"; }
post() { call -i -H 'Content-Type: application/json' -d "$2" "$url$1"; }
attack() { call -d "$1" "$url/2015-03-31/functions/attack/invocations"; }
raw() { printf '%b' "$1" | timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/'"${url##*:}"'; cat >&3; cat <&3'; }

chapter "The machine"
"$fnward" status | sed 's/^/  /'

chapter "The shop: two functions, one contract, one sealed secret"
cp -r "$here/shop" "$here/attacks" "$work"
key=$(openssl rand -hex 16)
step "an identity is made" "age1" "$fnward" seal keygen
printf %s "$key" | "$fnward" seal set PAYMENT_KEY --function orders --dir "$work/shop" >/dev/null
printf 'sk_live_%s' "$key" | "$fnward" seal set ATTACK_KEY --dir "$work/attacks" >/dev/null
step "the secret is sealed in the repository" "age-encryption|AGE ENCRYPTED" \
    cat "$work/shop/fnward.secrets"
PAYMENT_KEY_SHA256=$(printf %s "$key" | sha256sum | cut -d' ' -f1) \
    python3 "$here/shop/payments/server.py" 2>/dev/null &
pids+=($!)
for _ in $(seq 100); do
    (exec 3<>/dev/tcp/127.0.0.1/8099) 2>/dev/null && break
    sleep 0.1
done
serve "$work/shop"
order='{"customer":"ada@example.com","items":[{"sku":"TEA-GREEN","quantity":2}]}'
step "an order is placed, charged over the one declared connection" "HTTP/1.1 201" \
    post /orders "$order"
id=$(post /orders "$order" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
step "the other function makes its invoice" "${id:-no order}" call "$url/invoices/$id?format=text"

chapter "From outside: what the contract does not say does not pass"
step "a quantity of 100, a price of one's own" "/body/items/0/quantity" post /orders \
    '{"customer":"ada@example.com","items":[{"sku":"TEA-GREEN","quantity":100,"price":0}]}'
ledger "$work/shop" "input.*quantity"
step "the same member twice" "400 Bad" post /orders \
    '{"customer":"a@example.com","customer":"b@example.com","items":[]}'
step "a path that climbs" "HTTP/1.1 40[04]" call -i --path-as-is "$url/invoices/..%2f..%2fetc"
step "a body too large" "413" post /orders "$(head -c 9000 /dev/zero | tr '\0' x)"
step "a route nobody declared" "404" call -i "$url/admin"
step "a smuggled second request" "^HTTP/1.1 400" raw \
    'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n'
ledger "$work/shop" "input"

chapter "From inside: somebody got code of theirs into a function"
serve "$work/attacks"
a=$work/attacks
step "reads /etc/passwd" "EACCES" attack '{"do":"read"}'
ledger "$a" "denied.*open /etc/passwd"
step "calls home" "ENOTFOUND|EACCES" attack '{"do":"connect","host":"evil.example"}'
ledger "$a" "denied.*resolve evil.example"
step "asks the metadata service for credentials" "EACCES|ENETUNREACH|ECONNREFUSED" \
    attack '{"do":"connect","host":"169.254.169.254","port":80}'
ledger "$a" "denied.*connect 169.254.169.254"
step "starts a shell" "EACCES" attack '{"do":"spawn"}'
ledger "$a" "denied.*exec .*/sh"
step "prints the secret: it comes out marked" "redacted ATTACK_KEY" attack '{"do":"leak"}'
ledger "$a" "in two pieces: .redacted ATTACK_KEY"
step "nor is it in the ledger, in any form" "^0$" \
    bash -c "cat '$a'/.fnward/*.jsonl | grep -cE '$key|$(printf 'sk_live_%s' "$key" | base64 | head -c 20)' || true"
step "a fork bomb" "refused.*(unavailable|denied|permitted)" \
    call -d '{}' "$url/2015-03-31/functions/bomb/invocations"
ledger "$a" "denied.*fork"
step "an endless loop" "Task timed out after 2.00 seconds" attack '{"do":"spin"}'
ledger "$a" "timeout"
step "eats memory" "errorType.*(ExitError|Sandbox)" attack '{"do":"eat"}'
ledger "$a" "denied.*memory"
step "fills the disk" "ENOSPC" attack '{"do":"fill"}'
step "and the function still works for everybody else" '"got"|EACCES' attack '{"do":"read"}'

chapter "$passed steps as said, $failed not"
[ "$failed" -eq 0 ]
