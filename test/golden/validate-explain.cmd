args: validate schema.json wrong.json --explain
in: validate
exit: 1
stdout:
| wrong.json:2:11: error: /name is longer than 5 characters [maxLength]
|     2 |   "name": "Ärger überall",
|       |           ^~~~~~~~~~~~~~~
| schema.json:6:45: rule: 'maxLength' wants text of at most 5 characters
|     6 |     "name": {"type": "string", "maxLength": 5, "pattern": "^[a-z]+$"},
|       |                                             ^
| wrong.json:2:11: error: /name does not have the required form [pattern]
|     2 |   "name": "Ärger überall",
|       |           ^~~~~~~~~~~~~~~
| schema.json:6:59: rule: 'pattern' wants text that matches "^[a-z]+$"
|     6 |     "name": {"type": "string", "maxLength": 5, "pattern": "^[a-z]+$"},
|       |                                                           ^~~~~~~~~~
| wrong.json:3:9: error: /id is greater than 10 [maximum]
|     3 |   "id": 11,
|       |         ^~
| schema.json:5:42: rule: 'maximum' wants a number of at most 10
|     5 |     "id": {"type": "integer", "maximum": 10},
|       |                                          ^~
| wrong.json:4:11: error: /kind has none of the 2 allowed forms [oneOf]
|     4 |   "kind": {"t": "B", "b": 5},
|       |           ^
| schema.json:8:16: rule: 'oneOf' wants a value that fits exactly one of the alternatives
|     8 |       "oneOf": [
|       |                ^
|   nearest: alternative 2 of 2, at schema.json:10:9, but for this:
|     /b must be a string [type]
| wrong.json:5:3: error: /zz is not a known member [additionalProperties]
|     5 |   "zz": 1
|       |   ^~~~
| schema.json:14:27: rule: 'additionalProperties' wants only members that the schema names
|    14 |   "additionalProperties": false
|       |                           ^~~~~
| 1 document: 0 valid, 1 invalid
stderr:
