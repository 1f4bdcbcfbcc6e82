args: check
in: check-wrong
exit: 2
stdout:
stderr:
| fnward.yaml:9:22: error: 'objct' is not a type (at /type)
|     9 |         body: {type: objct}
|       |                      ^~~~~
|   fix: did you mean 'object'?
