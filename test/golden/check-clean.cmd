args: check
in: check-clean
exit: 0
stdout:
| 0 findings in 2 files
stderr:
