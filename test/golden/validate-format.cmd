args: validate schema.json right.json --format xml
in: validate
exit: 2
stdout:
stderr:
| fnward validate: 'xml' is not a format: text, json or sarif
| usage: fnward validate SCHEMA FILE... [OPTION...]
