args: seal set STRIPE_KEY sk_live_0123
exit: 2
stdout:
stderr:
| fnward seal: the value is not an argument: it would stay in the shell's history and be seen
| in the list of processes; give it on standard input, or type it when asked
| usage: fnward seal SUBCOMMAND [NAME] [OPTION...] [-- COMMAND...]
