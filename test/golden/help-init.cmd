args: help init
exit: 0
stdout:
| usage: fnward init [DIR]
|
| Write a first contract for the functions found.
|
| Looks for a SAM or CloudFormation template (template.yaml, template.yml,
| template.json, sam.yaml), then for a serverless.yml, then for files that export a
| handler, and writes DIR/fnward.yaml with what they say: code, handlers, triggers,
| limits, variables and AWS actions. An existing contract is never replaced.
|
| What cannot be carried over stands as a comment beside its function. Values that
| look like secrets are not copied: their names are listed under 'secrets:' and
| 'fnward seal set' takes the values. Schemas start open; tighten them.
|
| Examples:
|   fnward init
|       for the project in this directory
|   fnward init services/shop && fnward run services/shop
|       write a contract, then run under it
stderr:
