args: help logs
exit: 0
stdout:
| usage: fnward logs [DIR] [OPTION...]
|
| Read the ledger: what was invoked, denied, connected, printed.
|
| Reads the records in DIR/.fnward (DIR: the current directory), the oldest first. Times
| are UTC. --errors and --denials together show both. Damaged lines are passed over and
| counted at the end, with exit code 3.
|
| Options:
|   -f, --follow                  go on with what is appended
|       --function NAME           only records of this function
|       --request ID              only records of this request
|       --since TIME              30s, 10m, 2h or 7d ago, or a date: 2026-01-31T12:00
|       --errors                  only what failed: errors, timeouts, crashes
|       --denials                 only what was refused, at the gate or in the cage
|       --quarantine              records of batches that were kept from their function
|       --format FORMAT           text, or json: the records as they are (default: text)
|       --ledger DIR              the ledger's directory itself
|
| Examples:
|   fnward logs -f
|       everything, as it happens
|   fnward logs --since 10m --denials
|       what was refused lately
|   fnward logs --quarantine --format json
|       what was sent, and why it was kept
|   fnward logs --request 8f14e45f-ceea-467f-a8f3-0123456789ab --format json
|       one request, for jq
stderr:
