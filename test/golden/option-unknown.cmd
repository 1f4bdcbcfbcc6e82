args: logs --colour-of-the-sky
exit: 2
stdout:
stderr:
| fnward logs: there is no option '--colour-of-the-sky'
| Run 'fnward logs --help' for those there are.
