args: fuzz orders --runs many
exit: 2
stdout:
stderr:
| fnward fuzz: --runs takes a number up to 1000000
| usage: fnward fuzz NAME [--runs N] [--seconds N] [--seed N]
