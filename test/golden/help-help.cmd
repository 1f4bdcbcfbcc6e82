args: help help
exit: 0
stdout:
| usage: fnward help [COMMAND] [--format FORMAT]
|
| Tell what fnward can do, as text, man page or shell completion.
|
| Options:
|       --format FORMAT           text, man, bash, zsh or fish (default: text)
|
| Examples:
|   fnward help run
|       the manual of 'run'
|   fnward help --format bash > /etc/bash_completion.d/fnward
|       completions for bash
stderr:
