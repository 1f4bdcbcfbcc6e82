args: validate schema.json
in: validate
exit: 2
stdout:
stderr:
| fnward validate: name at least one document
| usage: fnward validate SCHEMA FILE... [OPTION...]
