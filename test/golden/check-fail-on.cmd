args: check --fail-on some
in: check
exit: 2
stdout:
stderr:
| fnward check: 'some' is not a severity: info, low, medium, high, critical or never
| usage: fnward check [PATH...] [OPTION...]
