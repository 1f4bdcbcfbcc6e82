args: lgos
exit: 2
stdout:
stderr:
| fnward: 'lgos' is not a command; did you mean 'logs'?
| Run 'fnward help' for the list.
