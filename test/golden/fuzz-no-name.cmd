args: fuzz
exit: 2
stdout:
stderr:
| fnward fuzz: name one function
| usage: fnward fuzz NAME [--runs N] [--seconds N] [--seed N]
