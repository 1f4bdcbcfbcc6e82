args: fuzz orders --format xml
exit: 2
stdout:
stderr:
| fnward fuzz: --format is text or json, not 'xml'
| usage: fnward fuzz NAME [--runs N] [--seconds N] [--seed N]
