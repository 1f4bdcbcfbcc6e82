args: logs --ledger . --denials --format json
exit: 3
stdout:
| {"time":"2026-01-31T12:03:01.123Z","kind":"denial","faas.name":"orders","action":"open","subject":"/etc/passwd","reason":"not in may.read"}
stderr:
| fnward logs: 1 damaged line in the ledger passed over
