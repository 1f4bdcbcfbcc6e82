args: validate schema.json right.yaml wrong.yaml
in: validate
exit: 1
stdout:
| wrong.yaml:1:5: error: /id is greater than 10 [maximum]
|     1 | id: 30
|       |     ^~
| wrong.yaml:2:7: error: /name is longer than 5 characters [maxLength]
|     2 | name: robert
|       |       ^~~~~~
| 2 documents: 1 valid, 1 invalid
stderr:
