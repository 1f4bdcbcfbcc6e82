args: deps --format json
exit: 3
stdout:
| {"complete":false,"lookedUp":false,"files":[{"path":"package-lock.json","packages":[{"line":2,"ecosystem":"npm","name":"express","version":"4.4.0","wanted":"^4.0.0","direct":true,"integrity":true},{"line":3,"ecosystem":"npm","name":"qs","version":"0.6.6","integrity":true,"neededBy":0},{"line":4,"ecosystem":"npm","name":"growl","version":"1.9.0","wanted":"*","direct":true,"development":true}],"notes":[]}],"withoutLockFile":[],"flaws":[]}
stderr:
