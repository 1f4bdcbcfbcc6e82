args: logs --since yesterday
exit: 2
stdout:
stderr:
| fnward logs: 'yesterday' is not a time: 30s, 10m, 2h, 7d, 2026-01-31 or 2026-01-31T12:00:00Z
| usage: fnward logs [DIR] [OPTION...]
