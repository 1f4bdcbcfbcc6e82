args: validate format.json word.json --no-formats
in: validate
exit: 0
stdout:
| 1 document: 1 valid
stderr:
