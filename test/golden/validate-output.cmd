args: validate schema.json right.json --format json --output full
in: validate
exit: 2
stdout:
stderr:
| fnward validate: 'full' is not an output: flag, basic or detailed
| usage: fnward validate SCHEMA FILE... [OPTION...]
