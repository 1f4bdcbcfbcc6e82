args: validate broken.schema.json right.json
in: validate
exit: 2
stdout:
stderr:
| broken.schema.json:2:1: error: expected a member's name in double quotes but the text ends
|     2 | 
|       | ^
