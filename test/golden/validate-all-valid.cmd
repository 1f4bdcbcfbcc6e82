args: validate schema.json right.json right.yaml
in: validate
exit: 0
stdout:
| 2 documents: 2 valid
stderr:
