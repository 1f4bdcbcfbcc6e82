args: seal lst
exit: 2
stdout:
stderr:
| fnward seal: there is no subcommand 'lst'; did you mean 'list'?
| usage: fnward seal SUBCOMMAND [NAME] [OPTION...] [-- COMMAND...]
