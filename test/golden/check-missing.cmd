args: check nothing
in: check
exit: 2
stdout:
stderr:
| error: cannot find 'nothing': No such file or directory
