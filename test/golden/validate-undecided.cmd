args: validate backreference.json as.json right.json
in: validate
exit: 3
stdout:
| as.json:1:1: undecided: the document takes too long to check [pattern]
|     1 | "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
|       | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
| 2 documents: 1 valid, 1 undecided
stderr:
