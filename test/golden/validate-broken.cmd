args: validate schema.json broken.json right.json
in: validate
exit: 2
stdout:
| 2 documents: 1 valid, 1 unreadable
stderr:
| broken.json:2:1: error: expected a member's name in double quotes but the text ends
|     2 | 
|       | ^
