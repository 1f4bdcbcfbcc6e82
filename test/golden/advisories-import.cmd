args: advisories import record.json epss.csv kev.json --advisories db
exit: 0
stdout:
| 1 advisory of 1 package, 0.0 MB, in db
| known to be exploited: 1
| with a probability of being exploited: 1
stderr:
