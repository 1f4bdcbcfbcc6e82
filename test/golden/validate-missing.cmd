args: validate schema.json nothing.json right.json
in: validate
exit: 2
stdout:
| 2 documents: 1 valid, 1 unreadable
stderr:
| error: cannot open 'nothing.json': No such file or directory
