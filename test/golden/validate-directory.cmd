args: validate schema.json .
in: validate
exit: 2
stdout:
| 1 document: 0 valid, 1 unreadable
stderr:
| error: '.' is a directory
|   fix: name the files: ./*.json
