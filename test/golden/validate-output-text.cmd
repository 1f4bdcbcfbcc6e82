args: validate schema.json right.json --output flag
in: validate
exit: 2
stdout:
stderr:
| fnward validate: --output is for --format json
| usage: fnward validate SCHEMA FILE... [OPTION...]
