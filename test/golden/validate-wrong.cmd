args: validate schema.json right.json wrong.json
in: validate
exit: 1
stdout:
| wrong.json:2:11: error: /name is longer than 5 characters [maxLength]
|     2 |   "name": "Ärger überall",
|       |           ^~~~~~~~~~~~~~~
| wrong.json:2:11: error: /name does not have the required form [pattern]
|     2 |   "name": "Ärger überall",
|       |           ^~~~~~~~~~~~~~~
| wrong.json:3:9: error: /id is greater than 10 [maximum]
|     3 |   "id": 11,
|       |         ^~
| wrong.json:4:11: error: /kind has none of the 2 allowed forms [oneOf]
|     4 |   "kind": {"t": "B", "b": 5},
|       |           ^
| wrong.json:5:3: error: /zz is not a known member [additionalProperties]
|     5 |   "zz": 1
|       |   ^~~~
| 2 documents: 1 valid, 1 invalid
stderr:
