args: logs --folow
exit: 2
stdout:
stderr:
| fnward logs: there is no option '--folow'; did you mean '--follow'?
| Run 'fnward logs --help' for those there are.
