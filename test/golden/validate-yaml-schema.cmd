args: validate schema.yaml right.yaml
in: validate
exit: 0
stdout:
| 1 document: 1 valid
stderr:
