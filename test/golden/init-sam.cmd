args: init
exit: 0
stdout:
| Found in template.yaml:
|   Orders                   nodejs    POST /orders
|   Old is left out: fnward does not run java8
|
| Wrote ./fnward.yaml.
|
| Not copied, since they look like secrets; seal each:
|   fnward seal set STRIPE_KEY
|
| Next: tighten the schemas, then
|   fnward run
stderr:
