args: fuzz orders --dir nothing
exit: 3
stdout:
stderr:
| error: cannot find 'nothing': No such file or directory
