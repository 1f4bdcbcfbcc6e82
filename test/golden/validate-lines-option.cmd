args: validate schema.json lines.txt --lines
in: validate
exit: 1
stdout:
| lines.txt:2:7: error: /id is greater than 10 [maximum]
|     2 | {"id":11}
|       |       ^~
| 2 documents: 1 valid, 1 invalid
stderr:
