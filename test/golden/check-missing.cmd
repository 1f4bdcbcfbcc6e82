args: check nothing
in: check
exit: 2
stdout:
| 0 findings in 0 files; not everything could be looked at
stderr:
| error: cannot find 'nothing': No such file or directory
