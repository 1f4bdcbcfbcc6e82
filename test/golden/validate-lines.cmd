args: validate schema.json lines.jsonl
in: validate
exit: 2
stdout:
| lines.jsonl:2:7: error: /id must be a whole number [type]
|     2 | {"id":"x"}
|       |       ^~~
| 4 documents: 2 valid, 1 invalid, 1 unreadable
stderr:
| lines.jsonl:4:9: error: expected a member's name in double quotes but found '}'
|     4 | {"id":1,}
|       |         ^
|   fix: remove the comma before it
