args: advisories status --advisories none
exit: 3
stdout:
stderr:
| error: cannot open the advisories, 'none': No such file or directory
|   fix: fnward advisories import all.zip, with an export from https://osv.dev
