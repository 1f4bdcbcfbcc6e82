args: bowtie
in: bowtie
stdin: unknown.jsonl
exit: 2
stdout:
| {"version":1,"ready":true,"implementation":{"language":"c","name":"fnward","version":"0.1.0","homepage":"urn:fnward","issues":"urn:fnward:issues","source":"urn:fnward:source","dialects":["https://json-schema.org/draft/2020-12/schema","https://json-schema.org/draft/2019-09/schema","http://json-schema.org/draft-07/schema#","http://json-schema.org/draft-06/schema#","http://json-schema.org/draft-04/schema#"]}}
stderr:
| fnward bowtie: a command is 'start', 'dialect', 'run' or 'stop'
