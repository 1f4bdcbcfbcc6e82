args: validate
in: validate
exit: 2
stdout:
stderr:
| fnward validate: name a schema
| usage: fnward validate SCHEMA FILE... [OPTION...]
