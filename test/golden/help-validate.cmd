args: help validate
exit: 0
stdout:
| usage: fnward validate SCHEMA FILE... [OPTION...]
|
| Check JSON or YAML documents against a JSON Schema.
|
| SCHEMA is JSON Schema 2020-12, 2019-09, 7, 6 or 4, or a schema object of OpenAPI 3.0 or
| 3.1; its $schema decides, else --dialect. It and each FILE are JSON or YAML; '-' is
| stdin. A FILE that ends in .jsonl or .ndjson has one document a line, as with --lines,
| and may have millions. References reach what --schema-dir names, never the network.
|
| With --format json each document is a line with JSON Schema's own output in it.
|
| Exit code 0 means that all are valid, 1 that some are not, 2 that some could not be read
| or the schema is wrong, 3 that some could not be decided within the validator's budget.
|
| Options:
|       --dialect NAME            2020-12 (default), 2019-09, 7, 6, 4, openapi-3.0, openapi-3.1
|       --schema-dir [URI=]DIR    schemas that references may reach, below URI if given
|       --no-formats              take 'format' as a remark, not as a rule
|       --lines                   one document a line, whatever the file is called
|       --format FORMAT           text, json or sarif (default: text)
|       --output FORM             with json: flag, basic or detailed (default: basic)
|       --explain                 show the rule, what would satisfy it, the nearest alternative
|       --max-problems N          tell at most N problems of a document (default: 20)
|   -q, --quiet                   tell by the exit code only
|
| Examples:
|   fnward validate order.schema.json orders/*.json
|       every order
|   fnward validate schema.json events.jsonl --format json --output flag
|       a verdict a line, for jq
|   fnward validate schema.yaml config.yaml --explain
|       what is wrong, and what would be right
|   fnward validate api.json body.json --schema-dir https://example.com/=schemas
|       with references to https://example.com/..., from files
|   curl -s $URL | fnward validate schema.json - --quiet
|       in a pipe
stderr:
