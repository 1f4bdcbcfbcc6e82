args: seal list --function orders
exit: 2
stdout:
stderr:
| fnward seal: 'list' takes no --function: fnward seal list [--format json]
| usage: fnward seal SUBCOMMAND [NAME] [OPTION...] [-- COMMAND...]
