args: validate nullable.json null.json --dialect openapi-3.0
in: validate
exit: 0
stdout:
| 1 document: 1 valid
stderr:
