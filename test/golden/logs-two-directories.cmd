args: logs a b
exit: 2
stdout:
stderr:
| fnward logs: one directory, not 2
| usage: fnward logs [DIR] [OPTION...]
