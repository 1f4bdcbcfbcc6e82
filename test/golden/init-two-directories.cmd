args: init a b
exit: 2
stdout:
stderr:
| fnward init: one directory at a time
| usage: fnward init [DIR]
