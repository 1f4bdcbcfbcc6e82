args: logs -z
exit: 2
stdout:
stderr:
| fnward logs: there is no option '-z'
| Run 'fnward logs --help' for those there are.
