args: validate schema.json wrong.json --max-problems 1
in: validate
exit: 1
stdout:
| wrong.json:2:11: error: /name is longer than 5 characters [maxLength]
|     2 |   "name": "Ärger überall",
|       |           ^~~~~~~~~~~~~~~
| 1 document: 0 valid, 1 invalid
stderr:
