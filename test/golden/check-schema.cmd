args: check lax.json
in: check
exit: 1
stdout:
| lax.json:1:74: high: 'aditionalProperties' is not a keyword [schema-keyword-misspelt]
|     1 | rg/draft-07/schema#", "type": "object", "aditionalProperties": false, "definitions": {"a
|       |                                         ^~~~~~~~~~~~~~~~~~~~~
|   why: Keywords that a validator does not know are ignored: the limit is not there.
|   fix: did you mean 'additionalProperties'?
| lax.json:1:120: info: nothing refers to the definition 'a' [schema-definition-unused]
|     1 | onalProperties": false, "definitions": {"a": {"type": "null"}}}
|       |                                         ^~~
|   why: It is not enforced anywhere, although it reads as if it were.
|   fix: Refer to it, or remove it.
|
| 2 findings in 1 file: 1 high, 1 info
stderr:
