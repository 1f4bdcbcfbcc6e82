args: validate schema.json right.json --format json --explain
in: validate
exit: 2
stdout:
stderr:
| fnward validate: --explain is for --format text
| usage: fnward validate SCHEMA FILE... [OPTION...]
