args: logs --since
exit: 2
stdout:
stderr:
| fnward logs: --since needs a value: --since TIME
| usage: fnward logs [DIR] [OPTION...]
