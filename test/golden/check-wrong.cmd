args: check
in: check-wrong
exit: 2
stdout:
| 0 findings in 1 file; not everything could be looked at
stderr:
| fnward.yaml:9:22: error: 'objct' is not a type (at /type)
|     9 |         body: {type: objct}
|       |                      ^~~~~
|   fix: did you mean 'object'?
