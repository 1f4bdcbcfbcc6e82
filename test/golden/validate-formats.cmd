args: validate format.json word.json
in: validate
exit: 1
stdout:
| word.json:1:1: error: the document is not of the required format [format]
|     1 | "word"
|       | ^~~~~~
| 1 document: 0 valid, 1 invalid
stderr:
