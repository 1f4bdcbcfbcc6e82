args: help fuzz
exit: 0
stdout:
| usage: fnward fuzz NAME [--runs N] [--seconds N] [--seed N]
|
| Throw made-up events at a caged function and tell what breaks.
|
| Makes events from the contract's schemas: valid, almost valid and hostile ones. They go
| through the gate into the cage, as any event does, to an instance that stays warm.
| Reported are crashes, timeouts, errors, what the cage refused, results that are not
| what 'returns' says, secrets and paths in answers, and answers that took over five
| times the median. Each finding's event is made as small as it gets and kept in
| .fnward/fuzz/NAME-N.json, with the command that repeats it. Where the schema lets
| hostile text through a hint says so. The same seed makes the same events.
|
| The function really runs: with its secrets, and with what the contract lets it reach.
| The exit code is 1 when there are findings, 3 when the run could not finish.
|
| Options:
|   -n, --runs N                  how many events (default: 1000, or without end with --seconds)
|   -t, --seconds N               for how long at most
|       --seed N                  what the events are made from (default: any)
|       --trigger KIND            only events of this trigger, or of a route: 'POST /orders'
|       --format FORMAT           text (the default) or json
|   -C, --dir DIR                 the contract's directory (default: the current one)
|       --identity FILE           the key that opens the secrets (see 'fnward help seal')
|       --ledger DIR              where the records are kept (default DIR/.fnward/fuzz)
|
| Examples:
|   fnward fuzz orders
|       1000 events of any trigger of 'orders'
|   fnward fuzz orders --trigger 'POST /orders' --seconds 60
|       one route, for a minute
|   fnward fuzz orders --seed 7 --format json
|       the same events each time, for a pipeline
stderr:
