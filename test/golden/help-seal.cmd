args: help seal
exit: 0
stdout:
| usage: fnward seal SUBCOMMAND [NAME] [OPTION...] [-- COMMAND...]
|
| Keep secrets encrypted in the repository, for the functions that declare them.
|
| Secrets stand in fnward.secrets beside the contract: one age ciphertext per value, bound
| to its name and function, so that the file can be committed and its diffs stay small.
|
|   keygen                     make an identity and print its recipient (age1...)
|   set NAME                   seal a value, from standard input or typed without echo
|   get NAME                   print a value
|   list                       names, functions and dates; never values
|   remove NAME                remove a value
|   add-recipient AGE1...      let others open everything
|   remove-recipient AGE1...   seal everything anew without them, and mark every value as
|                              to be changed, for they have known it
|   rotate                     seal everything anew
|   exec -- COMMAND...         run a command with the values in its environment
|
| A secret is for every function that declares it, or by --function for one, whose own
| value then goes first. The identity is --identity, else FNWARD_IDENTITY, else
| fnward/identity in XDG_CONFIG_HOME or ~/.config. Values have 4 bytes to 64 KB.
|
| Options:
|       --dir DIR                 where fnward.secrets is (default: the current directory)
|       --identity FILE           the identity (default: ~/.config/fnward/identity)
|       --function NAME           the secret of this function only
|       --secret NAMES            exec: only these, separated by commas
|       --format FORMAT           list: text or json (default: text)
|
| Examples:
|   fnward seal keygen
|       once, on each machine that opens secrets
|   fnward seal set STRIPE_KEY
|       asks for the value
|   pass show stripe | fnward seal set STRIPE_KEY --function orders
|       for one function, from a password manager
|   fnward seal exec --secret DATABASE_URL -- ./migrate
|       a command that needs one
stderr:
