args: logs --follow=yes
exit: 2
stdout:
stderr:
| fnward logs: --follow takes no value
| usage: fnward logs [DIR] [OPTION...]
