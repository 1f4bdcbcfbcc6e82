args: validate bad.schema.json right.json
in: validate
exit: 2
stdout:
stderr:
| bad.schema.json:1:49: error: 'integr' is not a type (at /properties/a/type)
|     1 | {"type": "object", "properties": {"a": {"type": "integr"}}}
|       |                                                 ^~~~~~~~
|   fix: did you mean 'integer'?
