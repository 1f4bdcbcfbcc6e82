args: validate nullable.json null.json
in: validate
exit: 1
stdout:
| null.json:1:1: error: the document must be a string [type]
|     1 | null
|       | ^~~~
| 1 document: 0 valid, 1 invalid
stderr:
