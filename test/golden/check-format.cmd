args: check --format xml
in: check
exit: 2
stdout:
stderr:
| fnward check: 'xml' is not a format: text, json, sarif, github or junit
| usage: fnward check [PATH...] [OPTION...]
