args: help init
exit: 0
stdout:
| usage: fnward init 
|
| .
stderr:
