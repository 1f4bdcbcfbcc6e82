args: frobnicate
exit: 2
stdout:
stderr:
| fnward: 'frobnicate' is not a command
| Run 'fnward help' for the list.
