args: help nothing
exit: 2
stdout:
stderr:
| fnward help: there is no command 'nothing'
| usage: fnward help [COMMAND] [--format FORMAT]
