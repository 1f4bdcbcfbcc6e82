args: help status
exit: 0
stdout:
| usage: fnward status [--format FORMAT]
|
| Tell which protections are live on this machine, each with its proof.
|
| A cage is made as for a function, and each protection is tried from inside it: nothing
| is concluded from a version or a list of features. Below the table stands what a
| protection that is degraded or absent leaves open, and the line that would change it.
|
| Exit code 0 means that all are live, 3 that some are not.
|
| Options:
|       --format FORMAT           text or json (default: text)
|
| Examples:
|   fnward status
|       the table for this machine and this user
|   sudo fnward status
|       the same as root, who has control groups to give
|   fnward status --format json | jq .absent
|       for a health check
stderr:
