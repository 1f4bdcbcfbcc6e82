args:
exit: 0
stdout:
| fnward runs serverless functions under a contract: checked before deploy,
| enforced while they run, tightened from what they did.
|
| usage: fnward COMMAND [OPTION...] [ARGUMENT...]
|
|   init        Write a first contract for the functions found
|   check       Look for mistakes in a contract and its schemas before anything is deployed
|   run         Serve the functions of a contract: HTTP routes and the Lambda Invoke API
|   invoke      Invoke one function once, through the same gate and cage, with no server
|   seal        Keep secrets encrypted in the repository, for the functions that declare them
|   logs        Read the ledger: what was invoked, denied, connected, printed
|   status      Tell which protections are live on this machine, each with its proof
|   deps        List a project's packages from its lock files, with their known vulnerabilities
|   advisories  Keep the known vulnerabilities that dependencies are looked up in
|   validate    Check JSON or YAML documents against a JSON Schema
|   bowtie      Speak Bowtie's protocol on stdin and stdout, to be compared with other validators
|   fuzz        Throw made-up events at a caged function and tell what breaks
|   help        Tell what fnward can do, as text, man page or shell completion
|
| 'fnward COMMAND --help' tells more, with examples.
| Exit codes: 0 clean, 1 findings or denials, 2 wrong usage or unreadable input, 3 incomplete.
stderr:
