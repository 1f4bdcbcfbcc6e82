args: validate schema.json right.json --dialect 8
in: validate
exit: 2
stdout:
stderr:
| fnward validate: '8' is not a dialect: 2020-12, 2019-09, 7, 6, 4, openapi-3.0 or openapi-3.1
| usage: fnward validate SCHEMA FILE... [OPTION...]
