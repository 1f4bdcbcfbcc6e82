args: advisories import http://example.org/all.zip
exit: 2
stdout:
stderr:
| error: 'http://example.org/all.zip' is not downloaded: anybody on the way could change it
|   fix: use an address that begins with https://
