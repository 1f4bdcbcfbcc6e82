args: deps
exit: 3
stdout:
| package-lock.json: 3 packages (2 direct, 1 for development)
|   express 4.4.0
|     qs 0.6.6
|   growl 1.9.0  (development, no checksum)
| warning: nothing was looked up: there are no advisories
|   fix: fnward advisories import all.zip
stderr:
