args: validate schema.json right.json wrong.json --format json --output flag
in: validate
exit: 1
stdout:
| {"file":"right.json","valid":true}
| {"file":"wrong.json","valid":false}
stderr:
