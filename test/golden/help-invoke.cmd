args: help invoke
exit: 0
stdout:
| usage: fnward invoke NAME [--event FILE] [--dir DIR]
|
| Invoke one function once, through the same gate and cage, with no server.
|
| The event is validated as the contract says, the function runs in its cage with its
| secrets, and the ledger records it. The result goes to standard output, what the
| function printed to standard error (its last 4 KB). The exit code is 1 when the
| event is refused or the function fails.
|
| Options:
|   -e, --event FILE              the event, JSON; - for standard input (default: {})
|   -C, --dir DIR                 the contract's directory (default: the current one)
|       --identity FILE           the key that opens the secrets (see 'fnward help seal')
|       --ledger DIR              where the records are kept (default DIR/.fnward)
|   -q, --quiet                   do not show what the function printed
|
| Examples:
|   fnward invoke orders --event order.json
|       one invocation
|   echo '{"id": 7}' | fnward invoke invoices --event -
|       the event from a pipe
stderr:
