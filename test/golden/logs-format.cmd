args: logs --format xml
exit: 2
stdout:
stderr:
| fnward logs: 'xml' is not a format: text or json
| usage: fnward logs [DIR] [OPTION...]
