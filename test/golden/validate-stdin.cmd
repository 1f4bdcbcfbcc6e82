args: validate schema.json -
in: validate
stdin: right.json
exit: 0
stdout:
| 1 document: 1 valid
stderr:
