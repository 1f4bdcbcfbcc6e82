args: help status
exit: 0
stdout:
| usage: fnward status 
|
| .
stderr:
