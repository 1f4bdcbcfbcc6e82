args: help seal
exit: 0
stdout:
| usage: fnward seal 
|
| .
stderr:
