args: validate schema.json wrong.json -q
in: validate
exit: 1
stdout:
stderr:
