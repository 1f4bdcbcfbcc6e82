args: validate schema.json right.json --max-problems 0
in: validate
exit: 2
stdout:
stderr:
| fnward validate: --max-problems takes a number from 1 to 1000
| usage: fnward validate SCHEMA FILE... [OPTION...]
