args: help check
exit: 0
stdout:
| usage: fnward check [PATH...] [OPTION...]
|
| Look for mistakes in a contract and its schemas before anything is deployed.
|
| PATH is a directory with a contract (default: the current one), or a JSON Schema by
| itself. Whatever 'fnward run' would refuse is an error. Beyond that, the schemas are
| read for what contradicts itself, what no value can satisfy, and what lets more through
| than a handler expects. Nothing is called impossible that is not proven to be.
| Each rule has a page in docs/rules.
|
| Exit code 0: nothing at or above the severity of --fail-on; 1: findings; 2: the contract
| or a schema could not be read or is wrong; 3: something could not be looked at.
|
| Options:
|       --format FORMAT           text, json, sarif, github or junit (default: text)
|       --fail-on SEVERITY        info, low, medium, high, critical or never (default: medium)
|
| Examples:
|   fnward check
|       the contract here
|   fnward check --format sarif > fnward.sarif
|       for code scanning
|   fnward check --format github --fail-on high
|       in a GitHub workflow
|   fnward check schemas/order.json
|       one schema
stderr:
