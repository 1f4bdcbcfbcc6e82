args: validate schema.json right.json wrong.json lines.jsonl --format json
in: validate
exit: 2
stdout:
| {"file":"right.json","valid":true}
| {"file":"wrong.json","valid":false,"errors":[{"valid":false,"keywordLocation":"/properties/name/maxLength","absoluteKeywordLocation":"file:///directory/schema.json#/properties/name/maxLength","instanceLocation":"/name","error":"is longer than 5 characters","line":2,"column":11},{"valid":false,"keywordLocation":"/properties/name/pattern","absoluteKeywordLocation":"file:///directory/schema.json#/properties/name/pattern","instanceLocation":"/name","error":"does not have the required form","line":2,"column":11},{"valid":false,"keywordLocation":"/properties/id/maximum","absoluteKeywordLocation":"file:///directory/schema.json#/properties/id/maximum","instanceLocation":"/id","error":"is greater than 10","line":3,"column":9},{"valid":false,"keywordLocation":"/properties/kind/oneOf","absoluteKeywordLocation":"file:///directory/schema.json#/properties/kind/oneOf","instanceLocation":"/kind","error":"has none of the 2 allowed forms","line":4,"column":11},{"valid":false,"keywordLocation":"/additionalProperties","absoluteKeywordLocation":"file:///directory/schema.json#/additionalProperties","instanceLocation":"/zz","error":"is not a known member","line":5,"column":3}]}
| {"file":"lines.jsonl","line":1,"valid":true}
| {"file":"lines.jsonl","line":2,"valid":false,"errors":[{"valid":false,"keywordLocation":"/properties/id/type","absoluteKeywordLocation":"file:///directory/schema.json#/properties/id/type","instanceLocation":"/id","error":"must be a whole number","line":2,"column":7}]}
| {"file":"lines.jsonl","line":4,"error":"expected a member's name in double quotes but found '}'","at":{"line":4,"column":9}}
| {"file":"lines.jsonl","line":5,"valid":true}
stderr:
| lines.jsonl:4:9: error: expected a member's name in double quotes but found '}'
|     4 | {"id":1,}
|       |         ^
|   fix: remove the comma before it
