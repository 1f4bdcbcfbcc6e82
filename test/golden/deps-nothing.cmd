args: deps
exit: 3
stdout:
| .: no lock file was found
| warning: nothing was looked up: there are no advisories
|   fix: fnward advisories import all.zip
stderr:
