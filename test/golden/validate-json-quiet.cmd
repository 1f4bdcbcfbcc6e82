args: validate schema.json right.json wrong.json --format json --output flag --quiet
in: validate
exit: 1
stdout:
stderr:
