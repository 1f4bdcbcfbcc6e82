args: bowtie
in: bowtie
stdin: session.jsonl
exit: 0
stdout:
| {"version":1,"ready":true,"implementation":{"language":"c","name":"fnward","version":"0.1.0","homepage":"urn:fnward","issues":"urn:fnward:issues","source":"urn:fnward:source","dialects":["https://json-schema.org/draft/2020-12/schema","https://json-schema.org/draft/2019-09/schema","http://json-schema.org/draft-07/schema#","http://json-schema.org/draft-06/schema#","http://json-schema.org/draft-04/schema#"]}}
| {"ok":true}
| {"seq":1,"results":[{"valid":true},{"valid":false},{"valid":true}]}
| {"seq":"two","errored":true,"context":{"message":"'integr' is not a type (at /type)"}}
| {"seq":3,"errored":true,"context":{"message":"a case needs a schema and a list of tests"}}
| {"seq":4,"results":[{"errored":true,"context":{"message":"the test has no instance"}}]}
| {"seq":5,"results":[{"valid":true},{"valid":false}]}
| {"seq":6,"errored":true,"context":{"message":"a case needs a schema and a list of tests"}}
| {"ok":false}
| {"ok":true}
| {"seq":7,"results":[{"valid":true},{"valid":false}]}
stderr:
