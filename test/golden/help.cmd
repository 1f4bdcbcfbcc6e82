args: help
exit: 0
stdout:
| fnward runs serverless functions under a contract: checked before deploy,
| enforced while they run, tightened from what they did.
|
| usage: fnward COMMAND [OPTION...] [ARGUMENT...]
|
|   init      
|   run       
|   invoke    
|   seal      
|   logs      Read the ledger: what was invoked, denied, connected, printed
|   status    
|   help      Tell what fnward can do, as text, man page or shell completion
|
| 'fnward COMMAND --help' tells more, with examples.
| Exit codes: 0 clean, 1 findings or denials, 2 wrong usage or unreadable input, 3 incomplete.
stderr:
