args: deps
exit: 2
stdout:
stderr:
| fnward deps: say what to do: compare
| usage: fnward deps compare ECOSYSTEM FILE
