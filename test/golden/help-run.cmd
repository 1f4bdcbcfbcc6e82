args: help run
exit: 0
stdout:
| usage: fnward run 
|
| .
stderr:
