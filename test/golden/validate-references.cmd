args: validate refers.json note.json --schema-dir https://example.com/=pinned --explain
in: validate
exit: 1
stdout:
| note.json:1:1: error: the document lacks the member 'id' [required]
|     1 | {"note":"long"}
|       | ^
| pinned/order.json:1:29: rule: 'required' wants an object that has all of ["id"]
|     1 | {"type":"object","required":["id"]}
|       |                             ^
| note.json:1:9: error: /note is longer than 3 characters [maxLength]
|     1 | {"note":"long"}
|       |         ^~~~~~
| pinned/deep/note.json:1:30: rule: 'maxLength' wants text of at most 3 characters
|     1 | {"type":"string","maxLength":3}
|       |                              ^
| 1 document: 0 valid, 1 invalid
stderr:
