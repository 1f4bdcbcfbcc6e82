args: init .
exit: 0
stdout:
| Found in the handler files:
|   orders                   python    invoke
|
| Wrote ./fnward.yaml.
| What was assumed or left out (2) stands in its comments.
|
| Next: tighten the schemas, then
|   fnward run
stderr:
