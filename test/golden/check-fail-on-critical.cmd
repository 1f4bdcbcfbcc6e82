args: check --fail-on critical
in: check
exit: 0
stdout:
| fnward.yaml:10:43: medium: members that are not named here are let through [schema-open-object]
|    10 |         query: {type: object, properties: {dry: {type: boolean}}}
|       |                                           ^
|   why: A member such as isAdmin or __proto__ reaches the handler, which may store or merge it.
|   fix: Add additionalProperties: false, or x-unknown: strip to drop them.
|
| schemas/admin.yaml:3:16: low: a text of any length is let through: there is no maxLength [schema-string-unbounded]
|     3 |   name: {type: string}
|       |                ^~~~~~
|   why: One long text fills databases, logs and memory, and makes every later step slow.
|   fix: Add a maxLength.
| schemas/admin.yaml:4:21: low: a text of any length is let through: there is no maxLength [schema-string-unbounded]
|     4 |   "größe": {type: string, pattern: ".*"}
|       |                   ^~~~~~
| schemas/admin.yaml:4:38: low: '.*' refuses nearly nothing [schema-pattern-permissive]
|     4 |   "größe": {type: string, pattern: ".*"}
|       |                                    ^~~~
|   why: It reads like a check, and lets quotes, tags and controls through.
|   fix: List the characters that are allowed, as in ^[A-Za-z0-9 _-]{1,64}$.
|
| schemas/order.json:3:22: high: 'total' is required, and additionalProperties forbids it [schema-contradiction]
|     3 |   "required": ["id", "total"],
|       |                      ^~~~~~~
|   see: schemas/order.json:9:27 (forbidden here)
|   why: No value of that kind can satisfy both, so one of the two is a mistake.
|   fix: Correct the one that is wrong.
| schemas/order.json:5:20: low: a text of any length is let through: there is no maxLength [schema-string-unbounded]
|     5 |     "id": {"type": "string", "pattern": "[0-9a-f]{16}"},
|       |                    ^~~~~~~~
| schemas/order.json:5:41: medium: '[0-9a-f]{16}' lets any text stand before and behind it [schema-pattern-unanchored]
|     5 |     "id": {"type": "string", "pattern": "[0-9a-f]{16}"},
|       |                                         ^~~~~~~~~~~~~~
|   why: A pattern matches anywhere in a text; what stands before or behind is not looked at.
|   fix: Begin the pattern with ^ and end it with $.
| schemas/order.json:6:59: medium: 'enum' has 3, which the rest refuses [schema-impossible-value]
|     6 |     "size": {"type": "string", "enum": ["small", "large", 3]},
|       |                                                           ^
|   why: Who reads the schema believes that the value may be sent; it is always refused.
|   fix: Remove the value, or widen the keyword that refuses it.
| schemas/order.json:7:48: high: 'minimum' is 10, above 'maximum', which is 5 [schema-contradiction]
|     7 |     "quantity": {"type": "integer", "minimum": 10, "maximum": 5}
|       |                                                ^~
|   see: schemas/order.json:7:63 (the other bound)
|
| 9 findings in 3 files: 2 high, 3 medium, 4 low
stderr:
