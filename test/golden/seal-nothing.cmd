args: seal
exit: 2
stdout:
stderr:
| fnward seal: a subcommand is missing: keygen, set, get, list, remove, rotate, add-recipient, remove-recipient, exec
| usage: fnward seal SUBCOMMAND [NAME] [OPTION...] [-- COMMAND...]
