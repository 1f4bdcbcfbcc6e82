args: help invoke
exit: 0
stdout:
| usage: fnward invoke 
|
| .
stderr:
