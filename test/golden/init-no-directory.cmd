args: init none
exit: 2
stdout:
stderr:
| error: cannot open 'none': No such file or directory
