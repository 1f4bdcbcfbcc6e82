args: validate refers.json note.json
in: validate
exit: 2
stdout:
stderr:
| refers.json:1:66: error: 'https://example.com/order.json' refers to another schema (at /$ref)
|     1 | schema.org/draft/2020-12/schema","$ref":"https://example.com/order.json","properties":{"
|       |                                         ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
|   fix: --schema-dir [URI=]DIR names the directory that has it
