#!/bin/sh
# The metrics as Prometheus itself judges them, with promtool (Debian: prometheus). Prints TAP.
set -u

# One more judge where it happens to be installed: it comes with a whole server, and the unit test
# has a strict reader of its own.
if ! command -v promtool >/dev/null; then
    echo 'ok 1 - # SKIP promtool is not installed (Debian package: prometheus)'
    echo 1..1
    exit
fi
said=$("$FNWARD_BUILD/test/unit/unit_watch" --print | promtool check metrics 2>&1)
if [ $? -eq 0 ] && [ -z "$said" ]; then
    echo 'ok 1 - promtool has no complaint about the metrics'
    failed=0
else
    echo 'not ok 1 - promtool has no complaint about the metrics'
    echo "$said" | sed 's/^/#   /'
    failed=1
fi
if printf 'x{ 1\n' | promtool check metrics >/dev/null 2>&1; then
    echo 'not ok 2 - promtool complains about what is wrong'
    failed=1
else
    echo 'ok 2 - promtool complains about what is wrong'
fi
echo 1..2
exit "$failed"
