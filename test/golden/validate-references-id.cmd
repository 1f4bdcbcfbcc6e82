args: validate refers-named.json note.json --schema-dir pinned
in: validate
exit: 1
stdout:
| note.json:1:1: error: the document must be a whole number [type]
|     1 | {"note":"long"}
|       | ^
| 1 document: 0 valid, 1 invalid
stderr:
