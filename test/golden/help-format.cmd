args: help --format html
exit: 2
stdout:
stderr:
| fnward help: 'html' is not a format: text, man, bash, zsh or fish
| usage: fnward help [COMMAND] [--format FORMAT]
