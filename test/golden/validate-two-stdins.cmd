args: validate - -
in: validate
exit: 2
stdout:
stderr:
| fnward validate: stdin ('-') can be read only once
| usage: fnward validate SCHEMA FILE... [OPTION...]
