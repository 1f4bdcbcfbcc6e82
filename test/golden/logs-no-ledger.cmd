args: logs nowhere
exit: 2
stdout:
stderr:
| error: there is no ledger in 'nowhere/.fnward'
|   fix: 'fnward run' and 'fnward invoke' begin one
